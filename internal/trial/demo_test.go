package trial

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

// shownByDemo is what the command demo writes.
func shownByDemo(t *testing.T, args ...string) string {
	t.Helper()
	var out, errw bytes.Buffer
	cmd := newDemoCommand(buildinfo.Read("test"))
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&errw)
	if err := cmd.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), errw.String())
	}
	return out.String()
}

// The demo shows the calls as they go over the wire, every bad row, and an answer that refuses.
func TestDemoShows(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	shown := shownByDemo(t, "--once", "--listen", "127.0.0.1:0")
	for _, want := range []string{
		"> POST /security/login HTTP/1.1\n> Host: 127.0.0.1:", "> POST /security/receiveCaseinfo?access_token=",
		"> POST /security/queryCaseinfo?",
		"> POST /security/logout?", "< HTTP/1.1 200 OK\n", `> "caseid": "呼市监处罚〔2026〕1号",`, "……（此处略去 2,502 行，",
		"……（与上一次相同的 ",
		`"caseid": "呼市监处罚〔2026〕1号",`, `\u547c\u5e02`, "严重 4 条，警示 4 条，提示 3 条", `"errorCode": "14008"`,
		`"field": "penaltylist[1].legal"`, "用时 ",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %q", want)
		}
	}
	for pos, rule := range sandbox.BadRows(demoEntities) {
		e := sandbox.Batch(demoSeed, demoEntities).PenaltyList[pos]
		title, _ := rules.ByNo(rule)
		if !strings.Contains(shown, title.Title) || !strings.Contains(shown, entityOf([]api.Entity{e}, 0)) {
			t.Errorf("row %d, %s, is not shown", pos+1, title.Title)
		}
	}
	for line := range strings.Lines(shown) {
		if display.Columns(line) > 100 && !strings.Contains(line, os.Getenv("TMPDIR")) {
			t.Errorf("%d columns: %s", display.Columns(line), line)
		}
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Anything that is not as it should be is a failure.
func TestDemoFails(t *testing.T) {
	for name, answer := range map[string]string{
		"refused":             `{"ackCode":"FAILURE","errors":[{"errorCode":"12004"}]}`,
		"no token":            `{"ackCode":"SUCCESS","errors":[]}`,
		"no acceptid":         `{"ackCode":"SUCCESS","errors":[],"access_token":"x"}`,
		"acceptid unlike one": `{"ackCode":"SUCCESS","errors":[],"access_token":"x","acceptid":"12"}`,
		"not JSON":            `<html>`,
	} {
		d := fakeDemonstration(t, func(api.Call) string { return answer })
		err := d.login(t.Context())
		if err == nil {
			err = d.send(t.Context())
		}
		if err == nil || errors.Is(err, explain.ErrUsage) || errors.Is(err, explain.ErrFaults) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := fakeDemonstration(t,
		func(api.Call) string { return `{"ackCode":"SUCCESS","acceptid":"202611240000000027","items":1254}` })
	d.acceptID = "202611240000000019"
	for name, step := range map[string]func(context.Context) error{"repeat": d.repeat, "query": d.query,
		"mistake": d.mistake} {
		if err := step(t.Context()); err == nil ||
			!strings.HasPrefix(explain.Speaker{server.Vocabulary()}.Explain(err), "与预期不符：") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := missingFindings([]rules.Finding{{Pos: 125, Rule: 105}}); err == nil {
		t.Error("missing findings are not missed")
	}
}

// fakeDemonstration is a demo with a server that gives the answers of a function.
func fakeDemonstration(t *testing.T, answer func(api.Call) string) *demonstration {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, answer(api.Call(filepath.Base(r.URL.Path))))
	}))
	t.Cleanup(s.Close)
	return &demonstration{wire: wire{base: s.URL, out: &bytes.Buffer{}}, body: []byte("{}")}
}
