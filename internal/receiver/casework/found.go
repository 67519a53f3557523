package casework

import (
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

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
	rules.CheckEntity(e.Entity, e.hear)
}

// hear takes the values of one finding.
func (e *DoubtedEntity) hear(field string, rule int, d rules.Detail) {
	for i := range e.Findings {
		if f := &e.Findings[i]; f.Rule == rule && f.Field == field {
			f.hears(d)
		}
	}
}

// sayRegister adds their values to the findings that come from the register: they are made again from the firm that is
// kept with the verdict. Those that name other firms besides keep their text alone.
func (m *marker) sayRegister(e *DoubtedEntity) error {
	if !slices.ContainsFunc(e.Findings, func(f Found) bool { return intake.DependsOnRegister(f.Rule) }) {
		return nil
	}
	c, err := m.one(e.CaseNo)
	if err == nil {
		register.Match(e.Entity, c.PenaltyDate, leadingTo(e.Judged.Firm, register.KeysOf(e.Entity)), e.hear)
	}
	return err
}

// leadingTo are those of the keys that lead to a firm.
func leadingTo(f register.Firm, k register.Keys) register.Found {
	found := register.Found{ByPripID: make(map[string][]register.Firm), ByCode: make(map[string][]register.Firm)}
	for _, v := range k.PripID {
		if v == f.PripID {
			found.ByPripID[v] = []register.Firm{f}
		}
	}
	for _, v := range k.Codes {
		if v == f.UniscID || v == f.RegNo || len(f.UniscID) == 18 && v == f.UniscID[8:17] {
			found.ByCode[v] = []register.Firm{f}
		}
	}
	return found
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
