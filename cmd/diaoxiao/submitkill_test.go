package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/sandbox"
)

var killSeed = flag.Uint64("kill-seed", uint64(time.Now().UnixNano()), "seed of TestSubmitKilled")

const (
	kills        = 50
	killsOfBox   = 8 // kills before submit may finish with an outbox
	casesOfBox   = 300
	largeOfBox   = 2
	editsBetween = 10
)

// A submit that is killed at any moment and run again neither loses nor doubles a case, also where the user has altered
// the file in between. The receiver has exactly the cases that the outbox calls accepted, with the same acceptid and
// the same bytes, and it has every case that submit reported as accepted.
func TestSubmitKilled(t *testing.T) {
	t.Logf("-kill-seed %d", *killSeed)
	u := newUser(t, *killSeed)
	most := kills
	if testing.Short() { // under the race detector
		most = killsOfBox
	}
	for done := 0; done < most; {
		u.begin(t)
		for later := range killsOfBox {
			if u.killed(t, later) {
				done++
			}
			u.edit()
		}
		u.finish(t)
		u.reconcile(t)
	}
	t.Logf("%d cases accepted in %d outboxes; a run takes %v", len(u.known), u.boxes, u.whole)
	if len(u.known) < casesOfBox {
		t.Errorf("only %d cases were accepted", len(u.known))
	}
}

// user is a person who submits a file, kills submit, alters the file and submits it again.
type user struct {
	r      *rand.Rand
	server *sandbox.Server
	client *client.Client
	dir    string
	boxes  int
	whole  time.Duration // of an undisturbed run
	cases  []api.Case
	claims map[string]string // the acceptid that submit reported, by caseid
	known  map[string]string // of the outboxes that are finished: acceptid, digest and sum by caseid
}

func newUser(t *testing.T, seed uint64) *user {
	s, err := sandbox.Start(context.Background(), sandbox.Config{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	u := &user{
		r:      rand.New(rand.NewPCG(seed, 0)),
		server: s,
		dir:    t.TempDir(),
		claims: make(map[string]string),
		known:  make(map[string]string),
	}
	if err := os.WriteFile(filepath.Join(u.dir, "secret"), []byte(s.AppSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	u.client, err = client.New(client.Config{URL: s.URL, AppKey: s.AppKey, Account: sandbox.Account,
		Secret: func(context.Context) (string, error) { return s.AppSecret, nil }})
	if err != nil {
		t.Fatal(err)
	}
	u.begin(t)
	began := time.Now()
	u.finish(t)
	u.whole = time.Since(began)
	u.reconcile(t)
	return u
}

func (u *user) box() string { return filepath.Join(u.dir, fmt.Sprint("outbox", u.boxes)) }

// begin makes new cases and takes a new outbox.
func (u *user) begin(t *testing.T) {
	u.boxes++
	u.cases = nil
	for i := range casesOfBox {
		n := 1 + u.r.IntN(3)
		if i < largeOfBox {
			n = 1500
		}
		c := sandbox.Batch(u.r.Uint64(), n)
		c.CaseID = fmt.Sprintf("%d-%d", u.boxes, i)
		u.cases = append(u.cases, c)
	}
	u.r.Shuffle(len(u.cases), func(i, j int) { u.cases[i], u.cases[j] = u.cases[j], u.cases[i] })
}

// edit alters some cases for the next file.
func (u *user) edit() {
	for range editsBetween {
		u.cases[u.r.IntN(len(u.cases))].CaseName += "改"
	}
}

func (u *user) command(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(
		"diaoxiao",
		append(args, "--json", "--url", u.server.URL, "--app-key", u.server.AppKey, "--account", sandbox.Account,
			"--secret-file", filepath.Join(u.dir, "secret"), "--outbox", u.box())...,
	)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	return cmd, &out
}

// submit writes the file and returns the command that submits it, and its output.
func (u *user) submit(t *testing.T) (*exec.Cmd, *bytes.Buffer) {
	var text bytes.Buffer
	fmt.Fprintln(
		&text,
		"caseid,casename,caseintroduction,illegality,penalty,penaltydate,penaltyorg,pripid,uniscid,legal,enttype",
	)
	for _, c := range u.cases {
		for _, e := range c.PenaltyList {
			fmt.Fprintln(&text, strings.Join(
				[]string{c.CaseID, c.CaseName, c.CaseIntroduction, c.Illegality, c.Penalty, c.PenaltyDate, c.PenaltyOrg,
					e.PripID, e.UniscID, e.Legal, e.EntType},
				",",
			))
		}
	}
	path := filepath.Join(u.dir, "清单.csv")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return u.command(t, "submit", path, "--yes")
}

// killed submits and kills submit at a random moment, sooner in later rounds, because less is left to do. It reports
// false if submit had ended before.
func (u *user) killed(t *testing.T, later int) bool {
	cmd, out := u.submit(t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(u.r.Float64() * float64(u.whole) * math.Pow(0.8, float64(later))))
	cmd.Process.Kill()
	cmd.Wait()
	u.listen(t, out.Bytes())
	u.holdClaims(t)
	return cmd.ProcessState.ExitCode() < 0
}

// holdClaims demands that the outbox, as the kill left it, has every case as accepted that submit reported as accepted.
func (u *user) holdClaims(t *testing.T) {
	b, err := outbox.OpenToRead(u.box())
	if errors.Is(err, outbox.ErrNone) {
		return // the kill came before submit made the outbox
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	prefix := fmt.Sprint(u.boxes, "-")
	accepted := make(map[string]string)
	err = b.Entries(t.Context(), outbox.Filter{States: []outbox.State{outbox.Accepted}}, func(e outbox.Entry) error {
		accepted[e.CaseID] = e.AcceptID
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, acceptID := range u.claims {
		if strings.HasPrefix(id, prefix) && accepted[id] != acceptID {
			t.Errorf("%s was told as %s before the outbox had it", id, acceptID)
		}
	}
}

// finish runs submit and outbox retry to their ends. The outbox refuses a case that was altered after it may have been
// sent; the receiver refuses none.
func (u *user) finish(t *testing.T) {
	for _, begin := range []func() (*exec.Cmd, *bytes.Buffer){
		func() (*exec.Cmd, *bytes.Buffer) { return u.submit(t) },
		func() (*exec.Cmd, *bytes.Buffer) { return u.command(t, "outbox", "retry", "--yes") },
	} {
		cmd, out := begin()
		if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != exitFaults {
			t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
		}
		u.listen(t, out.Bytes())
	}
}

// listen reads the output of submit up to the last whole line and keeps the reported acceptids.
func (u *user) listen(t *testing.T, out []byte) {
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var v submitted
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			continue // cut off
		}
		if v.State != outbox.Accepted.String() {
			if v.State == outbox.Refused.String() {
				t.Errorf("%s was refused: %s %s", v.CaseID, v.Codes, v.Message)
			}
			continue
		}
		if was := u.claims[v.CaseID]; was != "" && was != v.AcceptID {
			t.Errorf("%s was told as %s and as %s", v.CaseID, was, v.AcceptID)
		}
		u.claims[v.CaseID] = v.AcceptID
	}
}

// reconcile compares the outbox, and everything that submit reported, with the receiver.
func (u *user) reconcile(t *testing.T) {
	b, err := outbox.OpenToRead(u.box())
	if err != nil {
		t.Fatal(err)
	}
	err = b.Entries(t.Context(), outbox.Filter{History: true}, func(e outbox.Entry) error {
		switch e.State {
		case outbox.Accepted:
			if u.known[e.CaseID] != "" {
				t.Errorf("%s was accepted twice", e.CaseID)
			}
			u.known[e.CaseID] = fmt.Sprintf("%s %x %x", e.AcceptID, e.Digest, e.SHA256)
		case outbox.Pending: // altered before it was sent: a newer entry takes its place
			if e.Superseded == 0 {
				t.Errorf("%s is left %v", e.CaseID, e.State)
			}
		default:
			t.Errorf("%s is left %v", e.CaseID, e.State)
		}
		return nil
	})
	if err = errors.Join(err, b.Close()); err != nil {
		t.Fatal(err)
	}
	onServer := make(map[string]string)
	for e, err := range u.client.Cases(t.Context(), api.ListRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		if onServer[e.CaseID] != "" {
			t.Errorf("%s is twice at the receiver", e.CaseID)
		}
		onServer[e.CaseID] = e.AcceptID + " " + e.Digest + " " + e.SHA256
	}
	for _, id := range slices.Sorted(maps.Keys(onServer)) {
		if u.known[id] != onServer[id] {
			t.Errorf("%s is at the receiver as %s, in the outbox as %q", id, onServer[id], u.known[id])
		}
	}
	for id := range u.known {
		if onServer[id] == "" {
			t.Errorf("%s is in the outbox and not at the receiver", id)
		}
	}
	for id, acceptID := range u.claims {
		if !strings.HasPrefix(onServer[id], acceptID+" ") {
			t.Errorf("%s was told as %s and is at the receiver as %q", id, acceptID, onServer[id])
		}
	}
	if len(onServer) < u.boxes*casesOfBox {
		t.Errorf("%d cases at the receiver, want %d", len(onServer), u.boxes*casesOfBox)
	}
}
