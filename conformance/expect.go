package conformance

import (
	"slices"
	"strings"

	"diaoxiao/api"
)

// expect demands that good holds, in the words of the report, and ends the check where it does not.
func (a *answer) expect(expected string, good bool) *answer {
	a.step.Expected, a.step.OK = expected, good
	if !good {
		a.t.fail("期望：" + expected + "。实际：" + a.step.Came)
	}
	return a
}

// also demands one thing more of the same answer.
func (a *answer) also(expected string, good bool) *answer {
	return a.expect(a.step.Expected+"；"+expected, good)
}

// succeeds demands a success.
func (a *answer) succeeds() *answer { return a.expect("SUCCESS", a.err == nil && a.ok()) }

// accepted demands that a case is accepted and returns its acceptid.
func (a *answer) accepted() string {
	a.expect("SUCCESS，有受理号", a.err == nil && a.ok() && a.acceptID() != "")
	return a.acceptID()
}

// acceptedAs demands the same acceptid again.
func (a *answer) acceptedAs(id string) {
	a.expect("SUCCESS，受理号仍为 "+id, a.err == nil && a.ok() && a.acceptID() == id)
}

// refused demands a refusal with exactly these codes in this order; with any where none is named. What names no error may
// still be a refusal by its HTTP status.
func (a *answer) refused(codes ...api.Code) *answer {
	refusal := a.err == nil && !a.ok() && a.acceptID() == "" && a.token() == ""
	if len(codes) == 0 {
		return a.expect("不予受理：不得应答 SUCCESS，不得有受理号或令牌", refusal)
	}
	return a.expect("FAILURE，错误代码恰为 "+words(codes), refusal && slices.Equal(a.codes(), texts(codes)))
}

// refusedWith demands a refusal that has the code among others.
func (a *answer) refusedWith(code api.Code) *answer {
	return a.expect("FAILURE，有错误代码 "+string(code), a.err == nil && !a.ok() && a.has(code))
}

// entryOf is the entry of a code.
func (a *answer) entryOf(code api.Code) entry {
	for _, e := range a.errors {
		if e.text("errorCode") == string(code) {
			return e
		}
	}
	return nil
}

// says demands that the message of a code begins with one of the texts.
func (a *answer) says(code api.Code, beginnings ...string) *answer {
	message := a.entryOf(code).text("message")
	good := slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(message, b) })
	return a.also("message 以“"+strings.Join(beginnings, "”或“")+"”开头", good)
}

func texts(codes []api.Code) (ts []string) {
	for _, c := range codes {
		ts = append(ts, string(c))
	}
	return ts
}
