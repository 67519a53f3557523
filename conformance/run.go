package conformance

import (
	"context"
	"fmt"
	"strings"
	"time"

	"diaoxiao/api"
)

// run is what the checks of one run share.
type run struct {
	Target
	Options
	ctx    context.Context
	wire   *wire
	mask   mask
	all    []*answer // every one, in order
	shared string    // token of the session that most checks use
	tokens []string  // every one that was handed out
	cases  int       // made so far
	silent int       // checks in a row that ended without an answer
	memo   map[string]bool

	failed map[string]string      // checks that failed, with the reason
	mute   map[api.Call]bool      // calls that do not answer with JSON
	owner  map[string]Credentials // who has a token
	kept   []*kept                // cases that were acknowledged
	tally  Cases
	unseen map[string]*answer // members whose changes the target does not see, and how it answered them

	sessions map[Credentials]string // for what is sent in the name of others
}

// begin prepares a run; it sends nothing yet. The error is ErrTarget.
func begin(ctx context.Context, t Target, o Options) (*run, error) {
	base, err := t.base()
	if err != nil {
		return nil, err
	}
	if t.Dialect == "" {
		t.Dialect = AnyDialect
	}
	r := &run{
		Target:   t,
		Options:  o.withDefaults(),
		ctx:      ctx,
		wire:     newWire(base, t.Roots),
		memo:     make(map[string]bool),
		failed:   make(map[string]string),
		mute:     make(map[api.Call]bool),
		owner:    make(map[string]Credentials),
		sessions: make(map[Credentials]string),
	}
	r.mask.add(t.AppSecret)
	r.mask.add(t.Stranger.AppSecret)
	return r, nil
}

// close gives up the connections of the run.
func (r *run) close() { r.wire.http.CloseIdleConnections() }

// address is the {API_ROOT} of the target without a slash at its end.
func (r *run) address() string { return r.wire.base.String() }

// requests is how many requests were sent.
func (r *run) requests() int { return int(r.wire.sent.Load()) }

// wait sleeps, and ends early where the run is interrupted.
func (r *run) wait(d time.Duration) error { return r.Sleep(r.ctx, d) }

// hide keeps a secret out of the report.
func (r *run) hide(secret string) { r.mask.add(secret) }

// hasFailed reports whether the check of that ID has failed.
func (r *run) hasFailed(id string) bool {
	_, failed := r.failed[id]
	return failed
}

// endShared has the session that checks share opened anew when it is next used.
func (r *run) endShared() { r.shared = "" }

// last is the answer to the last request.
func (r *run) last() *answer { return r.all[len(r.all)-1] }

// tryClosing sends a request to find out whether the target closes the connection after its answer.
func (r *run) tryClosing(req request) { r.wire.try(r.ctx, req) }

// quietly is how the target closed connections without saying so; "" if it did not.
func (r *run) quietly() string { return r.wire.quietly() }

// enter logs in once, to tell a target that does not conform from one that is not there.
func (r *run) enter() error {
	t := &trial{run: r}
	a := t.do(request{call: api.Login, body: t.credentials(r.Credentials)})
	code := strings.Join(a.codes(), "、")
	switch {
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case a.err != nil:
		return fmt.Errorf("%w：%w", ErrUnreachable, a.err)
	case !a.object:
		return fmt.Errorf("%w：登录得到 HTTP %d，%s", ErrNotInterface, a.status, a.header.Get("Content-Type"))
	case !a.ok() && (a.has(api.InvalidAppKey) || a.has(api.MissingAppSecret) || a.has(api.InvalidLogin)):
		return fmt.Errorf("%w：%s", ErrRefused, a.came())
	case a.status == 404 && code != "":
		return fmt.Errorf("%w：%s", ErrNotInterface, a.came())
	}
	r.took(a.token())
	r.shared = a.token()
	r.wire.try(r.ctx, request{call: api.Logout, token: unknownToken, body: []byte("{}")})
	return nil
}

// try runs the checks phase by phase and returns the results in the order of the checks.
func (r *run) try(checks []Check) ([]Result, error) {
	results := make([]Result, len(checks))
	var left []int
	var err error
	for _, phase := range []phase{firstPhase, mainPhase, changePhase, repeatPhase, overallPhase} {
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
func (r *run) gone() error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if r.silent < 5 {
		return nil
	}
	return fmt.Errorf("%w：连续 %d 项没有得到应答", ErrUnreachable, r.silent)
}

func (r *run) tryOne(c Check) Result {
	if r.Started != nil {
		r.Started(c)
	}
	t := &trial{run: r, check: c}
	how := t.attempt()
	res := Result{Check: c, Outcome: how.outcome, Reason: r.mask.text(how.reason), Cause: how.cause, Steps: []Step{}}
	heard := len(t.steps) == 0
	for _, s := range t.steps {
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

// took notes a token that was handed out.
func (r *run) took(token string) {
	if token != "" {
		r.mask.add(token)
		r.tokens = append(r.tokens, token)
		r.owner[token] = r.Credentials
	}
}

// ended is how a check ends early: by a panic with it, which attempt takes up.
type ended struct {
	outcome Outcome
	reason  string
	cause   string // see Result.Cause
}

// attempt runs the check.
func (t *trial) attempt() (how ended) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(ended)
			if !ok {
				panic(p)
			}
			how = e
		}
	}()
	t.check.run(t)
	return ended{outcome: Passed}
}
