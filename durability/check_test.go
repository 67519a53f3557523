//go:build linux

package durability

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// recover starts the server again after what has happened since began, holds the folder against the record, and sends
// again what got no answer and some of what did. It reports whether the scenario can go on.
func (s *site) recover(began time.Time) bool {
	s.t.Helper()
	if err := s.start(); err != nil {
		s.verdict.add(down, "%v", err)
		return false
	}
	s.askAgain(s.check(began))
	return true
}

// check holds the folder against the record, and puts what it finds into the verdict. Bytes are compared of the cases
// since began, to keep it short; of the earlier ones the SHA-256 that they are listed with, which `db check` proves. A
// server may run on the folder.
func (s *site) check(began time.Time) []stored {
	s.t.Helper()
	cases, err := export(s.binary, s.data, began)
	if err != nil {
		s.verdict.add(unclean, "%v", err)
	}
	if _, err := s.run("db", "check"); err != nil {
		s.verdict.add(unclean, "%v", err)
	}
	entries, err := s.record.read()
	must(s.t, err)
	s.mu.Lock()
	sent := maps.Clone(s.sent)
	s.mu.Unlock()
	judge(&s.verdict, entries, sent, cases)
	return cases
}

// export lists the cases, those since began with the SHA-256 of the bytes that `export --raw` writes of them.
func export(binary, data string, began time.Time) ([]stored, error) {
	began = began.Truncate(time.Second) // as the list tells times
	dir, err := os.MkdirTemp("", "raw-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if _, err := run(binary, data, "export", "--raw", dir, "--since", began.Format(time.RFC3339)); err != nil {
		return nil, err
	}
	list, err := run(binary, data, "case", "list", "--json")
	if err != nil {
		return nil, err
	}
	return readList(list, dir, began)
}

// readList reads the lines of `case list --json` and looks for the files that belong to them.
func readList(list []byte, dir string, began time.Time) (cases []stored, err error) {
	for line := range bytes.Lines(list) {
		var c stored
		if err := json.Unmarshal(line, &c); err != nil {
			return nil, err
		}
		var missing error
		if c.raw, missing = sumFile(filepath.Join(dir, c.AcceptID+".json")); c.ReceivedAt.Before(began) {
			missing = nil
		}
		cases, err = append(cases, c), errors.Join(err, missing)
	}
	return cases, err
}

func sumFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// Of what is acknowledged, so many are sent again after each restart: the latest, and any.
const askLatest, askAny = 8, 8

// askAgain sends again, as a sender would: the unanswered in the same bytes, the acknowledged also in others.
func (s *site) askAgain(cases []stored) {
	there := make(map[string]string)
	for _, c := range cases {
		there[c.CaseID] = c.AcceptID
	}
	for _, id := range s.open() {
		s.ask(parcelOf(id), there[id])
	}
	for _, id := range s.done[max(0, len(s.done)-askLatest):] {
		s.ask(parcelOf(id), there[id])
	}
	for range askAny {
		if id := s.earlier(s.rand); id != "" {
			s.ask(parcelOf(id).respelled(), there[id])
		}
	}
}

// ask repeats one case. want is its acceptid in the store, "" where it is not there.
func (s *site) ask(p parcel, want string) {
	r := s.submit(p, true)
	if !r.success() || want != "" && r.AcceptID != want {
		s.verdict.add(refused, "%s, in the store as %q, sent again: %+v", p.caseID, want, r)
	}
}

// finish stops the server, looks a last time and returns the verdict.
func (s *site) finish() verdict {
	s.t.Helper()
	if code := s.server.terminate(); code != 0 {
		s.verdict.add(down, "SIGTERM ended with exit code %d: %s", code, s.server.last())
	}
	s.check(time.Time{})
	return s.total()
}

// total counts the record into the verdict.
func (s *site) total() verdict {
	entries, err := s.record.read()
	must(s.t, err)
	s.verdict.acknowledged = len(s.receipts)
	for _, e := range entries {
		switch {
		case e.Repeat && e.acknowledged():
			s.verdict.repeated++
		case !e.Repeat && !e.acknowledged():
			s.verdict.unknown++
		}
	}
	return s.verdict
}
