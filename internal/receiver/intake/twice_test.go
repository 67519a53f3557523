package intake_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// twice is a store that runs every closure of an Update for nothing first, as the writer may: what the first run wrote
// is undone.
type twice struct {
	intake.Store
	between func() // runs before the run that counts; nil: nothing
}

var errUndone = errors.New("undone")

func (s *twice) Update(ctx context.Context, f func(intake.Tx) error) error {
	err := s.Store.Update(ctx, func(tx intake.Tx) error { return errors.Join(errUndone, f(tx)) })
	if !errors.Is(err, errUndone) {
		return err
	}
	if s.between != nil {
		s.between()
	}
	return s.Store.Update(ctx, f)
}

// A request that is refused for its content gets that refusal, although the session had ended, by the clock, when the
// closure ran in vain.
func TestRefusalOfTheRunThatCounts(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲局")
	problems := []api.Problem{{Code: api.InvalidJSON, Field: "caseid"}}
	o.wait(24 * time.Hour)
	again := &twice{o.store, func() { o.wait(-24 * time.Hour) }}
	d := intake.NewDesk(intake.Config{Store: again, Clock: o.now})
	in := o.submission(t, encode(t, caseOf("a", entity(1))), "utf-8")
	defer in.Body.Close()
	err := d.Refuse(t.Context(), b.who, in, slices.Clone(problems))
	refusal, ok := errors.AsType[*api.Refusal](err)
	if !ok || len(refusal.Problems) != 1 || refusal.Problems[0].Code != api.InvalidJSON {
		t.Errorf("refused with %v", err)
	}
}

// Whether closures run once or twice, callers get the same answers and the store holds the same data.
func TestClosuresThatRunTwice(t *testing.T) {
	once, again := openOffice(t), openOffice(t)
	for o, s := range map[*office]intake.Store{once: once.store, again: &twice{Store: again.store}} {
		o.seat(intake.NewDesk(intake.Config{Store: s, Clock: o.now, Entropy: rand.NewChaCha8([32]byte{1})}))
	}
	sameRows(t, "what was said and kept", story(t, again), story(t, once))
}

// story is a working day. It returns all answers and stored data.
func story(t *testing.T, o *office) (lines []string) {
	say := func(what string, said any, err error) {
		lines = append(lines, fmt.Sprintf("%s: %v, %v", what, said, err))
	}
	ctx, root := t.Context(), intake.Actor("cli:root")
	first := o.first(t)
	clerk, token := o.enlist(t, root, "clerk1", intake.Clerk)
	say("officers", []string{first.Name, clerk.Name, token}, nil)
	b := o.admit(t, "甲局")
	say("app", b.Credentials, nil)
	r := o.send(t, b, caseOf("案1", entities(1, 4)...))
	say("case", r, nil)
	say("repeat", o.send(t, b, caseOf("案1", entities(1, 4)...)), nil)
	o.verify(t)
	c, err := o.RotateSecret(ctx, root, b.AppKey, time.Hour)
	say("secret", c, err)
	say("note", nil, o.AddNote(ctx, clerk, r.AcceptID, "备注"))
	say("ask", nil, o.AskReturn(ctx, clerk, r.AcceptID, "重报", ""))
	say("ask again", nil, o.AskReturn(ctx, clerk, r.AcceptID, "重报", ""))
	kase, err := o.TakeBody(ctx, clerk, r.AcceptID, "核对")
	say("body", kase.AcceptID, err)
	say("name", nil, o.ViewName(ctx, clerk, 1, 0))
	device, err := o.RememberDevice(ctx, token, "")
	say("device", device, err)
	link, err := o.ResetOperator(ctx, root, "clerk1")
	say("reset", link, err)
	say("policy", nil, o.SetPolicies(ctx, root, intake.Policies{intake.IdleMinutes: 20}))
	gap, err := o.LeaveGap(ctx, root, 7, "试")
	say("gap", gap, err)
	say("log out", nil, o.Logout(ctx, b.who))
	say("log out again", nil, o.Logout(ctx, b.who))
	for _, table := range []string{"audit", "case_event", "attempt", "gap", "device", "name_view", "app_secret"} {
		lines = append(lines, o.query(t, "SELECT json_array("+columnsOf(t, o, table)+") FROM "+table+" ORDER BY 1")...)
	}
	return lines
}

// columnsOf are the columns of a table, in hexadecimal where they could be bytes.
func columnsOf(t *testing.T, o *office, table string) (list string) {
	for i, name := range o.query(t, "SELECT name FROM pragma_table_info('"+table+"')") {
		if i > 0 {
			list += ", "
		}
		list += "hex(" + name + ")"
	}
	return list
}
