// Package reconcile (对账) holds what a sender has on record against what the receiver has, case by case, over the days
// of receipt: what is missing, different, too much, undecided or given back. The sender's side is read first, so that
// what is accepted meanwhile looks like too much and is looked up again; nothing is called missing before it was asked
// for by itself.
package reconcile

import (
	"context"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
)

// Ends are the two ends of a reconciliation.
type Ends struct {
	Days   Days
	Ledger *Ledger // the sender's side
	To     *client.Client
	Box    *outbox.Outbox // that Ledger was read from with Filter; nil: it came from a list
	Filter outbox.Filter
}

// Run compares the two ends and calls tell with how far it has come, in Chinese. The differences are sorted, the worst
// first. It changes nothing and may be repeated, each time with a new ledger. Errors are those of the client and of the
// outbox; without listCaseinfo it is [client.ErrNotOffered].
func Run(ctx context.Context, ends Ends, tell func(format string, args ...any)) (*Comparison, error) {
	r := &run{ends, newComparison(ends.Ledger, ends.Days), tell}
	if err := r.compare(ctx); err != nil {
		return nil, err
	}
	if r.Box != nil {
		if err := r.lookAgain(ctx); err != nil {
			return nil, err
		}
	}
	if err := r.askAgain(ctx); err != nil {
		return nil, err
	}
	r.result.sort()
	if err := r.askReasons(ctx); err != nil {
		return nil, err
	}
	return r.result, nil
}

// run is one reconciliation on its way.
type run struct {
	Ends
	result *Comparison
	tell   func(format string, args ...any)
}

// compare goes through the receiver's list, with a day more at either end to find pairs that midnight has parted.
func (r *run) compare(ctx context.Context) error {
	wide := r.Days.wide()
	list := api.ListRequest{
		From:  wide.From.Format(time.DateOnly),
		To:    wide.To.Format(time.DateOnly),
		Limit: api.MaxPage,
	}
	for e, err := range r.To.Cases(ctx, list) {
		if err != nil {
			return err
		}
		r.result.take(e)
		r.tell("接收方 %s 件，相同 %s 件", display.Count(r.result.Theirs), display.Count(r.result.Equal))
	}
	r.result.settle()
	return nil
}
