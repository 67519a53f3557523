// Package trial is the kit that conformance checks are written in: a Trial sends, an Answer says what to expect, a Run
// tries all checks phase by phase and keeps what they share.
//
// The decision you could not guess: nothing here returns an error to a check. A demand that is not met ends the check
// by a panic, and the run recovers the result from it.
package trial

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/wire"
)

// Trial is one check at work. It has the methods that send; the Answer that they return has the methods that expect
// (expect.go). None of them returns an error: a demand that is not met ends the check.
type Trial struct {
	*Run
	Check Check
	Steps []*Step
	made  int // cases
}

// Do sends a request and notes the exchange. Where the target asks for a later attempt (429, 503), it waits and sends
// again, up to three times.
func (t *Trial) Do(r wire.Request) *Answer {
	for again := 0; ; again++ {
		a := t.exchange(r)
		wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
		if a.Status != 429 && a.Status != 503 || again == 3 {
			return a
		}
		if err != nil {
			wait = 2
		}
		a.Step.Expected, a.Step.OK = "（接收方要求稍后重试，照办）", true
		if t.Wait(time.Duration(min(wait, 15))*time.Second) != nil {
			return a
		}
	}
}

func (t *Trial) exchange(r wire.Request) *Answer {
	t.mask.Add(r.Token)
	return t.note(t.fetch(r))
}

// fetch sends a request and notes nothing. It is safe for concurrent use.
func (t *Trial) fetch(r wire.Request) *Answer {
	began := time.Now()
	a := &Answer{t: t, Sent: r}
	a.Status, a.Header, a.Body, a.Err = t.wire.Do(t.ctx, r)
	a.Took = time.Since(began)
	return a
}

// note reads an answer and writes the exchange down.
func (t *Trial) note(a *Answer) *Answer {
	a.parse()
	t.all = append(t.all, a)
	a.Step = &Step{
		Sent:     a.Sent.Show(t.wire, wire.Whole),
		Came:     a.came(),
		Answer:   a.show(),
		Expected: "有应答",
		OK:       a.Err == nil,
		heard:    a.Err == nil,
	}
	t.Steps = append(t.Steps, a.Step)
	t.keep(a)
	return a
}

// Forget drops the last exchange from the report: hundreds of good ones would fill it.
func (t *Trial) Forget() { t.Steps = t.Steps[:len(t.Steps)-1] }

// Send posts a body, which may be anything, to receiveCaseinfo in the shared session.
func (t *Trial) Send(body any, header ...string) *Answer { return t.Call(api.Receive, body, header...) }

// Accept sends a case and demands that it is accepted.
func (t *Trial) Accept(body any, header ...string) *Answer {
	a := t.Send(body, header...)
	a.Accepted()
	return a
}

// Call posts a body in the shared session. Where the session has ended it signs in again and sends once more, without a
// fault: sessions have checks of their own.
func (t *Trial) Call(c api.Call, body any, header ...string) *Answer {
	a := t.Do(wire.Request{Call: c, Token: t.Session(), Body: sample.Bytes(body), Header: header})
	if a.Has(api.InvalidToken) {
		a.Step.Expected = "（会话已结束，重新登录）"
		t.shared = ""
		a = t.Do(wire.Request{Call: c, Token: t.Session(), Body: sample.Bytes(body), Header: header})
	}
	return a
}

// SendAs posts a body to receiveCaseinfo with a token.
func (t *Trial) SendAs(token string, body any) *Answer {
	return t.Do(wire.Request{Call: api.Receive, Token: token, Body: sample.Bytes(body)})
}

// Offered reports whether an extension answered at all: it is there unless the path is unknown.
func (a *Answer) Offered() bool {
	a.Step.Expected, a.Step.OK = "（是否提供）", true
	return a.Object && a.Status != 404 && a.Status != 405 && a.Status != 501 && !a.Has(api.NoSuchCall) &&
		!a.Has(api.InvalidToken)
}

// Known is the result of f, which is called once in a run for each name.
func (t *Trial) Known(name string, f func() bool) bool {
	result, ok := t.memo[name]
	if !ok {
		result = f()
		t.memo[name] = result
	}
	return result
}

// Untested ends the check without a result.
func (t *Trial) Untested(format string, args ...any) {
	panic(ended{outcome: NotTested, reason: fmt.Sprintf(format, args...)})
}

// UntestedBy ends the check without a result because of a fault of the target. cause is the ID of the check that names
// the fault.
func (t *Trial) UntestedBy(cause, format string, args ...any) {
	panic(ended{outcome: NotTested, reason: fmt.Sprintf(format, args...), cause: cause})
}

// NotOffered ends the check: the target lacks an extension.
func (t *Trial) NotOffered(format string, args ...any) {
	panic(ended{outcome: NotOffered, reason: fmt.Sprintf(format, args...)})
}

// Fail ends the check.
func (t *Trial) Fail(reason string) { panic(ended{outcome: Failed, reason: reason}) }

// NewCase makes a new case: its caseid was never sent before.
func (t *Trial) NewCase() sample.Object {
	t.made++
	t.cases++
	return sample.Case(t.CaseID(), t.Seed()+t.cases)
}

// CaseID is the caseid of the last case that the check made.
func (t *Trial) CaseID() string {
	return fmt.Sprintf("联调测试-%s-%s-%d", t.RunID, t.Check.ID, t.made)
}

// Seed is a number from the ID of the run, so that runs send different entities.
func (t *Trial) Seed() int {
	n := 0
	for _, c := range t.RunID {
		n = n*31 + int(c)
	}
	return n % 50000
}

// Each demands good of all answers of the run that fit; otherwise the check fails and shows the first that is not good.
// Where no answer fits, the check has no result.
func (t *Trial) Each(expected string, fits, good func(*Answer) bool) {
	t.EachHas(expected, fits, func(a *Answer) string {
		if good(a) {
			return ""
		}
		return "不是这样"
	})
}

// EachHas is Each with the fault in words; "" means that there is none. The report shows one faulty answer and says how
// many there are.
func (t *Trial) EachHas(expected string, fits func(*Answer) bool, fault func(*Answer) string) {
	var shown *Answer
	found, bad, of := "", 0, 0
	for _, a := range t.all {
		if a.Err != nil || !fits(a) {
			continue
		}
		f := fault(a)
		if of++; found == "" {
			shown, found = a, f
		}
		if f != "" {
			bad++
		}
	}
	if shown == nil {
		t.Untested("没有收到这样的应答")
	}
	s := *shown.Step
	t.Steps = append(t.Steps, &s)
	if found != "" {
		found += fmt.Sprintf("（共 %d 个应答，其中 %d 个如此）", of, bad)
	}
	(&Answer{t: t, Step: &s, Object: true}).Unless(expected, found)
}

// AnyAnswer fits every answer; see Each.
func AnyAnswer(*Answer) bool { return true }

// words joins codes as the report shows them.
func words(codes []api.Code) string {
	var b strings.Builder
	for i, c := range codes {
		if i > 0 {
			b.WriteString("、")
		}
		b.WriteString(string(c))
	}
	return b.String()
}
