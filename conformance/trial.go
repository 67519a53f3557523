package conformance

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"diaoxiao/api"
)

// trial is one check at work: the vocabulary to send with. What comes back, an answer, has the vocabulary to expect
// with (expect.go). Nothing here returns an error: what is not as it must be ends the check.
type trial struct {
	*run
	check Check
	steps []*Step
	made  int // cases
}

// do sends a request and notes the exchange. A target that asks to come back later (429, 503) is obeyed.
func (t *trial) do(r request) *answer {
	for again := 0; ; again++ {
		a := t.exchange(r)
		wait, err := strconv.Atoi(a.header.Get("Retry-After"))
		if a.status != 429 && a.status != 503 || again == 3 {
			return a
		}
		if err != nil {
			wait = 2
		}
		a.step.Expected, a.step.OK = "（接收方要求稍后重试，照办）", true
		if t.wait(time.Duration(min(wait, 15))*time.Second) != nil {
			return a
		}
	}
}

func (t *trial) exchange(r request) *answer {
	t.mask.add(r.token)
	return t.note(t.fetch(r))
}

// fetch only sends; checks may do so at the same moment.
func (t *trial) fetch(r request) *answer {
	began := time.Now()
	a := &answer{t: t, sent: r}
	a.status, a.header, a.body, a.err = t.wire.do(t.ctx, r)
	a.took = time.Since(began)
	return a
}

// note reads an answer and writes the exchange down.
func (t *trial) note(a *answer) *answer {
	a.parse()
	t.all = append(t.all, a)
	a.step = &Step{Sent: a.sent.show(t.wire, whole), Came: a.came(), Answer: a.show(), Expected: "有应答", OK: a.err == nil, heard: a.err == nil}
	t.steps = append(t.steps, a.step)
	t.keep(a)
	return a
}

// forget drops the last exchange from the report: hundreds of good ones would fill it.
func (t *trial) forget() { t.steps = t.steps[:len(t.steps)-1] }

// send posts a body, which may be anything, to receiveCaseinfo in the shared session.
func (t *trial) send(body any, header ...string) *answer { return t.call(api.Receive, body, header...) }

// accept sends a case and demands that it is accepted.
func (t *trial) accept(body any, header ...string) *answer {
	a := t.send(body, header...)
	a.accepted()
	return a
}

// call posts a body in the shared session. Where that has ended it is opened again: sessions have checks of their own.
func (t *trial) call(c api.Call, body any, header ...string) *answer {
	a := t.do(request{call: c, token: t.session(), body: bytesOf(body), header: header})
	if a.has(api.InvalidToken) {
		a.step.Expected = "（会话已结束，重新登录）"
		t.shared = ""
		a = t.do(request{call: c, token: t.session(), body: bytesOf(body), header: header})
	}
	return a
}

// sendAs posts a body to receiveCaseinfo with a token.
func (t *trial) sendAs(token string, body any) *answer {
	return t.do(request{call: api.Receive, token: token, body: bytesOf(body)})
}

// offered reports whether an extension answered at all: it is there unless the path is unknown.
func (a *answer) offered() bool {
	a.step.Expected, a.step.OK = "（是否提供）", true
	return a.object && a.status != 404 && a.status != 405 && a.status != 501 && !a.has(api.NoSuchCall) && !a.has(api.InvalidToken)
}

// known is f's result, found out once in a run.
func (t *trial) known(name string, f func() bool) bool {
	result, ok := t.memo[name]
	if !ok {
		result = f()
		t.memo[name] = result
	}
	return result
}

// untested ends the check without a result.
func (t *trial) untested(format string, args ...any) {
	panic(ended{outcome: NotTested, reason: fmt.Sprintf(format, args...)})
}

// untestedBy is untested for a reason that lies with the target: the check of that ID names it.
func (t *trial) untestedBy(cause, format string, args ...any) {
	panic(ended{outcome: NotTested, reason: fmt.Sprintf(format, args...), cause: cause})
}

// notOffered ends the check: the target lacks an extension.
func (t *trial) notOffered(format string, args ...any) {
	panic(ended{outcome: NotOffered, reason: fmt.Sprintf(format, args...)})
}

// fail ends the check.
func (t *trial) fail(reason string) { panic(ended{outcome: Failed, reason: reason}) }

// newCase is a case of its own: its caseid was never sent before.
func (t *trial) newCase() object {
	t.made++
	t.cases++
	return sample(t.caseID(), t.seed()+t.cases)
}

func (t *trial) caseID() string {
	return fmt.Sprintf("联调测试-%s-%s-%d", t.RunID, t.check.ID, t.made)
}

// seed spreads the entities of runs.
func (t *trial) seed() int {
	n := 0
	for _, c := range t.RunID {
		n = n*31 + int(c)
	}
	return n % 50000
}

// each demands good of all answers of the run that fit; the first that is not good fails. Without any there is no
// result.
func (t *trial) each(expected string, fits, good func(*answer) bool) {
	t.eachHas(expected, fits, func(a *answer) string {
		if good(a) {
			return ""
		}
		return "不是这样"
	})
}

// eachHas is each with the fault in words, "" where there is none. Of many like it the number is reported.
func (t *trial) eachHas(expected string, fits func(*answer) bool, fault func(*answer) string) {
	var shown *answer
	found, bad, of := "", 0, 0
	for _, a := range t.all {
		if a.err != nil || !fits(a) {
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
		t.untested("没有收到这样的应答")
	}
	s := *shown.step
	t.steps = append(t.steps, &s)
	if found != "" {
		found += fmt.Sprintf("（共 %d 个应答，其中 %d 个如此）", of, bad)
	}
	(&answer{t: t, step: &s, object: true}).unless(expected, found)
}

func anyAnswer(*answer) bool { return true }

// words joins codes for people.
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
