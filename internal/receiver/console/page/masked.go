package page

import (
	"slices"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/rules"
)

// Masked is an entity as it is shown while no purpose is given. A name that is in another column, because
// rows were shifted, is one, too, also where a finding quotes it.
func Masked(e casework.DoubtedEntity) casework.DoubtedEntity {
	var hidden []string
	e.Legal = Mask(e.Legal)
	for _, value := range []*string{&e.PripID, &e.UniscID, &e.EntType} {
		if shown := rules.MaskPersonal(*value); shown != *value {
			if shown != rules.MaskPersonIDs(*value) {
				hidden = append(hidden, *value) // a name
			}
			*value = shown
		}
	}
	e.Findings, e.Marks = slices.Clone(e.Findings), slices.Clone(e.Marks)
	for i := range e.Findings {
		maskFound(&e.Findings[i], hidden)
	}
	for i := range e.Marks {
		maskFound(&e.Marks[i].Found, hidden)
	}
	return e
}

// SaidOf is what a finding says, as plain text that can be shown.
func SaidOf(f casework.Found) string {
	if len(f.Said.Parts) == 0 {
		return display.Plain(f.Detail)
	}
	return display.Plain(f.Said.Text())
}

// maskFound masks the names in the values of a finding. Of one of which only the text is known, nothing is shown where
// it may quote a hidden name.
func maskFound(f *casework.Found, hidden []string) {
	named := f.Rule == rules.RegisterLegal || f.Rule == rules.RegisterLegalNotThere
	if len(f.Said.Parts) == 0 {
		if len(hidden) > 0 || named {
			f.Detail = "详情可能含有姓名，已遮盖"
		}
		return
	}
	f.Said.Parts = slices.Clone(f.Said.Parts)
	for i := range f.Said.Parts {
		p := &f.Said.Parts[i]
		switch {
		case p.Kind != rules.PartValue:
		case named:
			p.Text, p.At = Mask(p.Text), MaskedAt(p.At)
		case f.Rule >= rules.RegisterTwoFirms && !slices.Contains(hidden, p.Text): // it may be the name of a firm
			p.Text = rules.MaskPersonIDs(p.Text)
		case f.Field != "legal" || slices.Contains(hidden, p.Text):
			if p.Text = rules.MaskPersonal(p.Text); strings.HasSuffix(p.Text, "***") {
				p.At = MaskedAt(p.At)
			}
		}
	}
}

// MaskedAt is where a masked name differs of which these characters do: in the first, or in the stars, however many it
// is in.
func MaskedAt(at []int) (masked []int) {
	if slices.Contains(at, 0) {
		masked = append(masked, 0)
	}
	if slices.ContainsFunc(at, func(i int) bool { return i > 0 }) {
		masked = append(masked, 1, 2, 3)
	}
	return masked
}
