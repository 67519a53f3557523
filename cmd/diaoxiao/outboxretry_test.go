package main

import (
	"diaoxiao/internal/receiver/receivertest"
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/sender/outbox"
)

// as runs a command as this sender. The test must have closed the outbox.
func (s *sending) as(args ...string) result {
	s.t.Helper()
	return runHere(s.t, nil, append(
		args, "--url", s.Base, "--app-key", s.App.AppKey, "--account", receivertest.Account, "--secret-file", s.secret,
		"--outbox", s.outbox,
	)...)
}

// outbox retry does not confirm an acceptance that the receiver contradicts: the receiver does not have the case, gave
// the acceptid to another case, or gave the case another acceptid. Nothing is sent, and no session stays open.
func TestRetryOfWhatTheReceiverHasNot(t *testing.T) {
	s := newSending(t)
	calls := make(map[string]int)
	s.Base = through(t, s.Base, func(r *http.Response) { calls[path.Base(r.Request.URL.Path)]++ })
	s.target.URL = s.Base
	_, body := s.fresh()
	foreign := s.deliver(body)
	gone, body := s.fresh()
	s.settle(s.record(body), outbox.Accepted, madeUp(999_999))
	taken, body := s.fresh()
	s.settle(s.record(body), outbox.Accepted, foreign)
	renamed, body := s.fresh()
	theirs := s.deliver(body)
	s.settle(s.record(body), outbox.Accepted, madeUp(999_998))
	good, body := s.fresh()
	s.settle(s.record(body), outbox.Accepted, s.deliver(body))
	s.check(s.box.Close())

	r := s.as("outbox", "retry", gone.CaseID, taken.CaseID, renamed.CaseID, good.CaseID)
	for _, want := range []string{
		"✘ 缺失：案件 " + gone.CaseID + " 本地记为已受理（受理号 " + madeUp(999_999) + "），接收方没有，没有发送\n    立即联系接收方",
		"✘ 缺失：案件 " + taken.CaseID + " 本地记为已受理（受理号 " + foreign + "），接收方没有",
		"✘ 不同：案件 " + renamed.CaseID + " 本地记为已受理（受理号 " + madeUp(999_998) + "），接收方为受理号 " + theirs,
		"－ 案件 " + good.CaseID + " 已受理",
		"完成：受理 0，以前已受理 1，与接收方不符 3；",
	} {
		if r.code != exitFaults || !strings.Contains(r.out, want) {
			t.Errorf("exit code %d, no %q in\n%s%s", r.code, want, r.out, r.err)
		}
	}
	r = s.as("outbox", "retry", gone.CaseID, "--json")
	if r.code != exitFaults || !strings.Contains(r.out, `"difference":"缺失"`) ||
		!strings.Contains(r.out, `"differing":1`) {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
	if in, out := calls[string(api.Login)], calls[string(api.Logout)]; in != 2 || out != in ||
		calls[string(api.Receive)] > 0 {
		t.Errorf("%v", calls)
	}
}

// A receiver that was restored to old data gives a number a second time. submit reports it at once and names the caseid
// of the other case.
func TestAcceptIDOfAnotherCase(t *testing.T) {
	s := newSending(t)
	_, body := s.fresh()
	no, ok := acceptid.CaseNo(s.deliver(body))
	if !ok {
		s.t.Fatal("no acceptid")
	}
	older, body := s.fresh()
	s.settle(s.record(body), outbox.Accepted, madeUp(int(no)+1)) // before the receiver was restored
	honest, body := s.fresh()
	s.settle(s.record(body), outbox.Accepted, madeUp(int(no)+3))
	s.check(s.box.Close())
	next, body := s.fresh()
	file := filepath.Join(t.TempDir(), "next.json")
	put(t, file, body, 0)
	r := s.as("submit", file)
	want := "✘ 案件 " + next.CaseID + " 的受理号 " + madeUp(int(no)+1) + " 与另一案件（" + older.CaseID +
		"）相同，接收方可能已恢复到旧数据；请立即联系接收方并运行 diaoxiao reconcile\n"
	if r.code != exitFaults || !strings.Contains(r.out, want) || strings.Contains(r.out, honest.CaseID) {
		t.Errorf("exit code %d, no %q in\n%s%s", r.code, want, r.out, r.err)
	}
	_, body = s.fresh()
	put(t, file, body, 0)
	if r := s.as("submit", file); r.code != exitOK || strings.Contains(r.out, "✘") {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
	last, body := s.fresh()
	put(t, file, body, 0)
	r = s.as("submit", file, "--json")
	if r.code != exitFaults || !strings.Contains(r.out, `"sameAcceptidAs":"`+honest.CaseID+`"`) ||
		!strings.Contains(r.out, last.CaseID) {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
}
