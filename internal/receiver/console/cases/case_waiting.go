package cases

import (
	"encoding/hex"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/release"
)

// waitingOne is a proposal that waits, with what the officer may do about it.
type waitingOne struct {
	casework.ProposalFile
	Decide, Withdraw bool
}

// Shown is the digest of what is shown of it.
func (w waitingOne) Shown() string { return hex.EncodeToString(w.Now[:]) }

// MayPropose reports whether the officer may make a proposal of the kind.
func (d caseData) MayPropose(kind string) bool { return d.May.Propose.Has(release.KindCalled(kind)) }

// loadWaiting reads the proposals of the case that wait.
func loadWaiting(q *page.Request, d *caseData) error {
	for _, p := range d.Waits {
		f, err := q.Cases.ProposalFile(q.Context(), q.Who, p.No)
		if err != nil {
			return err
		}
		d.Proposals = append(d.Proposals, waitingOne{f, f.MayDecide(q.Who), f.MayWithdraw(q.Who)})
	}
	return nil
}
