package main

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/caarlos0/env/v11"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
)

// loadSettings puts the settings together and refuses those that a server must not run with.
func loadSettings(env *cli.Environment, flags *pflag.FlagSet) (config, error) {
	conf, err := settingsOf(env, flags)
	if err != nil {
		return conf, err
	}
	if err := conf.check(); err != nil {
		return conf, explain.BadUsage(err)
	}
	return conf, nil
}

// settingsOf puts the settings together. flags is the command's flag set, of which only what was given on the command
// line counts. A command that does not serve takes them unchecked: what it is told of the server may be half of the
// story.
func settingsOf(env *cli.Environment, flags *pflag.FlagSet) (conf config, err error) {
	conf = defaults()
	environ := env.Variables()
	file := env.File
	if file == "" {
		file = environ[cli.EnvPrefix+"CONFIG"]
	}
	if err = conf.fromFile(file); err == nil {
		err = env.CheckNames()
	}
	if err == nil {
		err = conf.fromEnvironment(environ)
	}
	if err == nil {
		err = conf.fromFlags(flags)
	}
	if err == nil {
		err = conf.Where.check()
	}
	if err == nil {
		err = refuseSecret(flags)
	}
	if err != nil {
		return conf, explain.BadUsage(err)
	}
	return conf, nil
}

func (c *config) fromEnvironment(environ map[string]string) error {
	err := env.ParseWithOptions(c, env.Options{Prefix: cli.EnvPrefix, Environment: environ})
	if e, ok := errors.AsType[env.ParseError](err); ok {
		f, _ := reflect.TypeFor[config]().FieldByName(e.Name)
		name := cli.EnvPrefix + f.Tag.Get("env")
		return fmt.Errorf("环境变量 %s=%q：应为%s", name, environ[name], cli.Wanted(settingKind(f)))
	}
	if err != nil {
		return fmt.Errorf("环境变量：%w", err)
	}
	return nil
}

func (c *config) fromFlags(given *pflag.FlagSet) (err error) {
	mine := pflag.NewFlagSet("", pflag.ContinueOnError)
	c.Where.flags(mine)
	c.flags(mine)
	given.Visit(func(f *pflag.Flag) {
		target := mine.Lookup(f.Name)
		if target == nil || err != nil {
			return
		}
		if s, ok := f.Value.(pflag.SliceValue); ok {
			err = target.Value.(pflag.SliceValue).Replace(s.GetSlice())
			return
		}
		err = target.Value.Set(f.Value.String())
	})
	return err
}
