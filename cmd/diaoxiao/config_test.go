package main

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
	for _, f := range settingFields() {
		key := f.Tag.Get("toml")
		if want := strings.ToUpper(key); key == "" || f.Tag.Get("env") != want {
			t.Errorf("%s: env %q, want %q", f.Name, f.Tag.Get("env"), want)
		}
		if flag := allFlags(t).Lookup(strings.ReplaceAll(key, "_", "-")); flag == nil {
			t.Errorf("%s: no flag for %s", f.Name, key)
		}
	}
	allFlags(t).VisitAll(func(f *pflag.Flag) {
		if _, ok := setting("toml", strings.ReplaceAll(f.Name, "-", "_")); !ok && f.Name != "help" && f.Name != "config" {
			t.Errorf("--%s is no setting", f.Name)
		}
	})
}

// allFlags are those of serve, the inherited ones too.
func allFlags(t *testing.T) *pflag.FlagSet {
	c, _, err := newRoot(nil).Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	c.InheritedFlags()
	return c.Flags()
}

// Flags override the environment, that the file, that the defaults: for every setting.
func TestPrecedence(t *testing.T) {
	for _, f := range settingFields() {
		t.Run(f.Name, func(t *testing.T) {
			file, variable, flag := samples(f)
			path := filepath.Join(t.TempDir(), "c.toml")
			key := f.Tag.Get("toml")
			if err := os.WriteFile(path, fmt.Appendf(nil, "%s = %s\n", key, inTOML(f, file)), 0o600); err != nil {
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
				if got, want := effective(t, f, test.environ, test.args), sampleOrDefault(f, test.want); !cmp.Equal(got, want) {
					t.Errorf("%v %v: %v, want %v", test.environ, test.args, got, want)
				}
			}
		})
	}
}

// effective is what a command that serves takes a setting to be.
func effective(t *testing.T, f reflect.StructField, environ, args []string) any {
	t.Helper()
	env := &cli.Environment{Environ: environ, Known: knownVariables()}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.StringVar(&env.File, "config", "", "")
	conf := defaults()
	conf.Where.flags(flags)
	conf.flags(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	got, err := settingsOf(env, flags)
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
	switch settingKind(f) {
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

func inTOML(f reflect.StructField, sample string) string {
	switch settingKind(f) {
	case "bool", "int":
		return sample
	case "strings":
		return fmt.Sprintf("[%q]", sample)
	}
	return fmt.Sprintf("%q", sample)
}

// sampleOrDefault is the value that a sample spells; "" is the default.
func sampleOrDefault(f reflect.StructField, sample string) any {
	d := reflect.ValueOf(defaults()).FieldByIndex(f.Index)
	v := reflect.New(f.Type).Elem()
	switch kind := settingKind(f); {
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

// What config print prints is the same configuration again, whatever is in it.
func TestPrintedConfigurationReadsBack(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"--trusted-proxies="},
		{"--data", "C:\\数据 \"x\"\n", "--root", "/网关", "--trusted-proxies", "10.0.0.0/8,::1/128", "--behind-proxy", "--shutdown-delay", "90s"},
		{"--tls-cert", "a'b", "--tls-key", "a\tb", "--max-body", "9223372036854775807"},
	} {
		first := must(t, append([]string{"config", "print"}, args...)...)
		path := filepath.Join(t.TempDir(), "c.toml")
		if err := os.WriteFile(path, []byte(first.out), 0o600); err != nil {
			t.Fatal(err)
		}
		if second := must(t, "config", "print", "--config", path); second.out != first.out {
			t.Errorf("%q: %s", args, cmp.Diff(first.out, second.out))
		}
	}
}

func TestEnvironmentIsReadStrictly(t *testing.T) {
	for _, test := range []struct{ variable, want string }{
		{"DIAOXIAO_MAX_ITEMS=many", `环境变量 DIAOXIAO_MAX_ITEMS="many"：应为整数`},
		{"DIAOXIAO_BEHIND_PROXY=maybe", `环境变量 DIAOXIAO_BEHIND_PROXY="maybe"：应为 true 或 false`},
		{"DIAOXIAO_SHUTDOWN_WAIT=10", `环境变量 DIAOXIAO_SHUTDOWN_WAIT="10"：应为时长，如 30s、5m、168h`},
		{"DIAOXIAO_SECERT=x", "环境变量 DIAOXIAO_SECERT 不是已知的设置；可用：DIAOXIAO_LISTEN、"},
		{"DIAOXIAO_listen=x", "环境变量 DIAOXIAO_listen 不是已知的设置"},
	} {
		r := runHere(t, []string{"PATH=/bin", test.variable}, "config", "check")
		if r.code != exitUsage || !strings.Contains(r.err, test.want) {
			t.Errorf("%s: %d %s", test.variable, r.code, r.err)
		}
	}
	// Half of what a server is told may stand in its service file: other commands do not judge it.
	r := runHere(t, []string{"DIAOXIAO_LISTEN=0.0.0.0:80", "DIAOXIAO_DATA=" + t.TempDir()}, "app", "list")
	if !strings.Contains(r.err, "没有数据库") {
		t.Error(r.err)
	}
}
