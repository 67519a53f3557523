package page

import (
	"net/url"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// Firm is a firm as the register has it, as it is shown. The template "firm" lists all of it.
type Firm struct {
	Name, Legal, UniscID, RegNo, PripID, EntType, TypeName string
	State                                                  Tag
	StateText                                              string // where it says more than State
	Organ, Founded, Approved                               string
}

// NewFirm is a firm as it is shown: the name of the legal representative masked unless whole is set, and personal ID
// numbers in codes always.
func NewFirm(f register.Firm, whole bool) Firm {
	v := Firm{Name: display.Plain(f.Name), Legal: f.Legal, UniscID: ShownCode(f.UniscID), RegNo: ShownCode(f.RegNo),
		PripID: ShownCode(f.PripID), EntType: ShownCode(f.EntType), State: FirmStateTag(f.State),
		Organ: display.Plain(f.Organ), Founded: f.Founded, Approved: f.Approved}
	if !whole {
		v.Legal = Mask(f.Legal)
	}
	v.Legal = display.Plain(v.Legal)
	if t, ok := rules.EntTypeByCode(f.EntType); ok {
		v.TypeName = t.Name
	}
	if f.StateText != f.State.String() {
		v.StateText = display.Plain(f.StateText)
	}
	return v
}

// Title names the firm.
func (f Firm) Title() string {
	for _, s := range []string{f.Name, f.UniscID, f.RegNo, f.PripID} {
		if s != "" {
			return s
		}
	}
	return "主体库中的一户"
}

// ShownCode is a code with a personal ID number in it masked.
func ShownCode(s string) string { return display.Plain(rules.MaskPersonal(s)) }

// FirmLink leads to a firm by one of its codes, whatever the snapshot is by then; "" where it has none.
func (q *Request) FirmLink(f register.Firm) string {
	for _, code := range []string{f.PripID, f.UniscID, f.RegNo} {
		if code != "" && !strings.Contains(rules.MaskPersonal(code), "*") {
			return q.Link("/firms?") + url.Values{"q": {code}}.Encode()
		}
	}
	return ""
}

// FirmStateTag is the state of a firm in the register: green where it is live, red where it is not to be revoked any
// more, amber where it rests or is wound up.
func FirmStateTag(s register.State) Tag {
	switch s {
	case register.Live:
		return Tag{"good", s.String()}
	case register.Revoked, register.Deregistered, register.MovedOut, register.Annulled:
		return Tag{"severe", s.String()}
	case register.Dormant, register.Liquidating:
		return Tag{"warning", s.String()}
	}
	return Tag{"mild", s.String()}
}
