package trial

import (
	"context"
	"fmt"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/wire"
)

// Run is what the checks of one run share.
type Run struct {
	Target
	Options
	ctx    context.Context
	wire   *wire.Wire
	mask   wire.Mask
	all    []*Answer // every one, in order
	shared string    // token of the session that most checks use
	Tokens []string  // every one that was handed out
	cases  int       // made so far
	silent int       // checks in a row that ended without an answer
	memo   map[string]bool

	failed map[string]string      // checks that failed, with the reason
	Mute   map[api.Call]bool      // calls that do not answer with JSON
	Owner  map[string]Credentials // who has a token
	Kept   []*Kept                // cases that were acknowledged
	Tally  Cases
	Unseen map[string]*Answer // members whose changes the target does not see, and how it answered them

	sessions map[Credentials]string // for requests in the name of other senders
}

// Begin prepares a run; it sends nothing yet. The error is ErrTarget.
func Begin(ctx context.Context, t Target, o Options) (*Run, error) {
	base, err := t.base()
	if err != nil {
		return nil, err
	}
	if t.Dialect == "" {
		t.Dialect = AnyDialect
	}
	r := &Run{
		Target:   t,
		Options:  o.withDefaults(),
		ctx:      ctx,
		wire:     wire.New(base, t.Roots),
		memo:     make(map[string]bool),
		failed:   make(map[string]string),
		Mute:     make(map[api.Call]bool),
		Owner:    make(map[string]Credentials),
		sessions: make(map[Credentials]string),
	}
	r.mask.Add(t.AppSecret)
	r.mask.Add(t.Stranger.AppSecret)
	return r, nil
}

// Close gives up the connections of the run.
func (r *Run) Close() { r.wire.HTTP.CloseIdleConnections() }

// Address is the {API_ROOT} of the target without a slash at its end.
func (r *Run) Address() string { return r.wire.Base.String() }

// Requests is how many requests were sent.
func (r *Run) Requests() int { return int(r.wire.Sent.Load()) }

// Wait sleeps, and ends early where the run is interrupted.
func (r *Run) Wait(d time.Duration) error { return r.Sleep(r.ctx, d) }

// Hide keeps a secret out of the report.
func (r *Run) Hide(secret string) { r.mask.Add(secret) }

// HasFailed reports whether the check of that ID has failed.
func (r *Run) HasFailed(id string) bool {
	_, failed := r.failed[id]
	return failed
}

// EndShared forgets the session that checks share; its next use signs in again.
func (r *Run) EndShared() { r.shared = "" }

// Last is the answer to the last request.
func (r *Run) Last() *Answer { return r.all[len(r.all)-1] }

// TryClosing sends a request to find out whether the target closes the connection after its answer.
func (r *Run) TryClosing(req wire.Request) { r.wire.Try(r.ctx, req) }

// Quietly says how the target closed connections without announcing it; "" if it did not.
func (r *Run) Quietly() string { return r.wire.Quietly() }

// Enter logs in once, to distinguish a target that does not conform from one that is not there.
func (r *Run) Enter() error {
	t := &Trial{Run: r}
	a := t.Do(wire.Request{Call: api.Login, Body: t.LoginBody(r.Credentials)})
	code := strings.Join(a.Codes(), "、")
	switch {
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case a.Err != nil:
		return fmt.Errorf("%w：%w", ErrUnreachable, a.Err)
	case !a.Object:
		return fmt.Errorf("%w：登录得到 HTTP %d，%s", ErrNotInterface, a.Status, a.Header.Get("Content-Type"))
	case !a.OK() && (a.Has(api.InvalidAppKey) || a.Has(api.MissingAppSecret) || a.Has(api.InvalidLogin)):
		return fmt.Errorf("%w：%s", ErrRefused, a.came())
	case a.Status == 404 && code != "":
		return fmt.Errorf("%w：%s", ErrNotInterface, a.came())
	}
	r.Took(a.Token())
	r.shared = a.Token()
	r.wire.Try(r.ctx, wire.Request{Call: api.Logout, Token: UnknownToken, Body: []byte("{}")})
	return nil
}

// Try runs the checks phase by phase and returns the results in the order of the checks.
func (r *Run) Try(checks []Check) ([]Result, error) {
	results := make([]Result, len(checks))
	var left []int
	var err error
	for _, phase := range []phase{FirstPhase, mainPhase, ChangePhase, RepeatPhase, OverallPhase} {
		for i, c := range checks {
			if c.phase != phase {
				continue
			}
			if err == nil {
				err = r.ctx.Err()
			}
			if err != nil {
				left = append(left, i)
				continue
			}
			results[i] = r.tryOne(c)
			err = r.gone()
		}
	}
	for _, i := range left {
		results[i] = Result{Check: checks[i], Outcome: NotTested, Reason: "检查中断：" + err.Error(), Steps: []Step{}}
	}
	return results, err
}

// gone is the error of a target that has stopped answering.
func (r *Run) gone() error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if r.silent < 5 {
		return nil
	}
	return fmt.Errorf("%w：连续 %d 项没有得到应答", ErrUnreachable, r.silent)
}

func (r *Run) tryOne(c Check) Result {
	if r.Started != nil {
		r.Started(c)
	}
	t := &Trial{Run: r, Check: c}
	how := t.attempt()
	res := Result{Check: c, Outcome: how.outcome, Reason: r.mask.Text(how.reason), Cause: how.cause, Steps: []Step{}}
	heard := len(t.Steps) == 0
	for _, s := range t.Steps {
		res.Steps = append(res.Steps, s.masked(&r.mask))
		heard = heard || s.heard
	}
	if res.Outcome == Failed {
		r.failed[c.ID] = res.Reason
	}
	if r.silent++; heard {
		r.silent = 0
	}
	if r.Done != nil {
		r.Done(res)
	}
	return res
}

// Took notes a token that was handed out.
func (r *Run) Took(token string) {
	if token != "" {
		r.mask.Add(token)
		r.Tokens = append(r.Tokens, token)
		r.Owner[token] = r.Credentials
	}
}

// ended is how a check ends early: by a panic with it, which attempt takes up.
type ended struct {
	outcome Outcome
	reason  string
	cause   string // see Result.Cause
}

// attempt runs the check.
func (t *Trial) attempt() (how ended) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(ended)
			if !ok {
				panic(p)
			}
			how = e
		}
	}()
	t.Check.run(t)
	return ended{outcome: Passed}
}
