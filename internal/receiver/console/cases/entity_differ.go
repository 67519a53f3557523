package cases

import (
	"html/template"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// difference is a member that differs from the register: both values as they are shown, and the characters of each, by
// position, in which it is not the other.
type difference struct {
	field          register.Fields
	registered     string
	inSent, inFirm map[int]bool // nil: the positions are not those of the value as it is shown
	named          bool         // the register has a value
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
		{register.FieldEntType, e.EntType, r.Firm.EntType, rules.FoldCode, rules.MaskPersonal},
	} {
		if r.Fields&m.field == 0 {
			continue
		}
		if revealed {
			m.mask = strings.TrimSpace
		}
		sent, registered := m.fold(m.sent), m.fold(m.registered)
		d := difference{field: m.field, registered: m.mask(m.registered), named: m.registered != ""}
		if m.field == register.FieldEntType {
			d.registered = m.mask(typeText(m.registered))
		}
		d.inSent, d.inFirm = differing(m.field, sent, registered)
		switch {
		case m.field == register.FieldLegal && !revealed:
			d.inSent = setOf(page.MaskedAt(slices.Collect(maps.Keys(d.inSent))))
			d.inFirm = setOf(page.MaskedAt(slices.Collect(maps.Keys(d.inFirm))))
		default:
			d.forget(alike(sent, m.sent), alike(registered, m.registered))
		}
		ds = append(ds, d)
	}
	return ds
}

// forget drops the positions in a value that has its characters elsewhere than its folded form has.
func (d *difference) forget(sent, registered bool) {
	if !sent {
		d.inSent = nil
	}
	if !registered {
		d.inFirm = nil
	}
}

// alike reports whether a folded value has its characters where the value has them.
func alike(folded, value string) bool {
	return utf8.RuneCountInString(folded) == utf8.RuneCountInString(value)
}

// differing are the positions at which two values differ: of names, between what both begin with and end in.
func differing(field register.Fields, sent, registered string) (inSent, inFirm map[int]bool) {
	if field != register.FieldLegal {
		return page.Differing(registered, sent), page.Differing(sent, registered)
	}
	values := make([]map[int]bool, 0, 2)
	for _, p := range rules.DetailNameBesideRegister(sent, registered).Parts {
		if p.Kind == rules.PartValue {
			values = append(values, setOf(p.At))
		}
	}
	return values[0], values[1]
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
	v.Registered, v.Beside = "（空）", "（空）"
	if d.named {
		v.Beside = display.Plain(d.registered)
		v.Registered = template.HTML(page.Marked([]rune(d.registered), d.inFirm))
	}
	for i := range v.Found {
		v.Found[i].Beside = besideRegister(v.Found[i].Rule)
	}
	if d.inSent != nil {
		maps.Copy(v.which, d.inSent)
		v.HTML = template.HTML(page.Marked([]rune(v.value), v.which))
	}
}

// besideRegister: what findings of these rules say is the two values.
func besideRegister(rule int) bool {
	switch rule {
	case rules.RegisterUniscID, rules.RegisterPripID, rules.RegisterLegal, rules.RegisterEntType,
		rules.RegisterEntTypeNear:
		return true
	}
	return false
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
