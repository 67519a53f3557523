package config

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/caarlos0/env/v11"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
)

// Load puts the settings together and refuses those that a server must not run with.
func Load(env *cli.Environment, flags *pflag.FlagSet) (Settings, error) {
	conf, err := Read(env, flags)
	if err != nil {
		return conf, err
	}
	if err := conf.Check(); err != nil {
		return conf, explain.BadUsage(err)
	}
	return conf, nil
}

// Read puts the settings together. flags is the flag set of the command; only the flags on the command line count. Read
// does not check whether a server may run with the settings: other commands may get only some of the server's settings.
func Read(env *cli.Environment, flags *pflag.FlagSet) (conf Settings, err error) {
	conf = Defaults()
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

func (c *Settings) fromEnvironment(environ map[string]string) error {
	err := env.ParseWithOptions(c, env.Options{Prefix: cli.EnvPrefix, Environment: environ})
	if e, ok := errors.AsType[env.ParseError](err); ok {
		f, _ := reflect.TypeFor[Settings]().FieldByName(e.Name)
		name := cli.EnvPrefix + f.Tag.Get("env")
		return fmt.Errorf("环境变量 %s=%q：应为%s", name, environ[name], cli.Wanted(Kind(f)))
	}
	if err != nil {
		return fmt.Errorf("环境变量：%w", err)
	}
	return nil
}

func (c *Settings) fromFlags(given *pflag.FlagSet) (err error) {
	mine := pflag.NewFlagSet("", pflag.ContinueOnError)
	c.Where.Flags(mine)
	c.Flags(mine)
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
