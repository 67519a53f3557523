package casepack

import (
	"encoding/hex"
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"diaoxiao/internal/evidence/pack"
	"diaoxiao/internal/receiver/intake"
)

// readFacts reads what is on record of the case as a whole.
func (g *gathering) readFacts() error {
	f, c := &g.facts, g.c
	f.AcceptID, f.CaseID, f.Revision, f.Supersedes, f.App = c.AcceptID, c.CaseID, c.Revision, c.Supersedes, c.AppKey
	f.Account, f.Received, f.Items, f.Bytes = c.Account, pack.Clock(c.Received), c.Items, c.Bytes
	f.State, f.Firm = c.State(), g.want.Firm
	if g.want.Firm == 0 {
		f.SHA256 = hex.EncodeToString(c.SHA256[:])
	}
	return errors.Join(g.readTexts(), g.readAttempts(), g.readSteps())
}

func (g *gathering) addFacts() error {
	return g.w.add(pack.FactsFile, func(to io.Writer) error {
		return writeJSON(to, g.facts, jsontext.WithIndent("  "))
	})
}

func writeJSON(to io.Writer, v any, options ...json.Options) error {
	if err := json.MarshalWrite(to, v, options...); err != nil {
		return err
	}
	_, err := io.WriteString(to, "\n")
	return err
}

func (g *gathering) readTexts() error {
	t, err := g.cases.CaseTexts(g.ctx, g.by, g.c)
	g.facts.Texts = pack.Texts{CaseID: t.CaseID, CaseName: t.CaseName, CaseIntroduction: t.CaseIntroduction,
		Illegality: t.Illegality, Penalty: t.Penalty, PenaltyDate: t.PenaltyDate, PenaltyOrg: t.PenaltyOrg}
	return err
}

func (g *gathering) readAttempts() error {
	all, err := g.cases.AttemptsOf(g.ctx, g.by, g.c.AcceptID)
	for _, a := range all {
		g.facts.Attempts = append(g.facts.Attempts, pack.Attempt{At: pack.Clock(a.At), Outcome: string(a.Outcome),
			Codes: a.Codes, Request: a.RequestID, Source: a.Source})
	}
	return err
}

// rowsOf is rows as the package has them: of one firm only its own number.
func (g *gathering) rowsOf(rows intake.RowNumbers) string {
	return pack.RowsOf(g.want.Firm, string(rows))
}

// said is what a person wrote about rows. Of what concerns more than the one firm the package has nothing: it can name
// others.
func (g *gathering) said(rows intake.RowNumbers, text string) string {
	if g.want.Firm > 0 && text != "" && !pack.OnlyOf(g.want.Firm, string(rows)) {
		return pack.LeftOut
	}
	return text
}

func (g *gathering) readSteps() error {
	f, err := g.cases.CaseFile(g.ctx, g.by, g.c.AcceptID)
	if err != nil {
		return err
	}
	asked := make(map[int64]bool)
	for _, e := range f.Events {
		if !pack.Concerns(g.want.Firm, string(e.Rows)) {
			continue
		}
		g.facts.Events = append(g.facts.Events, pack.Event{No: e.No, At: pack.Clock(e.At), By: string(e.By),
			Deed: e.Kind.String(), Rows: g.rowsOf(e.Rows), Detail: g.said(e.Rows, e.Detail), Proposal: e.ProposalNo})
		if no := e.ProposalNo; no > 0 && !asked[no] {
			asked[no] = true
			if err := g.readProposal(no, e.Rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// readProposal reads a proposal of which steps are on rows: those of a return are on the whole case, whatever rows its
// reason names.
func (g *gathering) readProposal(no int64, rows intake.RowNumbers) error {
	f, err := g.cases.ProposalFile(g.ctx, g.by, no)
	if err != nil {
		return err
	}
	p := f.Proposal
	named := string(p.Rows)
	if g.want.Firm > 0 {
		named = g.rowsOf(rows)
	}
	g.facts.Proposals = append(g.facts.Proposals, pack.Proposal{No: p.No, Kind: p.Kind.String(), Rows: named,
		Count: p.Count, Held: p.Held, Reason: g.said(rows, p.Reason), Shown: hex.EncodeToString(p.Digest[:]),
		Asked: pack.Clock(p.At), AskedBy: string(p.By), Answer: p.Answer.String(), Answered: pack.Clock(p.Answered),
		AnsweredBy: string(p.AnsweredBy), Reply: g.said(rows, p.Reply)})
	return nil
}
