package casepack

import (
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/go-json-experiment/json"

	"diaoxiao/internal/evidence/pack"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

func newFinding(f rules.Finding, text string) pack.Finding {
	rule, _ := rules.ByNo(f.Rule)
	return pack.Finding{Rule: f.Rule, Title: rule.Title, Severity: rule.Severity.String(), Field: f.Field, Text: text}
}

// firstOfSeveral is the first of the rules whose findings can name other firms.
const firstOfSeveral = 400

func newFirm(e casework.DoubtedEntity, alone bool) (f pack.Firm, err error) {
	f = pack.Firm{Row: e.Pos + 1, PripID: e.PripID, UniscID: e.UniscID, Legal: e.Legal, EntType: e.EntType,
		State: e.Firm.State.String(), Published: e.Firm.Published}
	if e.Judged.Against > 0 {
		f.Verdict, f.AsOf = e.Judged.Shown.String(), e.Judged.AsOf
		if e.Judged.Firm != (register.Firm{}) {
			if f.Register, err = json.Marshal(e.Judged.Firm); err != nil {
				return f, err
			}
		}
	}
	if k := e.Firm.Check; k.By != "" {
		f.Checked, f.CheckedBy, f.CheckedAt, f.Remark = k.Outcome.String(), string(k.By), pack.Clock(k.At), k.Remark
	}
	for _, v := range e.Findings {
		text := v.Detail
		if alone && v.Rule >= firstOfSeveral {
			text = pack.LeftOut
		}
		f.Findings = append(f.Findings, newFinding(v.Finding, text))
	}
	return f, nil
}

func (g *gathering) addFirms() error {
	return g.w.add(pack.FirmsFile, func(to io.Writer) error {
		for e, err := range g.firms() {
			var f pack.Firm
			if err == nil {
				f, err = newFirm(e, g.want.Firm > 0)
				f.Remark = g.remark(f)
			}
			if err == nil {
				err = writeJSON(to, f)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// remark is what a person wrote when comparing a firm. In the package of one firm it is that of a step on this firm
// alone: written of several firms at once it can name others.
func (g *gathering) remark(f pack.Firm) string {
	if g.want.Firm == 0 || f.Remark == "" || slices.ContainsFunc(g.facts.Events, func(e pack.Event) bool {
		return e.At == f.CheckedAt && e.By == f.CheckedBy && e.Detail == f.Remark
	}) {
		return f.Remark
	}
	return pack.LeftOut
}

// firms are the firms of the package, in the order of the list. Of a case that is not verified they are from the body.
func (g *gathering) firms() iter.Seq2[casework.DoubtedEntity, error] {
	if g.want.Firm == 0 {
		return g.cases.AllEntities(g.ctx, g.by, g.c)
	}
	return func(yield func(casework.DoubtedEntity, error) bool) {
		if g.c.Verified.IsZero() {
			for e, err := range g.cases.AllEntities(g.ctx, g.by, g.c) {
				if (err != nil || e.Pos == g.want.Firm-1) && !yield(e, err) {
					return
				}
			}
			return
		}
		es, err := g.cases.CaseEntities(g.ctx, g.by, g.c.No, g.want.Firm-1, 1, casework.EntityFilter{})
		if err == nil && len(es) != 1 {
			err = fmt.Errorf("firm %d: %w", g.want.Firm, intake.ErrNotFound)
		}
		if err != nil {
			yield(casework.DoubtedEntity{}, err)
			return
		}
		yield(es[0], nil)
	}
}
