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

// Run tries the target and reports. It logs in first: an error with an empty report means that the target could not be
// reached, is something else, or did not let us in. Where it stops answering, or ctx ends, the report is as far as it
// came.
func Run(ctx context.Context, t Target, o Options) (Report, error) {
	base, err := t.base()
	if err != nil {
		return Report{}, err
	}
	chosen, unknown := Select(o.Checks)
	if len(unknown) > 0 {
		return Report{}, fmt.Errorf("%w：没有编号为 %s 的检查", ErrTarget, strings.Join(unknown, "、"))
	}
	if t.Dialect == "" {
		t.Dialect = AnyDialect
	}
	r := &run{Target: t, Options: o.withDefaults(), ctx: ctx, wire: newWire(base, t), memo: make(map[string]bool),
		failed: make(map[string]string), mute: make(map[api.Call]bool), owner: make(map[string]Credentials), sessions: make(map[Credentials]string)}
	defer r.wire.http.CloseIdleConnections()
	r.mask.add(t.AppSecret)
	r.mask.add(t.Stranger.AppSecret)
	report := Report{Tool: o.Tool, URL: base.String(), AppKey: t.AppKey, Account: t.Account, Dialect: t.Dialect, Strict: o.Strict,
		RunID: o.RunID, Began: r.Now().UTC().Round(time.Second)}
	if err := r.enter(); err != nil {
		return Report{}, err
	}
	report.Results, err = r.try(chosen)
	report.Ended = r.Now().UTC().Round(time.Second)
	report.Requests, report.Cases = int(r.wire.sent.Load()), r.tally
	report.Whole = err == nil && len(chosen) == len(Checks())
	report.finish()
	return report, err
}

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

// try runs the checks in their turns and returns the results in the order of the checks.
func (r *run) try(checks []Check) ([]Result, error) {
	results := make([]Result, len(checks))
	var left []int
	var err error
	for _, turn := range []turn{first, inOrder, closing, after, overall} {
		for i, c := range checks {
			if c.turn != turn {
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
