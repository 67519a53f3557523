package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/diskroom"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
)

// send sends what is in the queue.
func (s *submission) send() error {
	if s.queue.Len() == 0 {
		return nil
	}
	s.out.loggingIn.Store(true)
	err := s.client.Login(s.ctx)
	s.out.loggingIn.Store(false)
	if err != nil {
		return err
	}
	done := s.out.watchSending(s.queue.Len())
	sender := outbox.Sender{Box: s.box, Client: s.client, Told: s.told}
	if s.queue.Len() <= maxAlike {
		sender.Workers = 1 // a few keep their order
	}
	err = sender.Send(s.ctx, s.queue)
	done()
	return err
}

// told takes an outcome that is durable.
func (s *submission) told(e outbox.Entry, a outbox.Attempt) {
	v := s.views[e.No]
	v.takeAttempt(a)
	delete(s.views, e.No)
	s.count(a.Outcome, 1)
	if a.Shared != "" {
		s.Differing++
	}
	s.out.sentCase(v)
}

// leftOver tells what was broken off before it had an outcome.
func (s *submission) leftOver() error {
	s.Pending = 0
	for _, no := range slices.Sorted(maps.Keys(s.views)) {
		e, err := s.box.Entry(no)
		if err != nil {
			return boxError(err)
		}
		if e.State == outbox.Sending { // its outcome could not be kept
			e.State = outbox.Unknown
		}
		v := s.views[no]
		v.takeEntry(e)
		if e.Held == "" { // else it was counted
			s.count(e.State, 1)
		}
		if err := s.out.tell(v, "left"); err != nil {
			return err
		}
	}
	return nil
}

// interrupted says how to go on after an error.
func (s *submission) interrupted(err error) error {
	switch {
	case errors.Is(err, outbox.ErrFull):
		if free, failed := diskroom.Free(s.box.Dir()); failed == nil {
			err = fmt.Errorf("%w（剩余 %s）", err, display.Bytes(free))
		}
		return explain.WithStep(err, "腾出空间后再次运行同一命令即可继续")
	case errors.Is(err, context.Canceled):
		return explain.WithStep(context.Canceled, "再次运行同一命令即可继续")
	case errors.Is(err, client.ErrUnreachable), errors.Is(err, client.ErrNotInterface), errors.Is(err, outbox.ErrNoAnswers):
		return explain.WithStep(err, "用 diaoxiao doctor 查明原因；案件已在发件箱中，再次运行同一命令即可继续")
	}
	if refusal, ok := errors.AsType[*api.Refusal](err); ok && len(refusal.Problems) > 0 {
		return explain.WithStep(err, refusal.Problems[0].Code.Info().Advice+"案件已在发件箱中，改正后再次运行同一命令即可继续")
	}
	return err
}
