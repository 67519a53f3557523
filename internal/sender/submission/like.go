package submission

import (
	"fmt"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// seenCase is a case that an earlier place of the input has.
type seenCase struct {
	caseID string
	fold   string // in which it is one with its other spellings
	digest api.Digest
	where  sheet.Place
	at     sheet.Place // of its caseid
	fit    *candidate  // while nothing was reported of it
	no     int64       // of its entry in the outbox, once it has one
	toSend bool        // it was reported as fit, or recorded to be sent
	gone   bool        // it is or may be with the receiver
	barred bool        // it is not sent, and that was reported
}

// likeness is two cases of the input whose caseids are one to every reader. Neither goes out: which rows belong to the
// decision is not known, and an accepted case cannot be added to.
type likeness struct{ first, second *seenCase }

// unlike finds the case of the input that has the caseid of k in another spelling; nil: none.
func (s *Run) unlike(k *candidate, me *seenCase) *likeness {
	if api.Blank(k.text.CaseID) {
		return nil
	}
	me.fold = rules.FoldCaseID(k.text.CaseID)
	first := s.alike[me.fold]
	if first == nil {
		s.alike[me.fold] = me
	}
	if first == nil || first.caseID == me.caseID {
		return nil
	}
	return &likeness{first, me}
}

// likeProblem is that of the one, which names the other.
func likeProblem(one, other *seenCase, next string) sheet.Problem {
	return sheet.Problem{Place: one.at, Field: "caseid", Fatal: true,
		Text: fmt.Sprintf(
			"案件编号“%s”与%s的“%s”像是同一编号，只有%s",
			display.Marked(one.caseID),
			other.at,
			display.Marked(other.caseID),
			differing(other.caseID, one.caseID),
		),
		Next: next}
}

// The advice where neither of two like cases was sent, and where the other is or may be with the receiver.
const (
	likeNext     = "是同一件的改成同一个编号，一件案件的各行排在一起；确是两件的改正编号；两处都没有报送"
	likeNextSent = "是同一件的不要再报，需要更正的用已报送的编号；确是两件的改正编号"
)

// bar takes back the first of two like cases, unless it is or may be with the receiver, and returns the problem that
// the second has against it.
func (s *Run) bar(l *likeness) (sheet.Problem, error) {
	first := l.first
	if first.gone {
		return likeProblem(l.second, first, likeNextSent), nil
	}
	var err error
	if !first.barred {
		first.barred = true
		err = s.takeBack(l)
	}
	return likeProblem(l.second, first, likeNext), err
}

// takeBack has the first of two like cases not be sent.
func (s *Run) takeBack(l *likeness) error {
	first := l.first
	p := likeProblem(first, l.second, likeNext)
	if first.fit != nil { // in the same group, nothing reported yet
		first.fit.problems = append(first.fit.problems, p)
		return nil
	}
	if !first.toSend {
		return nil
	}
	o := &Outcome{Place: first.where, CaseID: first.caseID}
	if no := first.no; no != 0 {
		o = s.outcomes[no]
		if s.withdrawn[no] = true; o.Held != "" {
			s.tally.Held--
		}
		if _, err := s.conf.Box.Drop([]int64{no}); err != nil {
			return BoxError(err)
		}
		delete(s.outcomes, no)
	}
	s.tally.Fit--
	s.tally.Blocked++
	o.Event, o.State, o.Problems, o.Held = TakenBack, StateBlocked, append(o.Problems, p), ""
	return s.conf.Report.Report(*o)
}

// withoutWithdrawn drops the cases that were taken back from those that wait for consent.
func (s *Run) withoutWithdrawn() {
	var kept []outbox.Entry
	for _, e := range s.waiting {
		if !s.withdrawn[e.No] {
			kept = append(kept, e)
		}
	}
	s.waiting = kept
	s.queue.Remove(s.withdrawn)
}
