package intake_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/verify"
)

// Two persons decide on the same proposal at the same moment, each at a node of its own: one answer is kept and
// carried out, the other is refused. Neither node lets the person who proposed decide.
func TestNodesDecideOnce(t *testing.T) {
	const cases = 12
	o := openOffice(t)
	b := o.admit(t, "甲")
	var ids []string
	for i := range cases {
		ids = append(ids, o.send(t, b, caseOf(fmt.Sprint(i), entities(3*i, 3*i+3)...)).AcceptID)
	}
	c := openCluster(t, o, 2, nil)
	c.verify(t)
	one, other := receivertest.Decide(c.desks[0]), receivertest.Decide(c.desks[1])
	ctx, third := t.Context(), intake.Actor("console:c")
	kinds := []release.Kind{release.Release, release.Withhold, release.Return}
	for i, id := range ids {
		made, err := one.Propose(ctx, clerk, casework.Draft{AcceptID: id, Kind: kinds[i%3], Rows: "1-2", Reason: "由"})
		must(t, err)
		no := made.No
		p, err := other.ProposalFile(ctx, third, no)
		must(t, err)
		for _, d := range []receivertest.Decisions{one, other} {
			if err := d.ConfirmProposal(ctx, clerk, no, p.Now); !errors.Is(err, intake.ErrSamePerson) {
				t.Errorf("%s by one person: %v", id, err)
			}
		}
		second := []func() error{
			func() error { return other.ConfirmProposal(ctx, third, no, p.Now) },
			func() error { return other.RefuseProposal(ctx, third, no, "再看") },
			func() error { return other.WithdrawProposal(ctx, clerk, no) },
		}[i/3%3]
		errs := atOnce(func() error { return one.ConfirmProposal(ctx, reviewer, no, p.Now) }, second)
		c.holdOne(t, i, no, errs)
	}
	if _, err := verify.NewExaminer(c.desks[1]).Inspect(ctx, intake.System, func(f verify.Fault) {
		t.Errorf("%+v", f)
	}, nil); err != nil {
		t.Error(err)
	}
}

// atOnce does things at the same moment.
func atOnce(fs ...func() error) []error {
	errs, start := make([]error, len(fs)), make(chan struct{})
	var work sync.WaitGroup
	for i, f := range fs {
		work.Go(func() {
			<-start
			errs[i] = f()
		})
	}
	close(start)
	work.Wait()
	return errs
}

// holdOne holds that just one of two answers was taken, and that it is the one that is kept.
func (c *cluster) holdOne(t *testing.T, round int, no int64, errs []error) {
	t.Helper()
	won := 0
	if errs[0] != nil {
		won = 1
	}
	if errs[won] != nil || !errors.Is(errs[1-won], intake.ErrExists) {
		t.Errorf("round %d: %v", round, errs)
	}
	want := release.Confirmed
	if won == 1 {
		want = []release.Answer{release.Confirmed, release.Refused, release.Withdrawn}[round/3%3]
	}
	p, err := receivertest.Decide(c.desks[0]).ProposalFile(t.Context(), reviewer, no)
	must(t, err)
	f, err := receivertest.Decide(c.desks[0]).CaseFile(t.Context(), reviewer, p.Case.AcceptID)
	must(t, err)
	n := f.Firms
	decided := n.Released + n.Withheld + n.Returned
	if p.Answer != want || (decided > 0) != (want == release.Confirmed) {
		t.Errorf("round %d: %v, not %v; %+v", round, p.Answer, want, n)
	}
}
