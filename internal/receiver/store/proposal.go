package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// proposalTx reads and writes proposals.
type proposalTx struct{ *handle }

func (t proposalTx) InsertProposal(p intake.Proposal) (no int64, err error) {
	if err := t.writing(); err != nil {
		return 0, err
	}
	err = t.Row([]any{&no}, "INSERT INTO proposal (case_no, kind, row_nos, row_count, held, day, reason, digest, "+
		"asked_ms, asked_by, answer, answered_ms, answered_by, reply) "+
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, '', '') RETURNING proposal_no",
		p.CaseNo, int64(p.Kind), string(p.Rows), p.Count, p.Held, p.Day, p.Reason, p.Digest[:], ms(p.At), string(p.By))
	return no, err
}

const proposalColumns = "SELECT proposal_no, case_no, kind, row_nos, row_count, held, day, reason, digest, asked_ms, " +
	"asked_by, answer, answered_ms, answered_by, reply FROM proposal "

func scanProposal(scan func(...any) error) (p intake.Proposal, err error) {
	var asked, answered int64
	var digest []byte
	err = scan(&p.No, &p.CaseNo, &p.Kind, &p.Rows, &p.Count, &p.Held, &p.Day, &p.Reason, &digest, &asked, &p.By,
		&p.Answer, &answered, &p.AnsweredBy, &p.Reply)
	copy(p.Digest[:], digest)
	p.At, p.Answered = engine.FromMS(asked), engine.FromMS(answered)
	return p, err
}

func (t proposalTx) Proposal(no int64) (intake.Proposal, error) {
	return one(t, scanProposal, proposalColumns+"WHERE proposal_no = $1", no)
}

// defaultProposals is how many proposals a page has that asks for no number.
const defaultProposals = 50

func (t proposalTx) Proposals(q intake.ProposalQuery) ([]intake.Proposal, error) {
	if q.Limit <= 0 {
		q.Limit = defaultProposals
	}
	w := statement{}
	w.add(proposalColumns + "WHERE 1 = 1")
	if q.CaseNo != 0 {
		w.add(" AND case_no = ?", q.CaseNo)
	}
	if q.By != "" {
		w.add(" AND asked_by = ?", string(q.By))
	}
	if q.Waiting {
		w.add(" AND answer = 0 AND proposal_no > ? ORDER BY proposal_no LIMIT ?", q.After, q.Limit)
		return engine.List(t, scanProposal, w.String(), w.args...)
	}
	if q.Refused {
		w.add(stillRefused, string(q.By))
	}
	if q.After != 0 {
		w.add(" AND proposal_no < ?", q.After)
	}
	w.add(" ORDER BY proposal_no DESC LIMIT ?", q.Limit)
	return engine.List(t, scanProposal, w.String(), w.args...)
}

// stillRefused: nobody has answered a refusal. The act that comes after it is known by its number, not by its time. The
// answer is release.Refused, which the index has as a number too.
const stillRefused = ` AND answer = 2 AND NOT EXISTS (SELECT 1 FROM case_return r WHERE r.case_no = proposal.case_no)
	AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.actor = ? AND e.case_no = proposal.case_no AND e.event_no >
		COALESCE((SELECT MAX(f.event_no) FROM case_event f WHERE f.case_no = proposal.case_no
			AND f.proposal_no = proposal.proposal_no), 0))`

func (t proposalTx) AnswerProposal(p intake.Proposal) error {
	n, err := t.change("UPDATE proposal SET answer = $1, answered_ms = $2, answered_by = $3, reply = $4 "+
		"WHERE proposal_no = $5 AND answer = 0", int64(p.Answer), ms(p.Answered), string(p.AnsweredBy), p.Reply, p.No)
	if err == nil && n == 0 {
		err = intake.ErrNotFound
	}
	return err
}
