package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
)

// Sender sends cases that are in the outbox: many small ones at once, one large one at a time.
type Sender struct {
	Box    *Outbox
	Client *client.Client
	// Account is what Client sends from; it is recorded of what is accepted.
	Account string
	// Told gets each outcome once it is durable, one at a time, with the entry as it was when its sending began.
	Told func(Entry, Attempt)
	// Workers is how many small cases are on their way at once; 0: 32.
	Workers int
	// Grace is how long requests on their way may go on once the sending is ended; 0: five seconds.
	Grace time.Duration
}

const (
	defaultWorkers = 32
	defaultGrace   = 5 * time.Second

	pageToSend   = 256                   // small cases begun together
	maxSettle    = 256                   // outcomes settled together
	leastUnknown = 8                     // outcomes one after the other from which on it looks hopeless
	gathering    = 50 * time.Millisecond // how long an outcome waits for others
)

// ErrNoAnswers ends a sending in which one outcome after the other is unknown.
var ErrNoAnswers = errors.New("接连多件没有得到结果，已停止报送")

// Queue is what is to be sent.
type Queue struct{ small, large []int64 }

// Add puts e in the queue.
func (q *Queue) Add(e Entry) {
	if e.Bytes <= SmallBody {
		q.small = append(q.small, e.No)
	} else {
		q.large = append(q.large, e.No)
	}
}

// Len is how many cases are in the queue.
func (q *Queue) Len() int { return len(q.small) + len(q.large) }

// Remove takes the entries nos out of the queue.
func (q *Queue) Remove(nos map[int64]bool) {
	gone := func(no int64) bool { return nos[no] }
	q.small, q.large = slices.DeleteFunc(q.small, gone), slices.DeleteFunc(q.large, gone)
}

// Send sends the cases of q that are still to be sent, and returns when all of them have an outcome, or with why it
// ended before: the receiver cannot be reached or lets nobody in (the client's error), ErrNoAnswers, the error of ctx,
// an error of the outbox. In any case what was on its way is settled, and what was not begun is as it was. Safe to
// repeat.
func (s *Sender) Send(ctx context.Context, q Queue) error {
	d := delivery{Sender: s, outcomes: make(chan outcome, maxSettle), jobs: make(chan job, pageToSend)}
	if d.workers = s.Workers; d.workers <= 0 {
		d.workers = defaultWorkers
	}
	grace := s.Grace
	if grace <= 0 {
		grace = defaultGrace
	}
	d.ctx, d.stop = context.WithCancelCause(ctx)
	defer d.stop(nil)
	var kill context.CancelFunc
	d.requests, kill = context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	defer context.AfterFunc(d.ctx, func() { time.AfterFunc(grace, kill) })()
	return d.run(q)
}

// delivery is one Send.
type delivery struct {
	*Sender
	workers  int
	ctx      context.Context // ends when nothing more is to be begun
	stop     context.CancelCauseFunc
	requests context.Context // of what is on its way
	jobs     chan job
	outcomes chan outcome
	unknown  int // outcomes one after the other; the settler's
}

// job is a small case with its body.
type job struct {
	Entry
	body []byte
}

type outcome struct {
	entry Entry // as it was before it was begun
	Attempt
	fatal error // there is no use in sending others
	back  bool  // nothing was tried
}

func (d *delivery) run(q Queue) error {
	var senders sync.WaitGroup
	senders.Go(func() { d.feed(q.small) })
	for range min(d.workers, len(q.small)) {
		senders.Go(d.work)
	}
	senders.Go(func() { d.sendLarge(q.large) })
	settled := make(chan struct{})
	go func() { d.settle(); close(settled) }()
	senders.Wait()
	close(d.outcomes)
	<-settled
	return context.Cause(d.ctx)
}

// feed begins small cases page by page, the next while the last of those before are on their way.
func (d *delivery) feed(nos []int64) {
	defer close(d.jobs)
	for len(nos) > 0 && d.ctx.Err() == nil {
		n := min(len(nos), pageToSend)
		begun, err := d.Box.Begin(nos[:n])
		if err != nil {
			d.stop(err)
			return
		}
		nos = nos[n:]
		for _, e := range begun {
			body, err := d.Box.small(e)
			if err != nil {
				d.outcomes <- unsent(e, err)
				continue
			}
			d.jobs <- job{e, body}
		}
	}
}

// work sends small cases. Once the sending has ended it gives back what was begun.
func (d *delivery) work() {
	for j := range d.jobs {
		if d.ctx.Err() != nil {
			d.outcomes <- outcome{entry: j.Entry, back: true}
			continue
		}
		d.outcomes <- d.send(j.Entry, client.Bytes(j.body))
	}
}

func (d *delivery) sendLarge(nos []int64) {
	for _, no := range nos {
		if d.ctx.Err() != nil {
			return
		}
		begun, err := d.Box.Begin([]int64{no})
		if err != nil {
			d.stop(err)
			return
		}
		for _, e := range begun {
			d.outcomes <- d.send(
				e,
				client.Body{Open: func() (io.ReadCloser, error) { return d.Box.OpenBody(e) }, Size: e.Bytes},
			)
		}
	}
}

// send sends one case that was begun, and asks after it where a refusal alone proves nothing.
func (d *delivery) send(e Entry, body client.Body) outcome {
	o := outcome{entry: e, Attempt: Attempt{Entry: e.No, Began: d.Box.now()}}
	began := time.Now()
	accepted, err := d.Client.Receive(d.requests, body)
	o.Took = time.Since(began)
	if err == nil {
		o.Outcome, o.Status, o.Account = Accepted, 200, d.Account
		o.AcceptID, o.RequestID, o.Tries = accepted.AcceptID, accepted.RequestID, accepted.Attempts
		return o
	}
	o.judge(err)
	if o.Outcome == Refused && e.Doubt && !o.Sure {
		_, err := d.Client.Query(d.requests, api.QueryRequest{CaseID: e.CaseID})
		o.Sure = errors.Is(err, api.NoSuchCase)
	}
	return o
}

// judge says what an error of the client means for the case and for the others.
func (o *outcome) judge(err error) {
	if e, ok := errors.AsType[*client.Error](err); ok {
		o.Tries, o.Status, o.RequestID = e.Attempts, e.Status, e.RequestID
	}
	o.Message = clip(err.Error())
	refusal, refused := errors.AsType[*api.Refusal](err)
	if refused {
		o.Codes, o.Message = api.CodeList(refusal.Problems), messages(refusal.Problems)
	}
	switch {
	case errors.Is(err, client.ErrUnknown):
		o.Outcome = Unknown
	case refused && keepsOut(err):
		o.Outcome, o.fatal = Pending, err
	case refused && errors.Is(err, api.TooManyRequests):
		o.Outcome = Pending
	case refused:
		o.Outcome, o.Sure = Refused, errors.Is(err, api.Conflict)
	case errors.Is(err, ErrDamaged):
		o.Outcome = Pending
	default:
		o.Outcome, o.fatal = Pending, err
	}
}

// keepsOut: a refusal of the sender, not of the case.
func keepsOut(err error) bool {
	for _, c := range []api.Code{
		api.InvalidAppKey, api.MissingAppSecret, api.InvalidLogin, api.InvalidToken, api.NoSuchCall,
		api.MethodNotAllowed,
	} {
		if errors.Is(err, c) {
			return true
		}
	}
	return false
}

// unsent is the outcome of a case that could not even be read.
func unsent(e Entry, err error) outcome {
	return outcome{
		entry:   e,
		Attempt: Attempt{Entry: e.No, Began: time.Now(), Outcome: Pending, Message: clip(err.Error())},
	}
}

func messages(ps []api.Problem) string {
	var lines []string
	for _, p := range ps {
		lines = append(lines, p.Message())
	}
	return clip(strings.Join(lines, "\n"))
}

// clip bounds what is kept of an answer.
func clip(s string) string {
	const most = 8 << 10
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// settle makes outcomes durable in groups and then tells them.
func (d *delivery) settle() {
	var group []outcome
	for first := range d.outcomes {
		var as []Attempt
		var back []Entry
		group = d.gather(append(group[:0], first))
		for _, o := range group {
			if o.back {
				back = append(back, o.entry)
			} else {
				as = append(as, o.Attempt)
			}
		}
		if err := errors.Join(d.Box.Settle(as), d.Box.giveBack(back)); err != nil {
			d.stop(fmt.Errorf("发件箱：%w", err))
			continue // not told: nobody may rely on it
		}
		shared, err := d.Box.Sharing(as)
		if err != nil {
			d.stop(fmt.Errorf("发件箱：%w", err))
		}
		for _, o := range group {
			if !o.back {
				o.Shared = shared[o.Attempt.Entry]
				d.watch(o)
				d.Told(o.entry, o.Attempt)
			}
		}
	}
}

// gather waits a moment for others to join the first of a group.
func (d *delivery) gather(group []outcome) []outcome {
	late := time.After(gathering)
	for len(group) < maxSettle {
		select {
		case o, ok := <-d.outcomes:
			if !ok {
				return group
			}
			group = append(group, o)
		case <-late:
			return group
		}
	}
	return group
}

// watch ends the sending where the next case would fare no better.
func (d *delivery) watch(o outcome) {
	if o.fatal != nil {
		d.stop(o.fatal)
	}
	if d.unknown++; o.Outcome != Unknown {
		d.unknown = 0
	}
	if d.unknown >= max(d.workers, leastUnknown) {
		d.stop(ErrNoAnswers)
	}
}

// giveBack takes back that cases may be on their way: they were not sent.
func (b *Outbox) giveBack(es []Entry) error {
	if len(es) == 0 {
		return nil
	}
	return b.update(func() error {
		for _, e := range es {
			if _, err := b.conn.Exec(
				"UPDATE entry SET state = ? WHERE no = ? AND state = ?", e.State, e.No, Sending,
			); err != nil {
				return err
			}
		}
		return nil
	})
}
