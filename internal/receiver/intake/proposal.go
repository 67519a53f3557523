package intake

import (
	"time"

	"diaoxiao/internal/receiver/release"
)

// Proposal (申请) is a decision on an exact set of firms of one case that one person proposed and another confirms. It is
// written once; its answer is added once.
type Proposal struct {
	No, CaseNo int64
	Kind       release.Kind
	// Rows is the exact set, in rows of the list from one on. For a return, which concerns the whole case, it is the
	// rows that the reason names.
	Rows   RowNumbers
	Count  int    // firms in the set; for a return: all
	Held   int    // of them held, or alarmed, when it was proposed
	Day    string // of a publication, yyyy-MM-dd
	Reason string // "" where none is needed: a release of firms of which none is held
	// Digest is of what was shown of the set: the rows as sent, their findings and counterparts, verdicts with the rows
	// of the register, and what persons found. A proposal of an older version has none: it is confirmed only after
	// it was shown again.
	Digest [32]byte
	At     time.Time
	By     Actor

	Answer     release.Answer
	Answered   time.Time
	AnsweredBy Actor
	Reply      string // the reason of a refusal
}

// ProposalQuery selects proposals, the oldest first where they wait, otherwise the newest first. Zero fields do not
// select.
type ProposalQuery struct {
	CaseNo  int64
	Waiting bool  // only those without an answer
	Refused bool  // only those that were refused, of cases that are not returned and with which By did nothing since
	By      Actor // who proposed
	After   int64 // the number that the page comes after, in its order
	Limit   int   // 0: 50
}

// ProposalTx reads and writes proposals within a transaction.
type ProposalTx interface {
	InsertProposal(Proposal) (no int64, err error)
	Proposal(no int64) (Proposal, error) // ErrNotFound
	Proposals(ProposalQuery) ([]Proposal, error)
	// AnswerProposal adds the answer to a proposal that waits. ErrNotFound: it has one.
	AnswerProposal(Proposal) error
}
