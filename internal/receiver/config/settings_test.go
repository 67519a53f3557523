package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
)

// Each setting has a flag, a variable and a key, and their names are one name.
func TestSettingNamesAgree(t *testing.T) {
	for _, f := range Fields() {
		key := f.Tag.Get("toml")
		if want := strings.ToUpper(key); key == "" || f.Tag.Get("env") != want {
			t.Errorf("%s: env %q, want %q", f.Name, f.Tag.Get("env"), want)
		}
		if flag := allFlags().Lookup(strings.ReplaceAll(key, "_", "-")); flag == nil {
			t.Errorf("%s: no flag for %s", f.Name, key)
		}
	}
	allFlags().VisitAll(func(f *pflag.Flag) {
		if _, ok := find("toml", strings.ReplaceAll(f.Name, "-", "_")); !ok {
			t.Errorf("--%s is no setting", f.Name)
		}
	})
}

// allFlags are those of a command that serves.
func allFlags() *pflag.FlagSet {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	conf := Defaults()
	conf.Where.Flags(flags)
	conf.Flags(flags)
	return flags
}

// Flags override the environment, that the file, that the defaults: for every setting.
func TestPrecedence(t *testing.T) {
	for _, f := range Fields() {
		t.Run(f.Name, func(t *testing.T) {
			file, variable, flag := samples(f)
			path := filepath.Join(t.TempDir(), "c.toml")
			key := f.Tag.Get("toml")
			if err := os.WriteFile(path, fmt.Appendf(nil, "%s = %s\n", key, spelt(f, file)), 0o600); err != nil {
				t.Fatal(err)
			}
			environ := []string{cli.EnvPrefix + f.Tag.Get("env") + "=" + variable}
			given := "--" + strings.ReplaceAll(key, "_", "-") + "=" + flag
			for _, test := range []struct {
				environ, args []string
				want          string
			}{
				{nil, nil, ""},
				{nil, []string{"--config", path}, file},
				{[]string{cli.EnvPrefix + "CONFIG=" + path}, nil, file},
				{environ, []string{"--config", path}, variable},
				{environ, []string{"--config", path, given}, flag},
				{nil, []string{"--config", path, given}, flag},
				{environ, nil, variable},
			} {
				if got, want := effective(t, f, test.environ, test.args), sampleOrDefault(f,
					test.want); !cmp.Equal(got, want) {
					t.Errorf("%v %v: %v, want %v", test.environ, test.args, got, want)
				}
			}
		})
	}
}

// effective is what a command that serves takes a setting to be.
func effective(t *testing.T, f reflect.StructField, environ, args []string) any {
	t.Helper()
	env := &cli.Environment{Environ: environ, Known: append(Names("env"), "CONFIG")}
	flags := allFlags()
	flags.StringVar(&env.File, "config", "", "")
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	got, err := Read(env, flags)
	if err != nil {
		t.Fatal(err)
	}
	return reflect.ValueOf(got).FieldByIndex(f.Index).Interface()
}

// samples are three values that are neither each other nor the default, as the command line spells them.
func samples(f reflect.StructField) (file, variable, flag string) {
	if f.Name == "Database" {
		return "postgres://a/a5", "postgres://b/b6", "postgres://c/c7"
	}
	switch Kind(f) {
	case "bool":
		return "true", "false", "true"
	case "int":
		return "5", "6", "7"
	case "duration":
		return "5s", "6m0s", "7h0m0s"
	case "strings":
		return "10.0.0.5/32", "10.0.0.6/32,10.1.0.6/32", "10.0.0.7/32"
	}
	return "a5", "b6", "c7"
}

func spelt(f reflect.StructField, sample string) string {
	switch Kind(f) {
	case "bool", "int":
		return sample
	case "strings":
		return fmt.Sprintf("[%q]", sample)
	}
	return fmt.Sprintf("%q", sample)
}

// sampleOrDefault is the value that a sample spells; "" is the default.
func sampleOrDefault(f reflect.StructField, sample string) any {
	d := reflect.ValueOf(Defaults()).FieldByIndex(f.Index)
	v := reflect.New(f.Type).Elem()
	switch kind := Kind(f); {
	case sample == "":
		v = d
	case kind == "bool":
		v.SetBool(sample == "true")
	case kind == "int":
		var n int64
		fmt.Sscan(sample, &n)
		v.SetInt(n)
	case kind == "duration":
		n, _ := time.ParseDuration(sample)
		v.SetInt(int64(n))
	case kind == "strings":
		v.Set(reflect.ValueOf(strings.Split(sample, ",")))
	default:
		v.SetString(sample)
	}
	return v.Interface()
}
