package submission

import (
	"context"
	"maps"
	"slices"

	"diaoxiao/internal/sender/outbox"
)

// Few is the largest number of cases that are sent one after the other.
const Few = 20

// Queued is the number of cases that Send will send.
func (s *Run) Queued() int { return s.queue.Len() }

// Send sends the queue.
func (s *Run) Send(ctx context.Context) error {
	sender := outbox.Sender{Box: s.conf.Box, Client: s.conf.Client, Account: s.conf.Account, Told: s.settled}
	if s.queue.Len() <= Few {
		sender.Workers = 1 // few cases keep their order
	}
	return sender.Send(ctx, s.queue)
}

// settled takes an outcome that is durable. It ignores an error of the report: the other cases are sent all the same.
func (s *Run) settled(e outbox.Entry, a outbox.Attempt) {
	o := s.outcomes[e.No]
	o.takeAttempt(a)
	delete(s.outcomes, e.No)
	s.tally.add(a.Outcome)
	if a.Shared != "" {
		s.tally.Differing++
	}
	o.Event = Sent
	s.conf.Report.Report(*o)
}

// LeftOver reports the cases that were recorded and have no outcome. Without an outbox there are none.
func (s *Run) LeftOver() error {
	for _, no := range slices.Sorted(maps.Keys(s.outcomes)) {
		e, err := s.conf.Box.Entry(no)
		if err != nil {
			return BoxError(err)
		}
		if e.State == outbox.Sending { // the outbox could not store its outcome
			e.State = outbox.Unknown
		}
		o := s.outcomes[no]
		o.takeEntry(e)
		if e.Held == "" { // a held case was counted already
			s.tally.add(e.State)
		}
		o.Event = Left
		if err := s.conf.Report.Report(*o); err != nil {
			return err
		}
	}
	return nil
}
