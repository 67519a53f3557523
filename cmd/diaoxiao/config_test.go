package main

import (
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/sender/submission"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// config print prints a file that gives the same configuration when it is read, whatever the values are.
func TestPrintedConfigurationReadsBack(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"--trusted-proxies="},
		{"--data", "C:\\数据 \"x\"\n", "--root", "/网关", "--trusted-proxies", "10.0.0.0/8,::1/128", "--behind-proxy",
			"--shutdown-delay", "90s"},
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
	// The service file of a server may hold only half of its settings: other commands do not check them.
	r := runHere(t, []string{"DIAOXIAO_LISTEN=0.0.0.0:80", "DIAOXIAO_DATA=" + t.TempDir()}, "app", "list")
	if !strings.Contains(r.err, "没有数据库") {
		t.Error(r.err)
	}
}

// The limit of a body in submit is the default limit of a receiver.
func TestBodyLimitOfBothSides(t *testing.T) {
	if limit := config.Defaults().MaxBody; submission.MaxBody != limit {
		t.Errorf("%d, want %d", submission.MaxBody, limit)
	}
}
