package casework

import (
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// sayRegister adds their values to the findings of the comparison with the register that need one firm and no day.
func (e *DoubtedEntity) sayRegister() {
	if !e.comparedFindings() {
		return
	}
	f := e.Judged.Firm
	found := register.Found{ByPripID: make(map[string][]register.Firm), ByCode: make(map[string][]register.Firm)}
	if f != (register.Firm{}) {
		found.ByPripID[f.PripID] = []register.Firm{f}
		for _, k := range keysOfFirm(f) {
			found.ByCode[k.Value] = []register.Firm{f}
		}
	}
	register.Match(e.Entity, "", found, func(field string, rule int, d rules.Detail) {
		for i := range e.Findings {
			if f := &e.Findings[i]; f.Rule == rule && f.Field == field {
				f.hears(d)
			}
		}
	})
}

// comparedFindings reports whether there are findings of the comparison with the register.
func (e *DoubtedEntity) comparedFindings() bool {
	for _, f := range e.Findings {
		if f.Rule >= rules.RegisterTwoFirms {
			return true
		}
	}
	return false
}
