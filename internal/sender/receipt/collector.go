package receipt

import (
	"context"
	"errors"
	"sync"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/sender/outbox"
)

// Collector fetches the receipts that an outbox lacks.
type Collector struct {
	Box    *outbox.Outbox
	Client *client.Client
	Target outbox.Target
	Policy evidence.Policy
	// Words says for people why a receipt does not hold; it is kept.
	Words func(error) string
	// Told gets each receipt that does not hold, once that is durable, one at a time.
	Told func(outbox.Entry, outbox.Receipt)
}

// Tally counts receipts.
type Tally struct {
	Verified int
	Faulty   int   // fetched, and they do not hold, or refused though the case was accepted
	Missing  int   // could not be fetched now
	Why      error // why one of those could not be
}

// workers is how many receipts are fetched at once: a receiver makes an eighth of its answers for one app.
const workers = 8

// Collect fetches the receipts of all accepted cases of the target that have no verified one, verifies and keeps them.
// It returns once all are tried, or with the error of ctx or of the outbox. A receiver that gives no receipts, or can't
// be reached, ends it early, and that is no error: Tally says what is missing. Safe to repeat.
func (c *Collector) Collect(ctx context.Context) (Tally, error) {
	var lacking []outbox.Entry
	err := c.Box.WithoutReceipt(ctx, c.Target, func(e outbox.Entry) error {
		lacking = append(lacking, e)
		return nil
	})
	if err != nil || len(lacking) == 0 {
		return Tally{}, err
	}
	r := run{Collector: c}
	r.ctx, r.stop = context.WithCancel(ctx)
	defer r.stop()
	jobs := make(chan outbox.Entry)
	var all sync.WaitGroup
	for range min(workers, len(lacking)) {
		all.Go(func() {
			for e := range jobs {
				r.one(e)
			}
		})
	}
	for _, e := range lacking {
		jobs <- e
	}
	close(jobs)
	all.Wait()
	return r.tally, errors.Join(r.failed, ctx.Err())
}

// run is one Collect.
type run struct {
	*Collector
	ctx    context.Context // ends where there is no use in asking on
	stop   context.CancelFunc
	mu     sync.Mutex
	tally  Tally
	failed error // of the outbox
}

// one fetches, checks and keeps one receipt.
func (r *run) one(e outbox.Entry) {
	if r.ctx.Err() != nil {
		r.missing(nil)
		return
	}
	file, err := r.Client.Receipt(r.ctx, e.AcceptID)
	switch {
	case errors.Is(err, api.NoSuchCase):
		r.keep(e, nil, err)
	case err != nil:
		r.missing(err)
	default:
		r.keep(e, file, r.check(e, file))
	}
}

func (r *run) check(e outbox.Entry, file []byte) error {
	body, err := r.Box.OpenBody(e)
	if err != nil {
		return err
	}
	return errors.Join(Check(r.Policy, file, e, body), body.Close())
}

// keep makes durable what a receipt came to, and counts it.
func (r *run) keep(e outbox.Entry, file []byte, fault error) {
	kept := outbox.Receipt{Entry: e.No, File: file}
	if fault != nil {
		kept.Fault = r.Words(fault)
	}
	err := r.Box.KeepReceipt(kept)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil:
		r.failed = err
		r.stop()
	case fault != nil:
		r.tally.Faulty++
		r.Told(e, kept)
	default:
		r.tally.Verified++
	}
}

// missing counts a receipt that could not be fetched. After most errors the next would fare no better.
func (r *run) missing(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tally.Missing++; err == nil {
		return
	}
	if r.tally.Why == nil {
		r.tally.Why = err
	}
	if !errors.Is(err, api.NoReceiptYet) && !errors.Is(err, api.TooManyRequests) && !errors.Is(err, api.Internal) {
		r.stop()
	}
}
