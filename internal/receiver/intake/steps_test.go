package intake_test

import (
	"context"
	"errors"
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// errDry undoes the changes of a step.
var errDry = errors.New("dry")

type dryStore struct{ intake.Store }

func (s dryStore) Update(ctx context.Context, f func(intake.Tx) error) error {
	return s.Store.Update(ctx, func(tx intake.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return errDry
	})
}

// A step that StepsOf offers succeeds, and one that it does not offer is refused, in each state of a case and for each
// role.
func TestStepsAreThoseOfTheUseCases(t *testing.T) {
	o := openOffice(t)
	root := intake.Actor("cli:root")
	clerk, _ := o.enlist(t, root, "clerk1", intake.Clerk)
	other, _ := o.enlist(t, root, "clerk2", intake.Clerk)
	reviewer, _ := o.enlist(t, root, "reviewer1", intake.Reviewer)
	id := o.send(t, o.admit(t, "甲"), caseOf("1号", entity(1))).AcceptID
	const day = "2026-03-18"
	ctx := t.Context()
	step := func(err error) { t.Helper(); must(t, err) }
	propose := func(k release.Kind) func() {
		return func() {
			o.propose(t, clerk, casework.Draft{AcceptID: id, Kind: k, Rows: "1", Reason: "由"})
		}
	}
	confirm := func(k release.Kind) func() {
		return func() { step(o.ConfirmWaiting(ctx, reviewer, id, k)) }
	}
	for _, state := range []struct {
		name string
		come func()
	}{
		{"accepted", func() {}},
		{"verified", func() { o.verify(t) }},
		{"checked", func() { step(o.Check(ctx, clerk, id, "", nil)) }},
		{"withholding asked", propose(release.Withhold)},
		{"withheld", confirm(release.Withhold)},
		{"recall asked", propose(release.Recall)},
		{"recalled", confirm(release.Recall)},
		{"release asked", propose(release.Release)},
		{"released", confirm(release.Release)},
		{"published", func() { step(o.Publish(ctx, clerk, id, day)) }},
		{"return asked", func() { step(o.Unpublish(ctx, clerk, id, "由")); propose(release.Return)() }},
		{"returned", confirm(release.Return)},
	} {
		state.come()
		for _, by := range []intake.Officer{clerk, other, reviewer} {
			holdSteps(t, o, state.name, by, id, day)
		}
	}
}

func holdSteps(t *testing.T, o *office, state string, by intake.Officer, id, day string) {
	t.Helper()
	f, err := o.CaseFile(t.Context(), by, id)
	must(t, err)
	may, ctx := casework.StepsOf(by, f.CaseRow), t.Context()
	d := casework.New(intake.NewDesk(intake.Config{Store: dryStore{o.store}, Clock: o.now}))
	type try struct {
		name string
		may  bool
		err  error
	}
	tries := []try{
		{"note", may.Note, d.AddNote(ctx, by, id, "备")},
		{"check", may.Check, d.Check(ctx, by, id, "", nil)},
		{"reopen", may.Reopen, d.Reopen(ctx, by, id, "由")},
		{"publish", may.Publish, d.Publish(ctx, by, id, day)},
		{"unpublish", may.Unpublish, d.Unpublish(ctx, by, id, "由")},
		{"correct", may.CorrectDay, d.CorrectDay(ctx, by, id, "2026-03-17", "由")},
	}
	if len(f.Waits) == 0 { // otherwise it depends on the firm
		err := d.CheckFirms(ctx, by, id, casework.Compared{Rows: "1", Outcome: release.Agrees})
		tries = append(tries, try{"check firms", may.CheckFirms, err})
	}
	for _, k := range release.Kinds() {
		if len(f.Waits) > 0 && k != release.Return {
			continue // it depends on the firm
		}
		_, err := d.Propose(ctx, by, casework.Draft{AcceptID: id, Kind: k, Rows: "1", Reason: "由", Day: dayOf(k, day)})
		tries = append(tries, try{"propose " + k.Code(), may.Propose.Has(k), err})
	}
	for _, p := range f.Waits {
		tries = append(tries,
			try{"withdraw " + p.Kind.Code(), p.MayWithdraw(by), d.WithdrawProposal(ctx, by, p.No)},
			try{"decide " + p.Kind.Code(), p.MayDecide(by), d.RefuseProposal(ctx, by, p.No, "由")})
	}
	for _, s := range tries {
		if done := errors.Is(s.err, errDry); done != s.may {
			t.Errorf("%s, %s, %s: offered %v, %v", state, by.Name, s.name, s.may, s.err)
		}
	}
}

// dayOf is the day of a draft.
func dayOf(k release.Kind, day string) string {
	if k == release.Publish {
		return day
	}
	return ""
}
