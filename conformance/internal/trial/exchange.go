package trial

import (
	"bytes"
	"diaoxiao/conformance/internal/wire"
)

// Exchange is a request and its answer, beside which a later one is held.
type Exchange struct {
	Sent   string `json:"sent"`
	Came   string `json:"came"`
	Answer string `json:"answer"`
}

// After puts the exchange before into the report of this one, both cut around the place where their bodies differ.
func (a *Answer) After(before *Answer) *Answer {
	at, differs := wire.Whole, "两次的正文完全相同"
	if one, other := before.Sent.Body, a.Sent.Body; !bytes.Equal(one, other) {
		at = wire.FirstDifference(one, other)
		differs = "先 " + wire.Part(one, other, at) + "，后 " + wire.Part(other, one, at)
	}
	a.Step.Before = &Exchange{before.Sent.Show(a.t.wire, at), before.came(), before.show()}
	a.Step.Sent, a.Step.Differs = a.Sent.Show(a.t.wire, at), differs
	return a
}
