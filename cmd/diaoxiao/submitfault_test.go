package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/sandbox"
)

// A submit that is run until nothing is left to do brings every case to the receiver once, under every fault of the
// sandbox. The receiver has the acceptid that submit reported, and the verdict of the sandbox names no failure.
func TestSubmitUnderFaults(t *testing.T) {
	s, err := sandbox.Start(context.Background(), sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for i, f := range append(sandbox.Faults(), sandbox.Fault{ID: "rotation", Name: sandbox.Rotation}) {
		t.Run(f.ID, func(t *testing.T) {
			t.Parallel()
			submitUnder(t, s, f.Name, f.ID, uint64(1000*i))
		})
	}
	t.Cleanup(func() {
		for _, sc := range s.Verdict().Scenarios {
			if sc.Judgement == sandbox.Failed {
				t.Errorf("%s: %+v", sc.Name, sc.Incidents)
			}
		}
	})
}

func submitUnder(t *testing.T, s *sandbox.Server, account, id string, seed uint64) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "secret"), []byte(s.AppSecret+"\n"), 0)
	var lines bytes.Buffer
	want := make(map[string]bool)
	sizes := []int{1, 3000, 3}
	if id == "rotation" || id == "token-ended" { // many at once: one renews the token for all
		sizes = append(sizes, slices.Repeat([]int{2}, 40)...)
	}
	for i, n := range sizes {
		c := sandbox.Batch(seed+uint64(i), n)
		c.CaseID = id + "-" + c.CaseID
		want[c.CaseID] = true
		var text bytes.Buffer
		if err := api.WriteCase(&text, c, nil); err != nil {
			t.Fatal(err)
		}
		lines.Write(append(bytes.ReplaceAll(text.Bytes(), []byte("\n"), nil), '\n'))
	}
	file := filepath.Join(dir, "案件.ndjson")
	put(t, file, lines.Bytes(), 0)
	told := make(map[string]string)
	for run := 1; ; run++ {
		r := runHere(
			t, nil, "submit", file, "--yes", "--json", "--url", s.URL, "--app-key", s.AppKey, "--account", account,
			"--secret-file", filepath.Join(dir, "secret"), "--outbox", filepath.Join(dir, "box"),
		)
		for line := range strings.Lines(r.out) {
			var v submitted
			if err := json.Unmarshal([]byte(line), &v); err == nil && v.State == outbox.Accepted.String() {
				told[v.CaseID] = v.AcceptID
			}
		}
		if r.code == exitOK {
			break
		}
		if run == 5 {
			t.Fatalf("exit code %d\n%s%s", r.code, r.out, r.err)
		}
	}
	c, err := client.New(client.Config{URL: s.URL, AppKey: s.AppKey, Account: sandbox.Account,
		Secret: func(context.Context) (string, error) { return s.AppSecret, nil }})
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range c.Cases(t.Context(), api.ListRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(e.CaseID, id+"-") {
			continue
		}
		if !want[e.CaseID] || told[e.CaseID] != e.AcceptID {
			t.Errorf("%s is at the receiver as %s, was told as %q", e.CaseID, e.AcceptID, told[e.CaseID])
		}
		delete(want, e.CaseID)
	}
	if err := c.Logout(t.Context()); err != nil {
		t.Error(err)
	}
	if len(want) > 0 {
		t.Errorf("not at the receiver: %v", want)
	}
}
