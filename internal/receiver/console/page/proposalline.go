package page

import "diaoxiao/internal/receiver/casework"

// ProposalLine is a proposal in one line of a list.
type ProposalLine struct {
	casework.ProposalRow
	By, AnsweredBy, CaseLink string
}

// ProposalLines are proposals with their persons and cases as a list shows them.
func (q *Request) ProposalLines(rows []casework.ProposalRow) (all []ProposalLine) {
	for _, r := range rows {
		all = append(all, ProposalLine{r, q.Person(r.By), q.Person(r.AnsweredBy), q.Link("/cases/" + r.Case.AcceptID)})
	}
	return all
}
