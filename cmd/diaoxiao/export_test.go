package main

import (
	"diaoxiao/internal/receiver/receivertest"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/sandbox"
)

// exported is a line of an export: the fields of the document and ours.
type exported struct {
	api.Case
	AcceptID   string    `json:"acceptid"`
	ReceivedAt time.Time `json:"receivedAt"`
	AppKey     string    `json:"appKey"`
	Account    string    `json:"account"`
	SHA256     string    `json:"sha256"`
}

func exportedBy(t *testing.T, dir string, args ...string) (lines []exported) {
	t.Helper()
	r := must(t, append([]string{"export", "--data", dir}, args...)...)
	for line := range strings.Lines(r.out) {
		d := json.NewDecoder(strings.NewReader(line))
		d.DisallowUnknownFields()
		var e exported
		if err := d.Decode(&e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		lines = append(lines, e)
	}
	return lines
}

// oddCase has in every value what JSON writers like to change.
func oddCase() api.Case {
	odd := "\u0001\u0008\t\n\r\"\\/<>&'\u007f\u0085\u2028\u2029\ue000\ufeff\U0001f600\U00020bb7é e\u0301 ｗ　 x "
	c := api.Case{CaseID: "奇" + odd, CaseName: odd + "1", CaseIntroduction: odd + "2", Illegality: odd + "3",
		Penalty: odd + "4", PenaltyDate: "2026-03-15", PenaltyOrg: odd + "5"}
	for i := range 40 {
		c.PenaltyList = append(c.PenaltyList, api.Entity{PripID: fmt.Sprint(odd, 39-i), UniscID: fmt.Sprint(odd, i),
			Legal: odd, EntType: odd})
	}
	return c
}

// Every field comes out as it went in, the list complete and in order, whatever the values hold.
func TestExportIsExact(t *testing.T) {
	r := serveHere(t, t.TempDir(), nil)
	r.admit(t, "应用甲")
	cases := []api.Case{sandbox.Batch(1, 1254), oddCase(), sandbox.Batch(2, 1)}
	var bodies [][]byte
	var ids []string
	for i, c := range cases {
		body := receivertest.CaseBody(c)
		if i == 1 {
			body = escapedBody(t, c)
		}
		bodies, ids = append(bodies, body), append(ids, r.Receive(t, body))
	}
	raw := filepath.Join(t.TempDir(), "raw")
	got := exportedBy(t, r.Settings.Data, "--raw", raw)
	if len(got) != len(cases) {
		t.Fatalf("%d lines", len(got))
	}
	for i, e := range got {
		if diff := cmp.Diff(cases[i], e.Case); diff != "" {
			t.Errorf("case %d: %s", i, diff)
		}
		if e.AcceptID != ids[i] || e.AppKey != r.App.AppKey || e.Account != receivertest.Account ||
			len(e.SHA256) != 64 || time.Since(e.ReceivedAt).Abs() > time.Minute {
			t.Errorf("%+v", e)
		}
		if b, err := os.ReadFile(filepath.Join(raw, e.AcceptID+".json")); err != nil || string(b) != string(bodies[i]) {
			t.Errorf("raw body of case %d: %d bytes, %v", i, len(b), err)
		}
	}
}

// escapedBody writes everything that is not ASCII as escapes, astral characters as pairs of surrogates.
func escapedBody(t *testing.T, c api.Case) []byte {
	t.Helper()
	plain, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range string(plain) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u%04X\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return []byte(b.String())
}

// The filters select by time of receipt, app and caseid.
func TestExportFilters(t *testing.T) {
	dir := t.TempDir()
	r := serveHere(t, dir, nil)
	for app, seeds := range map[string][]uint64{"应用甲": {1, 2}, "应用乙": {1, 3}} {
		r.admit(t, app)
		for _, seed := range seeds {
			r.Receive(t, receivertest.CaseBody(sandbox.Batch(seed, 1)))
		}
	}
	r.verified(t)
	r.end(t)
	// Four days, a minute after midnight in Beijing.
	for no := range 4 {
		at := time.Date(2026, 3, 1+no, 0, 1, 0, 0, beijingtime.Zone).UnixMilli()
		if err := changeRows(dir, fmt.Sprintf("UPDATE cases SET received_ms = %d WHERE case_no = %d", at,
			no+1)); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		args []string
		want int
	}{
		{nil, 4},
		{[]string{"--since", "2026-03-02"}, 3},
		{[]string{"--until", "2026-03-02"}, 2},
		{[]string{"--since", "2026-03-02", "--until", "2026-03-02"}, 1},
		{[]string{"--since", "2026-03-02T00:01:00+08:00"}, 3},
		{[]string{"--since", "2026-03-01T16:01:00.001Z"}, 2},
		{[]string{"--until", "2026-03-02T00:01:00+08:00"}, 1},
		{[]string{"--app", "应用甲"}, 2},
		{[]string{"--app", r.App.AppKey}, 2},
		{[]string{"--caseid", "呼市监处罚〔2026〕1号"}, 2},
		{[]string{"--caseid", "呼市监处罚〔2026〕1号", "--app", "应用乙"}, 1},
		{[]string{"--caseid", "呼市监处罚〔2026〕1"}, 0},
	} {
		if got := exportedBy(t, dir, test.args...); len(got) != test.want {
			t.Errorf("%v: %d, want %d", test.args, len(got), test.want)
		}
	}
}

// Whatever part of a case is not as it was received, none of it is exported.
func TestExportRefusesTampering(t *testing.T) {
	dir, ids := filled(t)
	for _, x := range tamperings {
		if !strings.HasPrefix(x.name, "pack") && !strings.HasPrefix(x.name, "part") {
			continue
		}
		dir := copied(t, dir)
		if err := changeRows(dir, x.statement); err != nil {
			t.Fatal(err)
		}
		r := runHere(t, nil, "export", "--data", dir)
		if r.code != exitFailure || strings.Contains(r.out, `"acceptid":"`+ids[x.of-1]) ||
			!strings.Contains(r.err, "受理号 "+ids[x.of-1]) {
			t.Errorf("%s: %d %.200s %s", x.name, r.code, r.out, r.err)
		}
	}
}
