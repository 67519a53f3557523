package cases

import (
	"html/template"
	"maps"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// difference is a member that differs from the register: both values as they are shown, and the characters of each, by
// position, in which it is not the other.
type difference struct {
	field            register.Fields
	registered       string
	inSent, inFirm   map[int]bool
	sentShows, named bool // the positions are those of the value as it is shown; the register has a value
}

// differences are the members that a verdict names. Names are masked unless they are revealed.
func differences(e api.Entity, r register.Result, revealed bool) (ds []difference) {
	for _, m := range []struct {
		field            register.Fields
		sent, registered string
		fold, mask       func(string) string
	}{
		{register.FieldPripID, e.PripID, r.Firm.PripID, rules.FoldCode, rules.MaskPersonal},
		{register.FieldUniscID, e.UniscID, r.Firm.UniscID, rules.FoldCode, rules.MaskPersonal},
		{register.FieldRegNo, e.UniscID, r.Firm.RegNo, rules.FoldCode, rules.MaskPersonal},
		{register.FieldLegal, e.Legal, r.Firm.Legal, rules.FoldName, page.Mask},
		{register.FieldEntType, e.EntType, typeText(r.Firm.EntType), rules.FoldCode, rules.MaskPersonal},
	} {
		if r.Fields&m.field == 0 {
			continue
		}
		if revealed {
			m.mask = strings.TrimSpace
		}
		sent, registered := m.fold(m.sent), m.fold(m.registered)
		d := difference{field: m.field, registered: m.mask(m.registered), named: m.registered != "",
			sentShows: sent == m.sent, inSent: page.Differing(registered, sent)}
		if registered == m.registered {
			d.inFirm = page.Differing(sent, registered)
		}
		ds = append(ds, d)
	}
	return ds
}

// typeText is a type of the register with its name, where it is a code.
func typeText(code string) string {
	if t, ok := rules.EntTypeByCode(code); ok {
		return code + " " + t.Name
	}
	return code
}

// show has a row say what differs.
func (d difference) show(row *entityRow) {
	v := row.member(d.field)
	v.Registered = "（空）"
	if d.named {
		v.Registered = template.HTML(page.Marked([]rune(d.registered), d.inFirm))
	}
	if d.sentShows {
		maps.Copy(v.which, d.inSent)
		v.HTML = template.HTML(page.Marked([]rune(v.value), v.which))
	}
}

// member is the value that a field of a verdict is about.
func (r *entityRow) member(f register.Fields) *shownValue {
	switch f {
	case register.FieldPripID:
		return &r.PripID
	case register.FieldLegal:
		return &r.Legal
	case register.FieldEntType:
		return &r.EntType
	}
	return &r.UniscID
}
