package conformance

import "bytes"

// Exchange is a request and its answer, beside which a later one is held.
type Exchange struct {
	Sent   string `json:"sent"`
	Came   string `json:"came"`
	Answer string `json:"answer"`
}

// after puts the exchange before into the report of this one, both cut around the place where their bodies differ.
func (a *answer) after(before *answer) *answer {
	at, differs := whole, "两次的正文完全相同"
	if one, other := before.sent.body, a.sent.body; !bytes.Equal(one, other) {
		at = firstDifference(one, other)
		differs = "先 " + part(one, other, at) + "，后 " + part(other, one, at)
	}
	a.step.Before = &Exchange{before.sent.show(a.t.wire, at), before.came(), before.show()}
	a.step.Sent, a.step.Differs = a.sent.show(a.t.wire, at), differs
	return a
}
