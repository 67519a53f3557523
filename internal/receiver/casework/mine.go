package casework

import (
	"context"

	"diaoxiao/internal/receiver/intake"
)

// mostMine is how many lines each part of Mine has at most, and mostLooked how many of the last acts are looked at for
// the cases among them.
const (
	mostMine   = 20
	mostLooked = 200
)

// Mine (我的待办) is what waits for one person, and what that person has done lately. No part has more than 20 lines.
type Mine struct {
	Refused []ProposalRow // proposals of the asker that were refused; nothing was done about their cases since
	Decide  []ProposalRow // that the asker may decide on
	Waiting []ProposalRow // of the asker, that wait for another person
	Claimed []intake.CaseRow
	Lately  []DoneCase
}

// DoneCase is a case with what the asker did with it last.
type DoneCase struct {
	intake.CaseRow
	Last intake.CaseEvent
}

// Mine returns what waits for the asker.
func (d *Cases) Mine(ctx context.Context, by intake.Officer) (m Mine, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		m = Mine{}
		if m.Refused, err = proposalRows(tx, by, refusedOf(by)); err != nil {
			return err
		}
		if m.Decide, err = decidable(tx, by); err != nil {
			return err
		}
		if m.Waiting, err = proposalRows(tx, by, intake.ProposalQuery{By: by.Actor(), Waiting: true,
			Limit: mostMine}); err != nil {
			return err
		}
		if m.Claimed, err = tx.SearchCases(intake.CaseQuery{Claimer: by.Actor(), Limit: mostMine}); err != nil {
			return err
		}
		if m.Lately, err = doneLately(tx, by); err != nil {
			return err
		}
		return d.judge(tx).countedMine(&m)
	})
	return m, err
}

func refusedOf(by intake.Officer) intake.ProposalQuery {
	return intake.ProposalQuery{By: by.Actor(), Refused: true, Limit: mostMine}
}

// CountMine returns how much waits for the asker alone: refused proposals and claimed cases, at most 20 of each.
func (d *Cases) CountMine(ctx context.Context, by intake.Officer) (n int, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		refused, err := tx.Proposals(refusedOf(by))
		if err != nil {
			return err
		}
		claimed, err := tx.CountCaseClaims(by.Actor(), mostMine)
		n = len(refused) + claimed
		return err
	})
	return n, err
}

func proposalRows(tx intake.Tx, by intake.By, q intake.ProposalQuery) (rows []ProposalRow, err error) {
	ps, err := tx.Proposals(q)
	if err != nil {
		return nil, err
	}
	rows = make([]ProposalRow, len(ps))
	for i, p := range ps {
		if rows[i], err = proposalRow(tx, by, p); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// decidable are the oldest proposals on which the asker may decide.
func decidable(tx intake.Tx, by intake.Officer) (rows []ProposalRow, err error) {
	if !by.Role.May(intake.ConfirmReturns) {
		return nil, nil
	}
	all, err := proposalRows(tx, by, intake.ProposalQuery{Waiting: true, Limit: 2 * mostMine})
	for _, r := range all {
		if r.MayDecide(by) && len(rows) < mostMine {
			rows = append(rows, r)
		}
	}
	return rows, err
}

// Decidable returns the oldest proposals that wait on which the asker may decide, at most 20.
func (d *Cases) Decidable(ctx context.Context, by intake.Officer) (rows []ProposalRow, err error) {
	err = d.desk.Look(ctx, by, intake.ConfirmReturns, func(tx intake.Tx) error {
		rows, err = decidable(tx, by)
		return err
	})
	return rows, err
}

// doneLately are the cases with which the asker did something last, each once.
func doneLately(tx intake.Tx, by intake.Officer) (done []DoneCase, err error) {
	es, err := tx.LastEventsBy(by.Actor(), mostLooked)
	seen := make(map[int64]bool)
	for _, e := range es {
		if seen[e.CaseNo] || len(done) == mostMine {
			continue
		}
		seen[e.CaseNo] = true
		r, err := caseOfNo(tx, e.CaseNo)
		if err != nil {
			return nil, err
		}
		done = append(done, DoneCase{r, e})
	}
	return done, err
}

// countedMine fills in the firms of the cases by state.
func (j *judge) countedMine(m *Mine) (err error) {
	for i := range m.Lately {
		if m.Lately[i].CaseRow, err = j.countedCase(m.Lately[i].CaseRow); err != nil {
			return err
		}
	}
	return j.counted(m.Claimed)
}
