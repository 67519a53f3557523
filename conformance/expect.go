package conformance

import (
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/api"
)

// expect demands that good holds, in the words of the report, and ends the check where it does not. Where the cause is
// one that another check has named, there is no result.
func (a *answer) expect(expected string, good bool) *answer {
	a.step.Expected, a.step.OK = expected, good
	if !good {
		a.t.because(a.broken())
		a.legible()
		a.t.fail("期望：" + expected + "。实际：" + a.step.Came)
	}
	return a
}

// legible ends the check where the answer is not UTF-8: what it says cannot be held.
func (a *answer) legible() {
	if !utf8.Valid(a.body) {
		a.t.untestedBy("2.4-02", "应答不是 UTF-8，无从判定，见 2.4-02")
	}
}

// also demands one thing more of the same answer.
func (a *answer) also(expected string, good bool) *answer {
	return a.expect(a.step.Expected+"；"+expected, good)
}

// unless is expect with the fault in words, "" where there is none.
func (a *answer) unless(expected, fault string) *answer {
	if fault != "" {
		a.step.Came += "：" + fault
	}
	return a.expect(expected, fault == "")
}

// succeeds demands a success.
func (a *answer) succeeds() *answer { return a.expect("SUCCESS", a.err == nil && a.ok()) }

// accepted demands that a case is accepted and returns its acceptid.
func (a *answer) accepted() string {
	good := a.err == nil && a.ok() && a.acceptID() != ""
	if !good && a.t.check.ID != basicReceipt {
		a.step.Expected, a.step.OK = "SUCCESS，有受理号", false
		a.t.because(basicReceipt)
	}
	a.expect("SUCCESS，有受理号", good)
	return a.acceptID()
}

// acceptedAs demands the same acceptid again.
func (a *answer) acceptedAs(id string) *answer {
	return a.expect("SUCCESS，受理号仍为 "+id, a.err == nil && a.ok() && a.acceptID() == id)
}

// repeats demands the acceptid of the answer to the same case before.
func (a *answer) repeats(first *answer) *answer {
	if id := a.after(first).acceptID(); id != first.acceptID() && id != "" {
		a.step.Came += "：同一案件得到另一受理号，先受理的一件没有保存，或者被改变，或者一案有了两个受理号"
	}
	return a.acceptedAs(first.acceptID())
}

// refused demands a refusal with exactly these codes in this order; with any where none is named. What names no error
// may still be a refusal by its HTTP status.
func (a *answer) refused(codes ...api.Code) *answer {
	refusal := a.refusal()
	if len(codes) == 0 {
		return a.expect("不予受理：不得应答 SUCCESS，不得有受理号或令牌", refusal)
	}
	good, expected := refusal && slices.Equal(a.codes(), texts(codes)), "FAILURE，错误代码恰为 "+words(codes)
	if refusal && !good {
		a.step.Expected, a.step.OK = expected, false
		a.uncoded(codes)
	}
	return a.expect(expected, good)
}

// refusedWith demands a refusal that has the code among others.
func (a *answer) refusedWith(code api.Code) *answer {
	good, expected := a.refusal() && a.has(code), "FAILURE，有错误代码 "+string(code)
	if a.refusal() && !good {
		a.step.Expected, a.step.OK = expected, false
		a.uncoded([]api.Code{code})
	}
	return a.expect(expected, good)
}

func (a *answer) refusal() bool {
	return a.err == nil && !a.ok() && a.acceptID() == "" && a.token() == ""
}

// uncoded ends the check where a refusal lacks a code for a reason that another check names: there are no codes at all,
// or the target has another in place of this one.
func (a *answer) uncoded(codes []api.Code) {
	if strings.Join(a.codes(), "") == "" {
		a.t.because(refusalForm)
	}
	for _, c := range codes {
		if !a.has(c) {
			a.t.because("5.1-" + string(c))
		}
	}
}

// differs demands that a changed case is not taken for the one before it: what was changed would be lost.
func (a *answer) differs(first *answer, what string) *answer {
	id := first.acceptID()
	a.after(first)
	same := a.err == nil && a.ok() && a.acceptID() == id
	if same {
		a.step.Came += "：与改变以前的受理号相同，改变被当作重复，没有保存"
	}
	return a.expect(what+"，不是同一内容：不得应答原受理号 "+id, a.err == nil && !same)
}

// refusedAfter demands that a changed case is refused, and says what it means where it is not.
func (a *answer) refusedAfter(first *answer, what string) *answer {
	id := first.acceptID()
	a.after(first)
	switch got := a.acceptID(); {
	case got == id:
		a.step.Came += "：与改变以前的受理号相同，改变被当作重复，没有保存"
	case got != "":
		a.step.Came += "：受理号与改变以前的 " + id + " 不同，先受理的一件没有保存，或者被改变，或者一案有了两个受理号"
	}
	return a.expect(what+"：不得受理", a.refusal())
}

// another demands that a different case has an acceptid of its own.
func (a *answer) another(first *answer, what string) *answer {
	a.after(first)
	return a.expect(what+"是另一案件：SUCCESS，受理号与 "+first.acceptID()+" 不同",
		a.err == nil && a.ok() && a.acceptID() != "" && a.acceptID() != first.acceptID())
}

// entryOf is the entry of a code.
func (a *answer) entryOf(code api.Code) entry {
	for _, e := range a.errors {
		if e.code() == string(code) {
			return e
		}
	}
	return nil
}

// says demands that the message of a code begins with one of the texts.
func (a *answer) says(code api.Code, beginnings ...string) *answer {
	message := a.entryOf(code).message()
	good := slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(message, b) })
	return a.also("message 以“"+strings.Join(beginnings, "”或“")+"”开头", good)
}

func texts(codes []api.Code) (ts []string) {
	for _, c := range codes {
		ts = append(ts, string(c))
	}
	return ts
}
