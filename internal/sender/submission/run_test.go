package submission_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/reconcile"
	"diaoxiao/internal/sender/submission"
	"diaoxiao/sandbox"
)

// heard keeps what a run reports.
type heard struct {
	all          []submission.Outcome
	cases, items int
	fails        error // of each report
}

func (h *heard) Report(o submission.Outcome) error {
	h.all = append(h.all, o)
	return h.fails
}

func (h *heard) Looked(cases, items int) { h.cases, h.items = cases, items }

// turns are the events in their order, each with its case.
func (h *heard) turns() (turns []string) {
	names := map[submission.Event]string{
		submission.Unreadable: "unreadable",
		submission.Blocked:    "blocked",
		submission.Fit:        "fit",
		submission.Recorded:   "recorded",
		submission.Skipped:    "skipped",
		submission.TakenBack:  "taken back",
		submission.Sent:       "sent",
		submission.Left:       "left",
		submission.Waits:      "waits",
		submission.Unchanged:  "unchanged",
		submission.Differing:  "differing",
	}
	for _, o := range h.all {
		turns = append(turns, strings.TrimSpace(names[o.Event]+" "+o.CaseID))
	}
	return turns
}

// of is the last report of a case.
func (h *heard) of(t *testing.T, id string) submission.Outcome {
	t.Helper()
	for _, o := range slices.Backward(h.all) {
		if o.CaseID == id {
			return o
		}
	}
	t.Fatalf("%s was not reported: %q", id, h.turns())
	return submission.Outcome{}
}

// end is a sender's end of the wire: an outbox and a client of a real receiver.
type end struct {
	t      *testing.T
	server *sandbox.Server
	client *client.Client
	box    *outbox.Outbox
	dir    string
}

func newEnd(t *testing.T) *end {
	t.Helper()
	server, err := sandbox.Start(t.Context(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	e := &end{t: t, server: server, dir: t.TempDir()}
	e.client = e.clientOf(server.URL)
	e.box, err = outbox.Open(filepath.Join(e.dir, "box"), time.Now)
	e.check(err)
	t.Cleanup(func() { e.box.Close() })
	return e
}

// clientOf is a client of the receiver at url, which gives up after one attempt.
func (e *end) clientOf(url string) *client.Client {
	e.t.Helper()
	c, err := client.New(client.Config{URL: url, AppKey: e.server.AppKey, Account: e.server.Accounts[0], Attempts: 1,
		Secret: func(context.Context) (string, error) { return e.server.AppSecret, nil }})
	e.check(err)
	return c
}

func (e *end) check(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

// run is a run that has not begun, and what it reports.
func (e *end) run() (*submission.Run, *heard) {
	h := new(heard)
	target := outbox.Target{URL: e.server.URL, AppKey: e.server.AppKey}
	return submission.New(submission.Config{Box: e.box, Client: e.client, Target: target, Report: h}), h
}

// submit brings files to the receiver without consent for what waits.
func (e *end) submit(paths ...string) (*submission.Run, *heard) {
	e.t.Helper()
	r, h := e.run()
	e.check(r.Check(e.t.Context(), paths))
	e.check(r.Send(e.t.Context()))
	e.check(r.LeftOver())
	return r, h
}

// The rows of lists: two entities that are as they should be, and one that has the pripid of the first with another
// credit code, which is a severe finding.
const (
	good   = ",停业案,停业,停业,吊销营业执照,2026-03-16,呼和浩特市市场监督管理局,150104000022017071732290,91150104MA0N967166,赵二娃,1151\n"
	second = ",停业案,停业,停业,吊销营业执照,2026-03-16,呼和浩特市市场监督管理局,150104000022017071732291,91150103MA0R9M0D7K,钱三,1151\n"
	severe = ",停业案,停业,停业,吊销营业执照,2026-03-16,呼和浩特市市场监督管理局,150104000022017071732290,91150103MA0R9M0D7K,赵二娃,1151\n"
)

// list writes a CSV file of rows, each a caseid and the rest.
func (e *end) list(name string, rows ...string) string {
	e.t.Helper()
	const head = "案件编号,案件名称,案由,违法行为,处罚内容,处罚决定日期,处罚决定机关,身份代码,信用代码,法定代表人,市场主体类型\n"
	path := filepath.Join(e.dir, name)
	e.check(os.WriteFile(path, []byte(head+strings.Join(rows, "")), 0o600))
	return path
}

func want(t *testing.T, h *heard, turns ...string) {
	t.Helper()
	if got := h.turns(); !slices.Equal(got, turns) {
		t.Errorf("%q, want %q", got, turns)
	}
}

// A case goes out once; a run over the same file skips it, and other content under its caseid is blocked.
func TestCaseIsSentOnce(t *testing.T) {
	e := newEnd(t)
	r, h := e.submit(e.list("a.csv", "甲〔2026〕1号"+good, "乙〔2026〕7号"+good))
	want(t, h, "recorded 甲〔2026〕1号", "recorded 乙〔2026〕7号", "sent 甲〔2026〕1号", "sent 乙〔2026〕7号")
	first := h.of(t, "甲〔2026〕1号")
	if first.State != outbox.Accepted.String() || first.AcceptID == "" || first.Attempts != 1 || first.Place.Row != 2 {
		t.Errorf("%+v", first)
	}
	if got := r.Tally(); got.Files != 1 || got.Cases != 2 || got.Items != 2 || got.Accepted != 2 || got.Fit != 2 ||
		h.cases != 2 || h.items != 2 {
		t.Errorf("%+v", got)
	}
	if at, err := e.client.Query(t.Context(), api.QueryRequest{CaseID: first.CaseID}); err != nil ||
		at.AcceptID != first.AcceptID {
		t.Error(at, err)
	}
	r, h = e.submit(e.list("b.csv", "甲〔2026〕1号"+good, "乙〔2026〕7号"+second))
	want(t, h, "skipped 甲〔2026〕1号", "blocked 乙〔2026〕7号")
	if o := h.of(t, "甲〔2026〕1号"); !o.Skipped || o.AcceptID != first.AcceptID {
		t.Errorf("%+v", o)
	}
	if o := h.of(t, "乙〔2026〕7号"); len(o.Problems) != 1 || !strings.Contains(o.Problems[0].Text, "已受理，受理号") {
		t.Errorf("%+v", o)
	}
	if got := r.Tally(); got.Skipped != 1 || got.Blocked != 1 || r.Queued() != 0 {
		t.Errorf("%+v", got)
	}
}

// A case with a severe finding waits for consent over runs, and does not hold up the others.
func TestSevereFindingWaitsForConsent(t *testing.T) {
	e := newEnd(t)
	doubted := "甲〔2026〕1号"
	r, h := e.submit(e.list("a.csv", doubted+good, doubted+severe, "乙〔2026〕7号"+good))
	want(t, h, "recorded "+doubted, "recorded 乙〔2026〕7号", "sent 乙〔2026〕7号", "left "+doubted)
	if o := h.of(t, doubted); !strings.Contains(o.Held, "规则 405") || o.Found.Severe != 1 ||
		o.Found.List[0].Rule != 405 || o.State != outbox.Pending.String() {
		t.Errorf("%+v", o)
	}
	if cases, severe, doubts := r.Waiting(); cases != 1 || severe != 1 || doubts != 0 || r.Tally().Held != 1 ||
		r.Tally().Pending != 0 {
		t.Errorf("%d %d %d %+v", cases, severe, doubts, r.Tally())
	}
	r, h = e.run()
	e.check(r.Retry(t.Context(), nil, false))
	want(t, h, "waits "+doubted)
	r, h = e.run()
	e.check(r.Retry(t.Context(), nil, true))
	if r.Queued() != 0 { // consent is given by Release
		t.Error(r.Queued())
	}
	e.check(r.Release())
	e.check(r.Send(t.Context()))
	want(t, h, "sent "+doubted)
	if o := h.of(t, doubted); o.State != outbox.Accepted.String() || o.Held != "" || r.Tally().Held != 0 {
		t.Errorf("%+v", o)
	}
}

// A run without an outbox only checks: it reports what would be sent, and how the list begins and ends.
func TestDryRun(t *testing.T) {
	e := &end{t: t, dir: t.TempDir()}
	h := new(heard)
	r := submission.New(submission.Config{Report: h})
	e.check(r.Check(t.Context(), []string{e.list("a.csv", "甲〔2026〕1号"+good, "甲〔2026〕1号"+severe, "乙〔2026〕7号"+good,
		"丙〔2026〕9号"+strings.Replace(good, "呼和浩特市市场监督管理局", "", 1))}))
	e.check(r.LeftOver())
	want(t, h, "fit 甲〔2026〕1号", "fit 乙〔2026〕7号", "blocked 丙〔2026〕9号")
	o := h.of(t, "甲〔2026〕1号")
	if o.PenaltyDate != "2026-03-16" || o.First.UniscID != "91150104MA0N967166" || o.Last.At.Row != 3 || o.Held == "" ||
		o.AcceptID != "" {
		t.Errorf("%+v", o)
	}
	if o := h.of(t, "乙〔2026〕7号"); o.Last != nil || o.Held != "" {
		t.Errorf("%+v", o)
	}
	if got := r.Tally(); got.Fit != 2 || got.Blocked != 1 {
		t.Errorf("%+v", got)
	}
	if files, err := os.ReadDir(e.dir); err != nil || len(files) != 1 {
		t.Error(files, err)
	}
}

// Two caseids of the input that look alike are both not sent, also where the first was recorded before the second was
// read.
func TestAlikeCaseIDs(t *testing.T) {
	e := newEnd(t)
	a, b := e.list("a.csv", "甲〔2026〕1号"+good), e.list("b.csv", "甲 〔2026〕1号"+good)
	r, h := e.submit(a, b)
	if got := h.turns(); !slices.Contains(got, "blocked 甲 〔2026〕1号") || r.Tally().Blocked != 2 ||
		r.Tally().Accepted != 0 {
		t.Errorf("%q %+v", got, r.Tally())
	}
	if o := h.of(t, "甲〔2026〕1号"); len(o.Problems) != 1 || !strings.Contains(o.Problems[0].Text, "像是同一编号") {
		t.Errorf("%+v", o)
	}
	if _, err := e.client.Query(t.Context(), api.QueryRequest{CaseID: "甲〔2026〕1号"}); !errors.Is(err, api.NoSuchCase) {
		t.Error(err)
	}
}

// A receiver that cannot be reached leaves the case in the outbox, it counts as not sent, and the next run sends it.
func TestNothingIsLostWithoutAnswer(t *testing.T) {
	e := newEnd(t)
	path, answering := e.list("a.csv", "甲〔2026〕1号"+good), e.client
	e.client = e.clientOf("http://127.0.0.1:1")
	r, h := e.run()
	e.check(r.Check(t.Context(), []string{path}))
	if err := r.Send(t.Context()); !errors.Is(err, client.ErrUnreachable) && !errors.Is(err, outbox.ErrNoAnswers) {
		t.Fatal(err)
	}
	e.check(r.LeftOver())
	if got := r.Tally(); got.Accepted != 0 || got.Pending != 1 {
		t.Errorf("%+v %q", got, h.turns())
	}
	e.client = answering
	r, h = e.submit(path)
	want(t, h, "recorded 甲〔2026〕1号", "sent 甲〔2026〕1号")
	if r.Tally().Accepted != 1 {
		t.Errorf("%+v", r.Tally())
	}
}

// A case that the receiver had no time for counts as not sent, though nothing failed: else the run would seem to be
// done.
func TestCaseTheReceiverHadNoTimeFor(t *testing.T) {
	e := newEnd(t)
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := `{"ackCode":"SUCCESS","errors":[],"access_token":"x"}`
		if path.Base(r.URL.Path) == string(api.Receive) {
			answer = `{"ackCode":"FAILURE","errors":[{"errorCode":"` + string(api.TooManyRequests) +
				`","errorMessage":"busy"}]}`
		}
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, answer)
	}))
	defer busy.Close()
	e.client = e.clientOf(busy.URL)
	r, h := e.submit(e.list("a.csv", "甲〔2026〕1号"+good))
	if o, got := h.of(t, "甲〔2026〕1号"), r.Tally(); o.Event != submission.Sent || o.State != outbox.Pending.String() ||
		got.Pending != 1 {
		t.Errorf("%+v %+v", o, got)
	}
}

// An accepted case that the receiver does not have is reported and not sent; one that was not given back is not sent
// either.
func TestRetryOfAcceptedCases(t *testing.T) {
	e := newEnd(t)
	_, h := e.submit(e.list("a.csv", "甲〔2026〕1号"+good))
	other := newEnd(t)
	r, told := e.run()
	e.check(r.Retry(t.Context(), []string{"甲〔2026〕1号"}, false))
	want(t, told, "unchanged 甲〔2026〕1号")
	if o := told.of(t, "甲〔2026〕1号"); o.AcceptID != h.of(t, o.CaseID).AcceptID || o.Theirs == "" || !o.Skipped {
		t.Errorf("%+v", o)
	}
	e.client = other.client
	r, told = e.run()
	e.check(r.Retry(t.Context(), []string{"甲〔2026〕1号"}, false))
	want(t, told, "differing 甲〔2026〕1号")
	if o := told.of(t, "甲〔2026〕1号"); o.Difference != reconcile.Missing || r.Tally().Differing != 1 || r.Queued() != 0 {
		t.Errorf("%+v", o)
	}
	if err := r.Retry(t.Context(), []string{"没有的"}, false); !errors.Is(err, outbox.ErrNotFound) {
		t.Error(err)
	}
}

// A reporter that fails ends the checks; what was recorded until then is sent by the next run.
func TestReporterEndsTheRun(t *testing.T) {
	e := newEnd(t)
	path, failure := e.list("a.csv", "甲〔2026〕1号"+good), errors.New("the screen is gone")
	r, h := e.run()
	h.fails = failure
	if err := r.Check(t.Context(), []string{path}); !errors.Is(err, failure) || !r.Tally().Broken {
		t.Error(err, r.Tally())
	}
	r, _ = e.submit(path)
	if r.Tally().Accepted != 1 {
		t.Errorf("%+v", r.Tally())
	}
}

// A file that cannot be read is reported with its place, and does not hold up the others.
func TestUnreadableFile(t *testing.T) {
	e := newEnd(t)
	bad := filepath.Join(e.dir, "bad.json")
	e.check(os.WriteFile(bad, []byte("{"), 0o600))
	r, h := e.submit(bad, e.list("a.csv", "甲〔2026〕1号"+good))
	if got := h.turns(); got[len(got)-1] != "sent 甲〔2026〕1号" || r.Tally().Blocked != 1 {
		t.Errorf("%q %+v", got, r.Tally())
	}
	if o := h.all[0]; o.Place.File != bad || len(o.Problems) != 1 || o.State != submission.StateBlocked {
		t.Errorf("%+v", o)
	}
}
