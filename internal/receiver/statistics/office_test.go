package statistics_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/internal/receiver/workday"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// office is a receiver with its front door, over a real store. Only the clock is the test's.
type office struct {
	*testing.T
	*statistics.Statistics
	desk     *intake.Desk
	cases    *casework.Cases
	store    *store.Store
	verifier *verify.Verifier
	door     *httptest.Server
	ms       atomic.Int64

	mu    sync.Mutex
	calls []intake.Call
}

// places are where the office's store may be.
func places() map[string]func(*testing.T) string {
	return map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() },
		"postgres": func(t *testing.T) string { return pgtest.Shared(t).Database(t) },
	}
}

func openOffice(t *testing.T, place string) *office {
	t.Helper()
	s, err := store.Open(t.Context(), place, store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	o := &office{T: t, store: s}
	o.at("2026-10-08 09:00")
	// PostgreSQL has a clock of its own, which the test cannot move.
	o.desk = intake.NewDesk(intake.Config{Store: own{s, o.now}, Clock: o.now})
	o.cases, o.verifier = casework.New(o.desk), verify.New(o.desk, nil)
	o.Statistics = statistics.New(o.desk, workday.Default())
	o.door = httptest.NewServer(httpapi.New(httpapi.Config{Desk: o.desk, Clock: o.now, Observe: o.observed}))
	t.Cleanup(o.door.Close)
	return o
}

// own is a store that has the test's clock.
type own struct {
	*store.Store
	now func() time.Time
}

type clocked struct {
	intake.Tx
	now time.Time
}

func (c clocked) Now() time.Time { return c.now }

func (s own) with(f func(intake.Tx) error) func(intake.Tx) error {
	return func(tx intake.Tx) error { return f(clocked{tx, s.now()}) }
}

func (s own) View(ctx context.Context, f func(intake.Tx) error) error {
	return s.Store.View(ctx, s.with(f))
}

func (s own) Update(ctx context.Context, f func(intake.Tx) error) error {
	return s.Store.Update(ctx, s.with(f))
}

func (s own) Background(ctx context.Context, f func(intake.Tx) error) error {
	return s.Store.Background(ctx, s.with(f))
}

func (o *office) now() time.Time { return time.UnixMilli(o.ms.Load()) }

// at moves the clock to a time of Beijing.
func (o *office) at(text string) {
	o.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", text, beijingtime.Zone)
	o.must(err)
	o.ms.Store(t.UnixMilli())
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) observed(r httpapi.Record) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, intake.Call{At: o.now(), Name: string(r.Call), AppID: r.AppID, AppKey: r.AppKey,
		Account: r.Account, CaseID: r.CaseID, AcceptID: r.AcceptID, Outcome: r.Outcome, Codes: r.Codes,
		Status: r.Status, Bytes: r.Bytes, Items: r.Items, RequestID: r.RequestID, Source: r.Source})
}

// recordCalls writes the calls there were into their log.
func (o *office) recordCalls() {
	o.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.must(o.store.Background(o.Context(), func(tx intake.Tx) error { return tx.PutCalls(o.calls) }))
	o.calls = nil
}

// sender is a sender at the front door.
type sender struct {
	receivertest.Sender
	o *office
}

func (o *office) admit(name string) *sender {
	o.Helper()
	s := &sender{receivertest.Sender{Base: o.door.URL}, o}
	s.Admit(o.T, o.desk, name)
	return s
}

// send sends a case at a time, in a new session, and returns its acceptid.
func (s *sender) send(at string, c api.Case) string {
	s.o.Helper()
	s.o.at(at)
	a, err := s.Call(s.o.Context(), api.Login, "", receivertest.LoginBody(s.App))
	s.o.must(err)
	s.Token = a.Token
	return s.Receive(s.o.T, receivertest.CaseBody(c))
}

// refused sends a body that is refused.
func (s *sender) refused(at, body string) {
	s.o.Helper()
	s.o.at(at)
	a, err := s.Exchange(s.o.Context(), api.Receive, s.Token, []byte(body))
	s.o.must(err)
	if len(a.Problems) == 0 {
		s.o.Fatalf("not refused: %s", body)
	}
}

// decide has two persons decide on firms of a case at a time: rows of the list from one on.
func (o *office) decide(at, acceptID string, from, to int, d release.Decision, published string) {
	o.Helper()
	o.at(at)
	f, err := o.cases.CaseFile(o.Context(), intake.Actor("cli:x"), acceptID)
	o.must(err)
	kind := map[release.Decision]release.Kind{release.ToRelease: release.Release, release.ToWithhold: release.Withhold}
	o.must(o.store.Update(o.Context(), func(tx intake.Tx) error {
		no, err := tx.InsertProposal(intake.Proposal{CaseNo: f.No, Kind: kind[d], Rows: "1", Count: to - from + 1,
			Reason: "理由", At: o.now(), By: "console:a"})
		if err != nil {
			return err
		}
		spans, err := tx.FirmSpans(f.No)
		spans = append(spans, intake.FirmSpan{CaseNo: f.No, From: from - 1, To: to - 1, Decision: d,
			Published: published, ProposalNo: no})
		return errors.Join(err, tx.AnswerProposal(intake.Proposal{No: no, Answer: release.Confirmed, Answered: o.now(),
			AnsweredBy: "console:b"}), tx.PutFirmSpans(f.No, spans), intake.UpdateWorklist(tx, f.No, f.No, false),
			tx.InsertCaseEvent(intake.CaseEvent{CaseNo: f.No, At: o.now(), By: "console:b", Kind: "release"}))
	}))
}

// publish changes the day on which the firms of a case that are released were published.
func (o *office) publish(acceptID, day string) {
	o.Helper()
	f, err := o.cases.CaseFile(o.Context(), intake.Actor("cli:x"), acceptID)
	o.must(err)
	o.must(o.store.Update(o.Context(), func(tx intake.Tx) error {
		spans, err := tx.FirmSpans(f.No)
		for i := range spans {
			spans[i].Published = day
		}
		return errors.Join(err, tx.PutFirmSpans(f.No, spans),
			tx.InsertCaseEvent(intake.CaseEvent{CaseNo: f.No, At: o.now(), By: "console:b", Kind: "publish"}))
	}))
}

// giveBack returns a case by two persons at a time.
func (o *office) giveBack(at, acceptID string) {
	o.Helper()
	o.at(at)
	o.must(receivertest.Decide(o.desk).ReturnCase(o.Context(), acceptID, "法定代表人有误"))
}

func (o *office) verify() {
	o.Helper()
	o.must(o.verifier.Pass(o.Context()))
}

// report is the statistics of a month.
func (o *office) report(m statistics.Month) statistics.Report {
	o.Helper()
	r, err := o.Report(o.Context(), intake.Actor("cli:x"), m)
	o.must(err)
	return r
}

// importRegister has the register name some firms.
func (o *office) importRegister(es ...api.Entity) {
	o.Helper()
	var firms []register.Firm
	for i, e := range es {
		firms = append(firms, register.Firm{RowNo: i + 1, PripID: e.PripID, UniscID: e.UniscID, Name: "某公司",
			Legal: e.Legal, EntType: e.EntType, State: register.Live, StateText: "存续", Founded: "2010-01-01"})
	}
	o.must(o.store.BuildRegister(o.Context(), 1, 0,
		func(w intake.RegisterWriter) error { return w.PutFirms(firms) },
		func() error {
			return o.store.Update(o.Context(), func(tx intake.Tx) error {
				return tx.InsertSnapshot(register.Snapshot{ID: 1, AsOf: "2026-09-30", Rows: len(firms),
					Imported: o.now()})
			})
		}))
}

func caseOf(id, organ, day string, list ...api.Entity) api.Case {
	return api.Case{CaseID: id, CaseName: "长期停业未经营案", CaseIntroduction: "连续两年未报送年度报告", Illegality: "自行停业连续六个月以上",
		Penalty: "吊销营业执照", PenaltyDate: day, PenaltyOrg: organ, PenaltyList: list}
}
