package intake_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
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
	for _, state := range []struct {
		name string
		come func()
	}{
		{"accepted", func() {}},
		{"publication asked", func() { step(o.AskPublish(ctx, clerk, id, day, "由")) }},
		{"withdrawn and verified", func() { step(o.WithdrawPublish(ctx, clerk, id)); o.verify(t) }},
		{"checked", func() { step(o.Check(ctx, clerk, id, "", nil)) }},
		{"published", func() { step(o.Publish(ctx, clerk, id, day)) }},
		{"return asked", func() { step(o.Unpublish(ctx, clerk, id, "由")); step(o.AskReturn(ctx, clerk, id, "由", "")) }},
		{"returned", func() { step(o.ConfirmReturn(ctx, reviewer, id, time.Time{})) }},
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
	for _, s := range []struct {
		name string
		may  bool
		err  error
	}{
		{"note", may.Note, d.AddNote(ctx, by, id, "备")},
		{"check", may.Check, d.Check(ctx, by, id, "", nil)},
		{"reopen", may.Reopen, d.Reopen(ctx, by, id, "由")},
		{"publish", may.Publish, d.Publish(ctx, by, id, day)},
		{"unpublish", may.Unpublish, d.Unpublish(ctx, by, id, "由")},
		{"ask", may.Ask, d.AskReturn(ctx, by, id, "由", "")},
		{"withdraw", may.Withdraw, d.WithdrawReturn(ctx, by, id)},
		{"decide", may.Decide, d.RefuseReturn(ctx, by, id, "由")},
		{"ask publish", may.AskPublish, d.AskPublish(ctx, by, id, day, "由")},
		{"withdraw publish", may.WithdrawPublish, d.WithdrawPublish(ctx, by, id)},
		{"agree", may.Agree, d.AgreePublish(ctx, by, id, time.Time{}, nil)},
	} {
		if done := errors.Is(s.err, errDry); done != s.may {
			t.Errorf("%s, %s, %s: offered %v, %v", state, by.Name, s.name, s.may, s.err)
		}
	}
}
