package casework

import (
	"context"
	"errors"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// ProposalRow is a proposal in a list, with its case.
type ProposalRow struct {
	intake.Proposal
	Case intake.CaseRow
	Mine bool // the asker proposed it, or is the same person by another account, and cannot decide on it
}

// Proposals lists proposals.
func (d *Cases) Proposals(ctx context.Context, by intake.By, q intake.ProposalQuery) (rows []ProposalRow, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		rows, err = proposalRows(tx, by, q)
		return err
	})
	return rows, err
}

// CountDecidable returns on how many of the oldest proposals that wait, at most so many, the asker may decide. It does
// not read their cases.
func (d *Cases) CountDecidable(ctx context.Context, by intake.By, most int) (n int, err error) {
	err = d.desk.Look(ctx, by, intake.ConfirmReturns, func(tx intake.Tx) error {
		ps, err := tx.Proposals(intake.ProposalQuery{Waiting: true, Limit: most})
		mine := make(map[intake.Actor]bool)
		n = 0
		for _, p := range ps {
			if _, known := mine[p.By]; !known {
				if mine[p.By], err = intake.SamePerson(tx, p.By, by.Actor()); err != nil {
					return err
				}
			}
			if !mine[p.By] {
				n++
			}
		}
		return err
	})
	return n, err
}

func proposalRow(tx intake.Tx, by intake.By, p intake.Proposal) (row ProposalRow, err error) {
	row.Proposal = p
	if row.Case, err = caseOfNo(tx, p.CaseNo); err != nil {
		return row, err
	}
	row.Mine, err = intake.SamePerson(tx, p.By, by.Actor())
	return row, err
}

// shownWaiting is how many waiting proposals a case is shown with.
const shownWaiting = 100

// waitingRows lists the proposals of one case that wait, without the case.
func waitingRows(tx intake.Tx, by intake.By, caseNo int64) (rows []ProposalRow, err error) {
	ps, err := tx.Proposals(intake.ProposalQuery{CaseNo: caseNo, Waiting: true, Limit: shownWaiting})
	for _, p := range ps {
		row := ProposalRow{Proposal: p}
		if row.Mine, err = intake.SamePerson(tx, p.By, by.Actor()); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, err
}

// ProposalFile is one proposal with what is known now of its set.
type ProposalFile struct {
	ProposalRow
	Now [32]byte // the digest of what is shown now, while the proposal waits
	// Changed reports that what is shown now differs from what was proposed. Such a proposal cannot be confirmed: it is
	// refused or withdrawn, and the decision is proposed anew.
	Changed bool
	// Rules are the severe findings and warnings on firms of the set by rule, severe ones first, while it waits.
	Rules  []RuleCount
	Doubts Doubts        // about its firms, while it waits
	Asker  intake.Change // what was done within RecentDays with the account that proposed; zero: nothing
}

// ProposalFile returns one proposal by its number. ErrNotFound: no such proposal.
func (d *Cases) ProposalFile(ctx context.Context, by intake.By, no int64) (f ProposalFile, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		p, err := tx.Proposal(no)
		if err != nil {
			return err
		}
		if f.ProposalRow, err = proposalRow(tx, by, p); err != nil {
			return err
		}
		if f.Asker, err = recentChange(d.desk, tx, p.By); err != nil || p.Answer != release.Waits {
			return err
		}
		now, err := d.judge(tx).regard(f.Case, p)
		f.Now, f.Changed, f.Rules = now.digest, now.changed != nil, sortedRules(now.rules)
		f.Doubts = now.doubts
		return err
	})
	return f, err
}

// Alone reports whether the proposal is agreed to only by itself, on a page that shows its firms: something is doubtful
// about them, a person cleared one of them, or the account of the one who proposed was changed lately.
func (f ProposalFile) Alone() bool {
	return !f.Doubts.Clean() || f.Held > 0 || f.Kind == release.Publish || f.Asker.Kind != ""
}

// recentChange is what was done within RecentDays with the account of an actor; zero: nothing.
func recentChange(d *intake.Desk, tx intake.Tx, a intake.Actor) (c intake.Change, err error) {
	o, err := intake.OperatorOf(tx, a)
	if d.Now(tx).Sub(o.Renewed.At) < RecentDays*24*time.Hour {
		c = o.Renewed
	}
	return c, err
}

// regarded is what is shown now of the set of a proposal.
type regarded struct {
	digest  [32]byte
	changed error // why the proposal cannot be confirmed; nil: what is shown is what was proposed
	bases   []intake.FirmBasis
	doubts  Doubts
	rules   map[int]int // firms by the rules of what is doubtful about them
}

var errChanged = intake.Exists("申请以后，其中的市场主体有了变化（重新核验、重新比对、后来的案件或者逐户核对），" +
	"不能再同意这一申请；请看过现在的情况，选择不同意或者由申请人撤回，再按现在的情况重新申请")

// regard reads what is shown now of the set of a proposal.
func (j *judge) regard(r intake.CaseRow, p intake.Proposal) (g regarded, err error) {
	if p.Kind == release.Return {
		g.digest, g.doubts, err = j.regardReturn(r, p)
	} else {
		err = j.regardFirms(r, p, &g)
	}
	if g.changed == nil && p.Digest != [32]byte{} && p.Digest != g.digest {
		g.changed = errChanged
	}
	return g, err
}

func (j *judge) regardFirms(r intake.CaseRow, p intake.Proposal, g *regarded) error {
	check, err := j.checkOf(r)
	if err != nil {
		return err
	}
	list, err := j.listing(p, r)
	if err != nil {
		return err
	}
	if r.Verified.IsZero() {
		g.changed = intake.Exists("案件正在重新核验，请稍后再决定")
	}
	g.rules = make(map[int]int)
	err = j.lines(r, p.Rows.Spans(), anyFirm, func(l *firmLine) error {
		if g.changed == nil && fits(p.Kind, l.FirmRun) != nil {
			g.changed = errChanged
		}
		if l.Basis != 0 {
			g.bases = append(g.bases, intake.FirmBasis{CaseNo: r.No, Pos: l.From, Basis: l.Basis})
		}
		list.add(l)
		g.doubts.add(l, check)
		l.count(g.rules)
		return nil
	})
	g.digest = list.sum(p.Rows)
	return err
}

// answerable is nil where by may decide on a proposal: it waits, and by is another person. The command line decides
// only on what was proposed there, and only for another person who signed in at the machine.
func answerable(tx intake.Tx, by intake.By, r intake.CaseRow, p intake.Proposal) error {
	if err := waits(p); err != nil {
		return err
	}
	if !r.Returned.IsZero() {
		return intake.Exists("案件已退回")
	}
	if by.Actor().OnCommandLine() {
		return intake.AnotherLogin(p.By, by.Actor())
	}
	same, err := intake.SamePerson(tx, p.By, by.Actor())
	if same {
		return intake.ErrSamePerson
	}
	return err
}

// waits is nil where a proposal has no answer yet.
func waits(p intake.Proposal) error {
	if p.Answer != release.Waits {
		return intake.Exists("第%d号申请已有结果：%s", p.No, p.Answer)
	}
	return nil
}

// answer writes the answer to a proposal.
func answer(tx intake.Tx, now time.Time, by intake.By, p intake.Proposal, is release.Answer, reply string) error {
	p.Answer, p.Answered, p.AnsweredBy, p.Reply = is, now, by.Actor(), reply
	err := tx.AnswerProposal(p)
	if errors.Is(err, intake.ErrNotFound) {
		return intake.Exists("第%d号申请已有结果", p.No)
	}
	return err
}
