package cases

import (
	"slices"
	"strings"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/rules"
)

// hiddenWords say why a value is not whole.
const hiddenWords = "疑似身份证号，已遮盖"

// hides reports whether a personal ID number in what was sent is masked in what is shown.
func hides(sent, shown string) bool { return sent != shown && rules.MaskPersonIDs(sent) == shown }

// masked is an entity as it is shown while no purpose is given. A name that is in another column, because
// rows were shifted, is one, too, also where a finding quotes it.
func masked(e casework.DoubtedEntity) casework.DoubtedEntity {
	var hidden []string
	e.Legal = page.Mask(e.Legal)
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
			p.Text, p.At = page.Mask(p.Text), maskedAt(p.At)
		case f.Rule >= rules.RegisterTwoFirms && !slices.Contains(hidden, p.Text): // it may be the name of a firm
			p.Text = rules.MaskPersonIDs(p.Text)
		case f.Field != "legal" || slices.Contains(hidden, p.Text):
			if p.Text = rules.MaskPersonal(p.Text); strings.HasSuffix(p.Text, "***") {
				p.At = maskedAt(p.At)
			}
		}
	}
}

// maskedAt is where a masked name differs of which these characters do: in the first, or in the stars, however many it
// is in.
func maskedAt(at []int) (masked []int) {
	if slices.Contains(at, 0) {
		masked = append(masked, 0)
	}
	if slices.ContainsFunc(at, func(i int) bool { return i > 0 }) {
		masked = append(masked, 1, 2, 3)
	}
	return masked
}
