package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/receiver/intake"
)

// anOperator has something in every field.
func anOperator(name string) intake.Operator {
	return intake.Operator{Name: name, Person: "乌云其木格", Phone: "0471", Role: intake.Clerk, Disabled: true,
		Created: at(1), Password: "$argon2id$",
		TOTP: []byte{0, 1, 255}, TOTPStep: 1 << 40, PasswordSet: at(2), Failures: 3, Locked: at(4),
		Identity: []byte{7}, SetUpFrom: "10.1.2.3", Founder: intake.Auditor, Founded: at(6),
		Waits: intake.Change{Kind: intake.ChangeRole, At: at(7), By: "console:x", Role: intake.Reviewer,
			Identity: []byte{8}},
		Renewed: intake.Change{Kind: intake.ChangeReset, At: at(8), By: "cli:y"}}
}

func addOperator(t testing.TB, s intake.Store, o intake.Operator) intake.Operator {
	t.Helper()
	update(t, s, func(tx intake.Tx) (err error) { o.ID, err = tx.InsertOperator(o); return err })
	return o
}

func look(t testing.TB, s intake.Store, f func(intake.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func testOperators(t *testing.T, s intake.Store) {
	b := addOperator(t, s, anOperator("b"))
	a := addOperator(t, s, intake.Operator{Name: "a", Role: intake.Auditor, TOTP: []byte{}, Created: at(5),
		Identity: []byte{}, Waits: intake.Change{Identity: []byte{}}})
	if err := s.Update(t.Context(), func(tx intake.Tx) error {
		_,
			err := tx.InsertOperator(anOperator("b"))
		return err
	}); !errors.Is(err, intake.ErrExists) {
		t.Errorf("a name twice: %v", err)
	}
	c := anOperator("b")
	c.ID, c.Person, c.Role, c.Disabled, c.TOTP, c.Locked = b.ID, "别人", intake.Reviewer, false, []byte("x"), time.Time{}
	update(t, s, func(tx intake.Tx) error { return tx.UpdateOperator(c) })
	look(t, s, func(tx intake.Tx) error {
		all, err := tx.Operators()
		byName, _ := tx.Operator("b")
		byID, _ := tx.OperatorByID(a.ID)
		_, missing := tx.Operator("B")
		_, gone := tx.OperatorByID(a.ID + b.ID)
		if diff := cmp.Diff([]intake.Operator{a, c}, all) + cmp.Diff(c, byName) + cmp.Diff(a, byID); diff != "" ||
			missing != intake.ErrNotFound || gone != intake.ErrNotFound {
			t.Error(diff, missing, gone)
		}
		return err
	})
}

func testInvitations(t *testing.T, s intake.Store) {
	o := addOperator(t, s, anOperator("a"))
	one := intake.Invitation{Token: intake.HashToken("1"), OperatorID: o.ID, Expires: at(10)}
	first := intake.Invitation{Token: intake.HashToken("2"), Expires: at(20)}
	update(t, s, func(tx intake.Tx) error { return errors.Join(tx.InsertInvitation(one), tx.InsertInvitation(first)) })
	holds := func(what string, token intake.TokenHash, want error) {
		t.Helper()
		look(t, s, func(tx intake.Tx) error {
			if _, err := tx.Invitation(token); err != want {
				t.Errorf("%s: %v", what, err)
			}
			return nil
		})
	}
	look(t, s, func(tx intake.Tx) error {
		in, err := tx.Invitation(one.Token)
		if diff := cmp.Diff(one, in); diff != "" {
			t.Error(diff)
		}
		return err
	})
	update(t, s, func(tx intake.Tx) error { return tx.DeleteInvitations(0) })
	holds("deleted", first.Token, intake.ErrNotFound)
	update(t, s, func(tx intake.Tx) error { return tx.SweepVisits(at(10), at(0)) })
	holds("to its last instant", one.Token, nil)
	update(t, s, func(tx intake.Tx) error { return tx.SweepVisits(at(11), at(0)) })
	holds("over", one.Token, intake.ErrNotFound)
}

func testVisits(t *testing.T, s intake.Store) {
	a, b := addOperator(t, s, anOperator("a")), addOperator(t, s, anOperator("b"))
	visit := func(name string, of intake.Operator, n int) intake.Visit {
		return intake.Visit{Token: intake.HashToken(name), OperatorID: of.ID, Created: at(n), Seen: at(n),
			Source: "10.1.2.3", Agent: "Mozilla/5.0"}
	}
	all := []intake.Visit{visit("1", a, 1), visit("2", a, 2), visit("3", b, 3), visit("4", a, 4)}
	for _, v := range all {
		update(t, s, func(tx intake.Tx) error { return tx.InsertVisit(v) })
	}
	open := func(of int64, want ...intake.Visit) {
		t.Helper()
		look(t, s, func(tx intake.Tx) error {
			vs, err := tx.Visits(of)
			if diff := cmp.Diff(want, vs); diff != "" {
				t.Error(diff)
			}
			return err
		})
	}
	open(0, all[3], all[2], all[1], all[0])
	open(b.ID, all[2])
	update(t, s, func(tx intake.Tx) error {
		return errors.Join(tx.TouchVisit(all[1].Token, at(9)), tx.EndVisit(all[3].Token, at(8)),
			tx.TouchVisit(all[3].Token, at(9)))
	})
	all[1].Seen = at(9)
	open(a.ID, all[1], all[0])
	look(t, s, func(tx intake.Tx) error {
		ended, err := tx.Visit(all[3].Token)
		if !ended.Ended.Equal(at(8)) || !ended.Seen.Equal(at(4)) {
			t.Errorf("%+v", ended)
		}
		return err
	})
	update(t, s, func(tx intake.Tx) error { return tx.EndVisits(a.ID, all[0].Token, at(10)) })
	open(0, all[2], all[0])
	update(t, s, func(tx intake.Tx) error { return tx.SweepVisits(at(99), at(3)) })
	open(0, all[2])
	look(t, s, func(tx intake.Tx) error {
		if _, err := tx.Visit(all[0].Token); err != intake.ErrNotFound {
			t.Errorf("swept: %v", err)
		}
		return nil
	})
}

func testPolicies(t *testing.T, s intake.Store) {
	o := addOperator(t, s, anOperator("a"))
	update(t, s, func(tx intake.Tx) error {
		return errors.Join(tx.SetPolicy(intake.IdleMinutes, 7), tx.SetPolicy(intake.LockAfter, 3),
			tx.SetPolicy(intake.IdleMinutes, 8),
			tx.SetPreference(o.ID, intake.CaseColumns, "a"), tx.SetPreference(o.ID, intake.CaseColumns, "乙"))
	})
	look(t, s, func(tx intake.Tx) error {
		ps, err := tx.Policies()
		value, missing := tx.Preference(o.ID, intake.CaseColumns)
		_, none := tx.Preference(o.ID, intake.CaseColumns+1)
		if diff := cmp.Diff(map[intake.PolicyKind]int64{intake.IdleMinutes: 8, intake.LockAfter: 3},
			ps); diff != "" || value != "乙" || missing != nil || none != intake.ErrNotFound {
			t.Error(diff, value, missing, none)
		}
		return err
	})
}
