package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/sandbox"
)

// severeList has one pripid with two credit codes: severe, and no more than that.
const severeList = `案件编号,案件名称,案由,违法行为,处罚内容,处罚决定日期,处罚决定机关,身份代码,信用代码,法定代表人,市场主体类型
甲〔2026〕1号,停业案,停业,停业,吊销营业执照,2026-03-16,呼和浩特市市场监督管理局,150104000022017071732290,91150104MA0N967166,赵二娃,1151
甲〔2026〕1号,停业案,停业,停业,吊销营业执照,2026-03-16,呼和浩特市市场监督管理局,150104000022017071732290,91150103MA0R9M0D7K,赵二娃,1151
`

// On a terminal submit asks about severe findings before it sends anything. Without a terminal it does not ask.
func TestSevereFindingsAreAskedAbout(t *testing.T) {
	srv, err := sandbox.Start(t.Context(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	dir := t.TempDir()
	secret, list := filepath.Join(dir, "s"), filepath.Join(dir, "a.csv")
	if err := os.WriteFile(secret, []byte(srv.AppSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, []byte(severeList), 0o600); err != nil {
		t.Fatal(err)
	}
	submit := func() *exec.Cmd {
		return exec.Command(
			"diaoxiao", "submit", list, "--url", srv.URL, "--app-key", srv.AppKey, "--account", srv.Accounts[0],
			"--secret-file", secret, "--outbox", filepath.Join(dir, "box"), "--profiles", filepath.Join(dir, "p.toml"),
		)
	}
	for _, c := range []struct {
		answer, want string
		code         int
	}{{"n", "没有报送。案件在发件箱中待发送", 3}, {"", "待确认 1", 3}, {"y", "✔ 已受理", 0}} {
		keyboard, screen := terminal(t)
		var shown bytes.Buffer
		cmd := submit()
		cmd.Stdin, cmd.Stderr, cmd.Stdout = screen, screen, &shown
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		asked := readUntil(t, keyboard, "仍要报送吗？[y/N]")
		fmt.Fprintln(keyboard, c.answer)
		cmd.Wait()
		screen.Close()
		rest := make([]byte, 4096)
		n, _ := keyboard.Read(rest)
		all := asked + string(rest[:n]) + shown.String()
		if cmd.ProcessState.ExitCode() != c.code || !strings.Contains(all, c.want) || !strings.Contains(all, "规则 405") {
			t.Errorf("%q: exit code %d\n%s", c.answer, cmd.ProcessState.ExitCode(), all)
		}
	}
	if out, err := submit().CombinedOutput(); err != nil || !strings.Contains(string(out), "以前已受理") {
		t.Errorf("%v\n%s", err, out)
	}
}

func readUntil(t *testing.T, f *os.File, want string) string {
	t.Helper()
	f.SetReadDeadline(time.Now().Add(30 * time.Second))
	var all strings.Builder
	for b := make([]byte, 4096); !strings.Contains(all.String(), want); {
		n, err := f.Read(b)
		if err != nil {
			t.Fatal(err, all.String())
		}
		all.Write(b[:n])
	}
	return all.String()
}
