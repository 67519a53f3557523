package casework

import "diaoxiao/internal/rules"

// Found is a finding of the store, which keeps its text, with the values that the text is made from. They are made
// again from the same rows, and belong to the finding where they give the very text.
type Found struct {
	rules.Finding
	Said rules.Detail // no parts: another version of the rules made the text, and nothing but the text is known
}

// say gives the finding what it says.
func (f *Found) say(d rules.Detail) { f.Said, f.Detail = d, d.Text() }

// hears takes values where they make the text of the finding.
func (f *Found) hears(d rules.Detail) {
	if len(f.Said.Parts) == 0 && d.Text() == f.Detail {
		f.Said = d
	}
}

// LeadOf is the place that a finding of a rule names: the first of its own list, or else the first.
func (e DoubtedEntity) LeadOf(rule int) (p Place, ok bool) {
	for _, l := range e.Leads {
		if l.Rule == rule && (!ok || l.Own && !p.Own) {
			p, ok = l.Place, true
		}
	}
	return p, ok
}

// sayOwn adds their values to the findings that need no other row.
func (e *DoubtedEntity) sayOwn() {
	if e.Pos < 0 || len(e.Findings) == 0 {
		return
	}
	rules.CheckEntity(e.Entity, func(field string, rule int, d rules.Detail) {
		for i := range e.Findings {
			if f := &e.Findings[i]; f.Rule == rule && f.Field == field {
				f.hears(d)
			}
		}
	})
}

// sayOthers adds their values to the findings that name another row.
func (m *marker) sayOthers(e *DoubtedEntity) error {
	for i := range e.Findings {
		f := &e.Findings[i]
		p, ok := e.LeadOf(f.Rule)
		if !ok {
			continue
		}
		if f.Rule == rules.LikeCaseID {
			own, err := m.one(e.CaseNo)
			if err != nil {
				return err
			}
			f.hears(rules.DetailLikeCaseID(own.CaseID, p.CaseID, p.AcceptID))
			continue
		}
		its, err := m.entity(p.CaseNo, p.Pos)
		if err != nil {
			return err
		}
		_, d := rules.Shared(f.Field, e.Entity, its, p.Own, p.String())
		f.hears(d)
	}
	return nil
}
