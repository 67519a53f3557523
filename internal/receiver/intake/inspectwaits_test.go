package intake_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// walk is a random history of operators: any change, in any order, by any person, whether permitted or not.
type walk struct {
	*staffed
	*rand.Rand
	links map[string]string // the last of each operator
	did   map[string]int
}

var (
	walkers = []string{
		"clerk1", "clerk1", "clerk1", "clerk1", "clerk2", "clerk2", "clerk2", "sec1", "sec2", "aud1", "aud2", "adm2",
	}
	logins = []intake.Actor{"cli:a login:1001", "cli:b login:1002"}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// as begins a visit of an operator who could sign in, without the desk.
func (w *walk) as(t testing.TB, name string) intake.Officer {
	token := "walk " + name + w.now().String()
	var v intake.Visit
	must(t, w.store.Update(t.Context(), func(tx intake.Tx) error {
		o, err := tx.Operator(name)
		if err != nil || o.Disabled || o.Suspended() || o.Password == "" {
			return nil
		}
		v = intake.Visit{
			Token:      intake.HashToken(token),
			OperatorID: o.ID,
			Created:    w.now(),
			Seen:       w.now(),
			Source:     "10.1.2.3",
		}
		return tx.InsertVisit(v)
	}))
	return intake.Officer{Visit: v}
}

// step does one thing, which may be refused.
func (w *walk) step(t testing.TB) {
	ctx, name, by := t.Context(), pick(w.Rand, walkers), pick(w.Rand, logins)
	role := pick(
		w.Rand,
		[]intake.Role{intake.Clerk, intake.Reviewer, intake.SystemAdmin, intake.SecurityAdmin, intake.Auditor},
	)
	security, auditor := w.as(t, "sec1"), w.as(t, "aud1")
	deeds := map[string]func() error{
		"create": func() error {
			link, err := w.CreateOperator(
				ctx,
				by,
				staff.OperatorSpec{Name: name, Person: "甲 waits=无", Role: role, Identifier: name},
			)
			if err == nil {
				w.links[name] = link
			}
			return err
		},
		"reset": func() error {
			link, err := w.ResetOperator(ctx, by, name)
			if err == nil {
				w.links[name] = link
			}
			return err
		},
		"set up": func() error {
			_, err := w.Enrol(ctx, staff.Enrolment{
				Token:    w.links[name],
				Password: password,
				TOTP:     secret,
				Code:     w.code(t),
				Source:   "10.9.9.9",
			})
			return err
		},
		"disable":  func() error { return w.SetOperatorDisabled(ctx, by, name, true) },
		"enable":   func() error { return w.SetOperatorDisabled(ctx, by, name, false) },
		"role":     func() error { return w.AskRole(ctx, by, name, role) },
		"identity": func() error { return w.RegisterIdentity(ctx, by, name, name+w.now().Format("150405")) },
		"person": func() error {
			return w.ChangePerson(ctx, by, name, staff.Particulars{Person: "乙" + w.now().String(), Phone: "1"})
		},
		"unlock": func() error { return w.UnlockOperator(ctx, by, name) },
		"approve": func() error {
			if w.ApproveOperator(ctx, security, name, time.Time{}) == nil {
				return nil
			}
			return w.ApproveOperator(ctx, auditor, name, time.Time{})
		},
		"refuse": func() error {
			if w.RefuseOperator(ctx, security, name, "waits=启用", time.Time{}) == nil {
				return nil
			}
			return w.RefuseOperator(ctx, auditor, name, "waits=启用", time.Time{})
		},
		"emergency": func() error {
			w.wait(staff.EmergencyWait)
			if w.ApproveInEmergency(ctx, logins[0], name, "无人 waits=启用") == nil {
				return nil
			}
			return w.ApproveInEmergency(ctx, logins[1], name, "无人 waits=启用")
		},
	}
	deed := pick(w.Rand, []string{
		"create", "create", "reset", "set up", "set up", "set up", "disable", "enable", "role", "role", "role",
		"identity", "identity", "person", "unlock", "approve", "approve", "approve", "refuse", "emergency",
		"emergency",
	})
	if deeds[deed]() == nil {
		w.did[deed]++
	}
	w.wait(time.Minute)
}

// Whatever is done with operators, in any order, the check of the database finds nothing.
func TestOperatorsCheckClean(t *testing.T) {
	did := map[string]int{}
	for seed := range uint64(4) {
		w := &walk{
			staffed: &staffed{office: openOffice(t)},
			Rand:    rand.New(rand.NewPCG(seed, 1)),
			links:   map[string]string{},
			did:     did,
		}
		if seed%2 == 0 {
			w.staffed = openStaffed(t)
		} else {
			w.first(t)
		}
		for n := range 120 {
			w.step(t)
			if holdClean(t, w.office); t.Failed() {
				t.Fatalf("seed %d, step %d", seed, n)
			}
		}
	}
	t.Log(did)
	for _, deed := range []string{
		"create", "reset", "set up", "disable", "enable", "role", "identity", "person", "unlock", "approve", "refuse",
		"emergency",
	} {
		if did[deed] == 0 {
			t.Errorf("%s: never done", deed)
		}
	}
}

// The check of the database sees another thing that waits than what the audit has, and nothing where an older program
// wrote the audit.
func TestWaitsAgainstTheAudit(t *testing.T) {
	s := openStaffed(t)
	s.setUp(t, "clerk1", intake.Clerk)
	for what, forge := range map[string]func(*intake.Operator){
		"cleared":  func(o *intake.Operator) { o.Waits = intake.Change{} },
		"kind":     func(o *intake.Operator) { o.Waits.Kind = intake.ChangeEnable },
		"role":     func(o *intake.Operator) { o.Waits.Role = intake.Reviewer },
		"by":       func(o *intake.Operator) { o.Waits.By = "cli:x" },
		"at":       func(o *intake.Operator) { o.Waits.At = o.Waits.At.Add(time.Millisecond) },
		"identity": func(o *intake.Operator) { o.Waits.Identity = []byte("x") },
	} {
		var was intake.Operator
		s.alter(t, "clerk1", func(o *intake.Operator) { was = *o; forge(o) })
		if faults, _ := s.inspect(t); len(faults) != 1 || !strings.Contains(faults[0], "等待批准的变更") {
			t.Errorf("%s: %q", what, faults)
		}
		s.alter(t, "clerk1", func(o *intake.Operator) { *o = was })
	}
	holdClean(t, s.office)
}

// An operator of an older program, whose audit does not say what waits, is active without a fault, and followed from
// the next change on.
func TestWaitsOfAnOlderProgram(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	must(t, s.store.Update(ctx, func(tx intake.Tx) error {
		if _, err := tx.InsertOperator(intake.Operator{
			Name:        "old1",
			Person:      "甲",
			Role:        intake.Clerk,
			Created:     s.now(),
			Password:    "x",
			PasswordSet: s.now(),
		}); err != nil {
			return err
		}
		for _, e := range []intake.AuditEntry{
			{Action: "operator create", Detail: `person="甲" role=业务员`},
			{Action: "operator enrol", Detail: "role=业务员 source=x"},
			{Action: "operator enable"},
		} {
			e.At, e.By, e.Target = s.now(), "cli:root", "old1"
			if err := tx.AppendAudit(e); err != nil {
				return err
			}
		}
		return nil
	}))
	holdClean(t, s.office)
	must(t, s.AskRole(ctx, s.admin, "old1", intake.Reviewer))
	holdClean(t, s.office)
	s.alter(t, "old1", func(o *intake.Operator) { o.Waits = intake.Change{} })
	if faults, _ := s.inspect(t); len(faults) != 1 {
		t.Errorf("cleared: %q", faults)
	}
	if err := s.ApproveOperator(ctx, s.sec, "old1", time.Time{}); !errors.Is(err, intake.ErrExists) {
		t.Error(err)
	}
}
