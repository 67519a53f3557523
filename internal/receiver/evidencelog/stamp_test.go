package evidencelog_test

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/stamp"
	"diaoxiao/internal/evidence/stamptest"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// archive is an office whose checkpoints are stamped by ever new authorities, under a clock that is moved.
type archive struct {
	*office
	clock time.Time
	of    evidencelog.Authorities
	n     int
}

func openArchive(t *testing.T, place string) *archive {
	t.Helper()
	return &archive{office: openOffice(t, place), clock: time.Date(2027, 1, 1, 8, 0, 0, 0, time.UTC),
		of: evidencelog.Authorities{Roots: smx509.NewCertPool(), Every: 24 * time.Hour}}
}

// year is a day of the year with this number, from 2027 on.
func (a *archive) year(n int) time.Time { return time.Date(2027+n, 1, 1, 8, 0, 0, 0, time.UTC) }

// trust makes an authority with a certificate for some years, trusts it, and asks it alone from now on.
func (a *archive) trust(name string, suite merkle.Suite, years int) *stamptest.Authority {
	a.Helper()
	one := stamptest.Open(a.T, name, suite == merkle.SM3, &a.clock, years)
	a.of.Roots.AddCert(one.Root)
	a.of.URLs, a.of.Suite = []string{one.URL}, suite
	return one
}

func (a *archive) stamper() *evidencelog.Stamper {
	return evidencelog.NewStamper(a.desk, nil, a.of, func() time.Time { return a.clock })
}

// grow has a case accepted and signed, and returns its receipt.
func (a *archive) grow() []byte {
	a.Helper()
	a.n++
	id := a.send(fmt.Sprint("归档", a.n, "号"), receivertest.Entities(a.n, 1)...)
	a.sign()
	return a.receipt(id, evidencelog.Content{Whole: true})
}

// pass lets the stamper do what is due.
func (a *archive) pass() {
	a.Helper()
	a.must(a.stamper().Pass(a.Context()))
}

// stamps are the file of the stamps for a receipt.
func (a *archive) stamps(receipt []byte) []byte {
	a.Helper()
	r, err := evidence.ParseReceipt(receipt)
	a.must(err)
	c, err := evidence.UnsignedCheckpoint(r.Note)
	a.must(err)
	s, err := a.log.Stamps(a.Context(), intake.Actor("cli:x"), c)
	a.must(err)
	file, err := s.Marshal()
	a.must(err)
	return file
}

// verify verifies a receipt and its stamps by the archive's clock, with nothing but the files, policy and roots.
func (a *archive) verify(receipt, stamps []byte, b stamp.Broken) (stamp.Proved, error) {
	a.Helper()
	v, err := verifyFile(a.policy(), receipt)
	a.must(err)
	s, err := evidence.ParseStamps(stamps)
	if err != nil {
		return nil, err
	}
	return s.Verify(v.Checkpoint, a.of.Roots, b, a.clock)
}

// fails wants a verification to fail for a reason.
func (a *archive) fails(what string, err error, kind stamp.Kind) {
	a.Helper()
	var f *stamp.Fault
	if !errors.As(err, &f) || f.Kind != kind {
		a.Errorf("%s: %v", what, err)
	}
}

// life are thirty years: when a new authority is asked, with which hash function. SHA-256 is declared broken in year
// 14, and was left in year 12.
var life = []struct {
	year  int
	suite merkle.Suite
}{{0, merkle.SHA256}, {6, merkle.SHA256}, {12, merkle.SM3}, {18, merkle.SM3}, {24, merkle.SM3}, {29, merkle.SM3}}

// TestThirtyYears has a receipt of year 0 proved in year 30, after five renewals by ever new authorities and the break
// of a hash function, on both engines. It is not proved if a renewal was late, a stamp is missing, or the break came
// before the renewal.
func TestThirtyYears(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			a := openArchive(t, place(t))
			receipt := a.grow()
			for _, l := range life {
				a.clock = a.year(l.year)
				a.trust(fmt.Sprint("第", l.year, "年的时间戳机构"), l.suite, 7)
				for month := range 3 { // while the log grows, there are more stamps than a proof needs
					a.clock = a.year(l.year).AddDate(0, month, 0)
					a.grow()
					a.pass()
				}
			}
			a.clock = a.year(30)
			a.thirtyYears(receipt)
		})
	}
}

func (a *archive) thirtyYears(receipt []byte) {
	a.Helper()
	file, broken := a.stamps(receipt), stamp.Broken{"SHA-256": a.year(14), "ECDSA": a.year(14)}
	all, err := a.verify(receipt, file, broken)
	a.must(err)
	if !all[0].Time.Equal(a.year(0)) || all[0].Authority() != "第0年的时间戳机构" || len(all) > 7 {
		a.Errorf("%d stamps, the first of %v by %s", len(all), all[0].Time, all[0].Authority())
	}
	a.Logf("%d stamps prove it, of %d, in %d bytes", len(all), len(life)*3, len(file))
	_, err = a.verify(receipt, file, stamp.Broken{"SHA-256": a.year(11)})
	a.fails("broken before the renewal", err, stamp.AlgorithmBroken)
	_, err = a.verify(receipt, file, stamp.Broken{"SHA-256": a.year(14), "SM3": a.year(28)})
	a.fails("both broken", err, stamp.AlgorithmBroken)
	s, err := evidence.ParseStamps(file)
	a.must(err)
	for i := range s.Steps[1:] {
		missing := s
		missing.Steps = append(append([]stamp.Step(nil), s.Steps[:i]...), s.Steps[i+1:]...)
		out, err := missing.Marshal()
		a.must(err)
		if _, err = a.verify(receipt, out, nil); err == nil {
			a.Errorf("without stamp %d of %d it is proved", i, len(s.Steps))
		}
	}
	for at := 0; at < len(file); at += 31 {
		altered := bytes.Clone(file)
		altered[at] ^= 1
		if again, err := a.verify(receipt, altered, nil); err == nil && !again[0].Time.Equal(all[0].Time) {
			a.Errorf("byte %d altered: it is of %v", at, again[0].Time)
		}
	}
	later, err := evidence.UnsignedCheckpoint(s.Steps[len(s.Steps)-1].Item.Note)
	a.must(err)
	_, err = s.Verify(later, a.of.Roots, nil, a.clock)
	a.fails("a later checkpoint", err, stamp.NotCovered)
	_, err = s.Verify(later, smx509.NewCertPool(), nil, a.clock)
	a.fails("no roots", err, stamp.Untrusted)
	a.clock = a.year(60)
	_, err = a.verify(receipt, file, broken)
	a.fails("the last certificate ended", err, stamp.TooLate)
}

// TestCheckStamps changes stored stamps behind the program's back: the check names each, or one that covers it.
func TestCheckStamps(t *testing.T) {
	a := openArchive(t, t.TempDir())
	a.trust("甲", merkle.SHA256, 5)
	for day := range 3 {
		a.clock = a.year(0).AddDate(0, 0, day)
		a.grow()
		a.pass()
	}
	check := func() (named []int64) {
		_, err := a.log.Check(t.Context(), intake.Actor("cli:x"), nil, nil, func(f evidencelog.Fault) {
			if f.Kind == evidencelog.FaultStamp {
				named = append(named, f.From)
			}
		}, nil)
		a.must(err)
		return named
	}
	if named := check(); named != nil {
		t.Errorf("unaltered: %v", named)
	}
	for _, change := range []struct{ sql, names string }{
		{"UPDATE evidence_stamp SET token = (SELECT token FROM evidence_stamp WHERE stamp_no = 1) WHERE stamp_no = 2",
			"[2 3 2]"},
		{"UPDATE evidence_stamp SET made_ms = made_ms + 1 WHERE stamp_no = 1", "[2 3 1 2]"},
		{"DELETE FROM evidence_stamp WHERE stamp_no = 2", "[3 1 3]"},
	} {
		a.tamper(change.sql)
		if named := fmt.Sprint(check()); named != change.names {
			t.Errorf("%s: %s, not %s", change.sql, named, change.names)
		}
	}
}

// TestNotCovered has stamps that are good, by a trusted authority and in time, but do not cover one another: a later
// stamp of another log, and an early stamp for a later checkpoint.
func TestNotCovered(t *testing.T) {
	a, b := openArchive(t, t.TempDir()), openArchive(t, t.TempDir())
	a.trust("甲", merkle.SHA256, 5)
	b.of = a.of
	first, others := a.grow(), b.grow()
	a.pass()
	b.pass()
	a.clock = a.clock.AddDate(0, 0, 1)
	b.clock = a.clock
	a.grow()
	b.grow()
	a.pass()
	b.pass()
	own, err := evidence.ParseStamps(a.stamps(first))
	a.must(err)
	foreign, err := evidence.ParseStamps(b.stamps(others))
	a.must(err)
	mixed, early := own, own
	mixed.Steps = []stamp.Step{own.Steps[0], foreign.Steps[1]}
	early.Steps = []stamp.Step{own.Steps[0]}
	early.Steps[0].Item.Note = own.Steps[1].Item.Note
	for what, s := range map[string]evidence.Stamps{"of another log": mixed, "for a later checkpoint": early} {
		file, err := s.Marshal()
		a.must(err)
		_, err = a.verify(first, file, nil)
		a.fails(what, err, stamp.NotCovered)
	}
	if _, err := a.verify(first, a.stamps(first), nil); err != nil {
		t.Error(err)
	}
}

// TestLateRenewal has the second authority asked a year after the certificate of the first has ended.
func TestLateRenewal(t *testing.T) {
	a := openArchive(t, t.TempDir())
	a.trust("甲", merkle.SHA256, 5)
	receipt := a.grow()
	a.pass()
	a.clock = a.year(6)
	a.trust("乙", merkle.SM3, 10)
	a.pass()
	_, err := a.verify(receipt, a.stamps(receipt), nil)
	a.fails("late", err, stamp.TooLate)
	second := a.grow()
	a.clock = a.clock.AddDate(0, 0, 2)
	a.pass()
	if _, err := a.verify(second, a.stamps(second), nil); err != nil {
		t.Error("a later receipt: ", err)
	}
}

// TestWhenToStamp: only when the log grew and the last stamp is a day old, a certificate is about to end, or the hash
// function is another one.
func TestWhenToStamp(t *testing.T) {
	a := openArchive(t, t.TempDir())
	a.trust("甲", merkle.SHA256, 2)
	a.pass() // there is no log
	for i, step := range []struct {
		what  string
		do    func()
		wants int
	}{
		{"first", func() { a.grow() }, 1},
		{"no day passed", func() { a.grow() }, 1},
		{"a day passed", func() { a.clock = a.clock.AddDate(0, 0, 1) }, 2},
		{"the log did not grow", func() { a.clock = a.clock.AddDate(1, 0, 0) }, 2},
		{"the certificate ends before long", func() {
			a.clock = a.year(2).AddDate(0, 0, -20)
			a.trust("乙", merkle.SHA256, 9)
		}, 3},
		{"another hash function", func() { a.trust("丙", merkle.SM3, 9) }, 4},
		{"the same again", func() {}, 4},
	} {
		step.do()
		a.pass()
		all, err := a.log.StampList(t.Context(), intake.Actor("cli:x"))
		a.must(err)
		if len(all) != step.wants {
			t.Fatalf("step %d, %s: %d stamps, not %d", i, step.what, len(all), step.wants)
		}
	}
}

// TestBadReplies are refused, and nothing is stored.
func TestBadReplies(t *testing.T) {
	a := openArchive(t, t.TempDir())
	a.grow()
	good := a.trust("甲", merkle.SHA256, 5)
	for what, spoil := range map[string]func(*stamptest.Content){
		"nonce":   func(c *stamptest.Content) { c.Nonce = big.NewInt(1) },
		"hash":    func(c *stamptest.Content) { c.Imprint.Hash[3] ^= 1 },
		"version": func(c *stamptest.Content) { c.Version = 2 },
	} {
		good.Spoil = spoil
		if _, err := a.stamper().Stamp(t.Context()); err == nil {
			t.Errorf("another %s was taken", what)
		}
	}
	for what, one := range map[string]*stamptest.Authority{
		"one that is not trusted": stamptest.Open(t, "乙", false, &a.clock, 5),
		"a certificate of a server": stamptest.Open(t, "丙", false, &a.clock, 5,
			asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}),
		"a certificate for two things": stamptest.Open(t, "丁", false, &a.clock, 5,
			asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}),
	} {
		if what != "one that is not trusted" {
			a.of.Roots.AddCert(one.Root)
		}
		a.of.URLs = []string{one.URL}
		if _, err := a.stamper().Stamp(t.Context()); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	all, err := a.log.StampList(t.Context(), intake.Actor("cli:x"))
	a.must(err)
	if len(all) != 0 {
		t.Errorf("%d stamps were stored", len(all))
	}
	good.Spoil = nil
	a.of.URLs = []string{"http://127.0.0.1:1/", good.URL} // the second is asked where the first cannot be reached
	_, err = a.stamper().Stamp(t.Context())
	a.must(err)
}

// TestStamperState: the state has the last stamp and when the next one is due, and an error until a pass goes well.
func TestStamperState(t *testing.T) {
	a := openArchive(t, t.TempDir())
	one := a.trust("甲", merkle.SHA256, 2)
	s := a.stamper()
	a.must(s.Pass(t.Context())) // there is no log
	if s.State() != (evidencelog.StamperState{}) {
		t.Errorf("before the first: %+v", s.State())
	}
	a.grow()
	a.must(s.Pass(t.Context()))
	ends := a.year(2).Add(-time.Hour)
	want := evidencelog.StamperState{Last: a.year(0), By: "甲", Due: a.year(0).AddDate(0, 0, 1),
		Renewal: ends.AddDate(0, 0, -30)}
	if got := s.State(); got != want {
		t.Errorf("after the first: %+v, not %+v", got, want)
	}
	a.clock = a.clock.AddDate(0, 0, 1)
	a.grow()
	one.Spoil = func(c *stamptest.Content) { c.Version = 2 }
	for n := range int64(2) {
		err := s.Pass(t.Context())
		if got := s.State(); err == nil || !got.Failing || got.Err == nil || got.Errors != n+1 ||
			got.ErrAt != a.clock || got.Last != want.Last {
			t.Errorf("while it fails: %v, %+v", err, got)
		}
	}
	one.Spoil = nil
	a.must(s.Pass(t.Context()))
	if got := s.State(); got.Failing || got.Err == nil || got.Last != a.clock {
		t.Errorf("when it goes on: %+v", got)
	}
	again := a.stamper()
	a.must(again.Pass(t.Context()))
	if got := again.State(); got.Last != a.clock || got.By != "甲" || got.Due != a.clock.AddDate(0, 0, 1) {
		t.Errorf("of another node: %+v", got)
	}
}
