package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
)

// The program has nothing of the receiver in it: no store, no database, no server. It opens no connection, so it has
// no HTTP either.
func TestLinksNoReceiver(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "diaoxiao/internal/evidence/verifycmd") {
		t.Fatalf("%v: %s", err, out)
	}
	for p := range strings.Lines(string(out)) {
		for _, foreign := range []string{"internal/receiver", "internal/sender", "modernc.org", "pgx", "net/http"} {
			if strings.Contains(p, foreign) {
				t.Errorf("it has %s", p)
			}
		}
	}
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	keys, err := seal.Generate("credit.example.cn/diaoxiao")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	policy := write("policy.txt", evidence.WritePolicy(keys.VerifierKeys()...))
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--help"}, exitOK, "diaoxiao-verify 文件…"},
		{nil, exitUsage, "请给出要验证的文件"},
		{[]string{policy}, exitUsage, "--keys"},
		{[]string{policy, "--keys", write("none.txt", "")}, exitUsage, "信任策略"},
		{[]string{filepath.Join(dir, "absent"), "--keys", policy}, exitFailure, "absent"},
		{[]string{policy, "--keys", policy}, exitFaults, "不成立：不是受理回执"},
		{[]string{write("codes.txt", "DX1/01/03/QUJD\n"), "--keys", policy}, exitFaults, "缺第 2 3 个"},
	} {
		var out, errw bytes.Buffer
		code := run(t.Context(), c.args, &out, &errw)
		if code != c.code || !strings.Contains(out.String()+errw.String(), c.says) {
			t.Errorf("%v: exit code %d\n%s%s", c.args, code, &out, &errw)
		}
	}
}
