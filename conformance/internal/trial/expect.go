package trial

import (
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/api"
)

// Expect demands that good is true; expected says so in the words of the report. Where good is false the check ends: it
// fails, or it has no result if another check names the cause.
func (a *Answer) Expect(expected string, good bool) *Answer {
	a.Step.Expected, a.Step.OK = expected, good
	if !good {
		a.t.Because(a.broken())
		a.Legible()
		a.t.Fail("期望：" + expected + "。实际：" + a.Step.Came)
	}
	return a
}

// Legible ends the check without a result where the answer is not UTF-8: its text cannot be judged.
func (a *Answer) Legible() {
	if !utf8.Valid(a.Body) {
		a.t.UntestedBy("2.4-02", "应答不是 UTF-8，无从判定，见 2.4-02")
	}
}

// Also demands one more thing of the same answer.
func (a *Answer) Also(expected string, good bool) *Answer {
	return a.Expect(a.Step.Expected+"；"+expected, good)
}

// Unless is Expect with the fault in words; "" means that there is none.
func (a *Answer) Unless(expected, fault string) *Answer {
	if fault != "" {
		a.Step.Came += "：" + fault
	}
	return a.Expect(expected, fault == "")
}

// Succeeds demands a success.
func (a *Answer) Succeeds() *Answer { return a.Expect("SUCCESS", a.Err == nil && a.OK()) }

// Accepted demands that a case is accepted and returns its acceptid.
func (a *Answer) Accepted() string {
	good := a.Err == nil && a.OK() && a.AcceptID() != ""
	if !good && a.t.Check.ID != BasicReceipt {
		a.Step.Expected, a.Step.OK = "SUCCESS，有受理号", false
		a.t.Because(BasicReceipt)
	}
	a.Expect("SUCCESS，有受理号", good)
	return a.AcceptID()
}

// acceptedAs demands the same acceptid again.
func (a *Answer) acceptedAs(id string) *Answer {
	return a.Expect("SUCCESS，受理号仍为 "+id, a.Err == nil && a.OK() && a.AcceptID() == id)
}

// Repeats demands the acceptid of the answer to the same case before.
func (a *Answer) Repeats(first *Answer) *Answer {
	if id := a.After(first).AcceptID(); id != first.AcceptID() && id != "" {
		a.Step.Came += "：同一案件得到另一受理号，先受理的一件没有保存，或者被改变，或者一案有了两个受理号"
	}
	return a.acceptedAs(first.AcceptID())
}

// Refused demands a refusal with exactly these codes in this order. Called without codes it demands any refusal, also
// one that has no error code and refuses by its HTTP status.
func (a *Answer) Refused(codes ...api.Code) *Answer {
	refusal := a.Refusal()
	if len(codes) == 0 {
		return a.Expect("不予受理：不得应答 SUCCESS，不得有受理号或令牌", refusal)
	}
	good, expected := refusal && slices.Equal(a.Codes(), Texts(codes)), "FAILURE，错误代码恰为 "+words(codes)
	if refusal && !good {
		a.Step.Expected, a.Step.OK = expected, false
		a.uncoded(codes)
	}
	return a.Expect(expected, good)
}

// RefusedWith demands a refusal that has the code among others.
func (a *Answer) RefusedWith(code api.Code) *Answer {
	good, expected := a.Refusal() && a.Has(code), "FAILURE，有错误代码 "+string(code)
	if a.Refusal() && !good {
		a.Step.Expected, a.Step.OK = expected, false
		a.uncoded([]api.Code{code})
	}
	return a.Expect(expected, good)
}

// Refusal reports whether the answer refuses: no success, no acceptid, no token.
func (a *Answer) Refusal() bool {
	return a.Err == nil && !a.OK() && a.AcceptID() == "" && a.Token() == ""
}

// uncoded ends the check without a result where a refusal lacks a code and another check has failed for the same cause:
// the target sends no codes at all, or another code in place of this one.
func (a *Answer) uncoded(codes []api.Code) {
	if strings.Join(a.Codes(), "") == "" {
		a.t.Because(RefusalForm)
	}
	for _, c := range codes {
		if !a.Has(c) {
			a.t.Because("5.1-" + string(c))
		}
	}
}

// Differs demands that a changed case does not get the acceptid of the case before it: the change would be lost.
func (a *Answer) Differs(first *Answer, what string) *Answer {
	id := first.AcceptID()
	a.After(first)
	same := a.Err == nil && a.OK() && a.AcceptID() == id
	if same {
		a.Step.Came += "：与改变以前的受理号相同，改变被当作重复，没有保存"
	}
	return a.Expect(what+"，不是同一内容：不得应答原受理号 "+id, a.Err == nil && !same)
}

// RefusedAfter demands that a changed case is refused. Where it is accepted, the report says what that means.
func (a *Answer) RefusedAfter(first *Answer, what string) *Answer {
	id := first.AcceptID()
	a.After(first)
	switch got := a.AcceptID(); {
	case got == id:
		a.Step.Came += "：与改变以前的受理号相同，改变被当作重复，没有保存"
	case got != "":
		a.Step.Came += "：受理号与改变以前的 " + id + " 不同，先受理的一件没有保存，或者被改变，或者一案有了两个受理号"
	}
	return a.Expect(what+"：不得受理", a.Refusal())
}

// Another demands that a different case has an acceptid of its own.
func (a *Answer) Another(first *Answer, what string) *Answer {
	a.After(first)
	return a.Expect(what+"是另一案件：SUCCESS，受理号与 "+first.AcceptID()+" 不同",
		a.Err == nil && a.OK() && a.AcceptID() != "" && a.AcceptID() != first.AcceptID())
}

// EntryOf is the first error of the answer that has the code, nil where there is none.
func (a *Answer) EntryOf(code api.Code) Entry {
	for _, e := range a.Errors {
		if e.Code() == string(code) {
			return e
		}
	}
	return nil
}

// Says demands that the message of a code begins with one of the texts.
func (a *Answer) Says(code api.Code, beginnings ...string) *Answer {
	message := a.EntryOf(code).Message()
	good := slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(message, b) })
	return a.Also("message 以“"+strings.Join(beginnings, "”或“")+"”开头", good)
}

// Texts returns the codes as strings.
func Texts(codes []api.Code) (ts []string) {
	for _, c := range codes {
		ts = append(ts, string(c))
	}
	return ts
}
