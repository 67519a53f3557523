package intake_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// staffed is an office with its founders, who are active without approval: the first of each role that manages or
// approves.
type staffed struct {
	*office
	admin, sec, auditor intake.Officer
}

func openStaffed(t testing.TB) *staffed {
	o := openOffice(t)
	s := &staffed{office: o, admin: o.first(t)}
	s.sec, _ = o.enlist(t, s.admin, "sec1", intake.SecurityAdmin)
	s.auditor, _ = o.enlist(t, s.admin, "aud1", intake.Auditor)
	return s
}

// setUp has an operator created and set up, and not approved.
func (s *staffed) setUp(t testing.TB, name string, role intake.Role) {
	t.Helper()
	link, err := s.CreateOperator(
		t.Context(),
		s.admin,
		staff.OperatorSpec{Name: name, Person: "甲", Role: role, Identifier: name},
	)
	must(t, err)
	token, err := s.Enrol(
		t.Context(),
		staff.Enrolment{Token: link, Password: password, TOTP: secret, Code: s.code(t), Source: "10.9.9.9"},
	)
	if err != nil || token != "" {
		t.Fatalf("%s is set up: %q, %v", name, token, err)
	}
}

// The first of a role that manages or approves begins without approval, once and for all, and everybody can see it.
func TestFounders(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	es, err := s.EntriesAfter(ctx, intake.System, 0, 100)
	must(t, err)
	var found []string
	for _, e := range es {
		if e.Action == "operator found" {
			found = append(found, e.Target)
			if !e.Alarming() {
				t.Errorf("no alarm: %+v", e)
			}
		}
	}
	if got := strings.Join(found, " "); got != "admin1 sec1 aud1" {
		t.Errorf("founders: %s", got)
	}
	for i, role := range []intake.Role{
		intake.SystemAdmin, intake.SecurityAdmin, intake.Auditor, intake.Clerk, intake.Reviewer,
	} {
		name := string(role) + "-2"
		s.setUp(t, name, role)
		s.wait(time.Minute)
		if _, err := s.signIn(t, name, password, s.code(t)); !errors.Is(err, staff.ErrWaits) {
			t.Errorf("%d: the second %s signs in: %v", i, role, err)
		}
		if _, err := s.signIn(t, name, "wrong-Password1", s.code(t)); err != staff.ErrSignIn {
			t.Errorf("%d: with a wrong password: %v", i, err)
		}
	}
}

// The place of the first account of a role is held until that account is set up. It is free again where the account is
// disabled before that, and never after.
func TestFounderPlace(t *testing.T) {
	o := openOffice(t)
	ctx, admin := t.Context(), o.first(t)
	create := func(name string) string {
		link, err := o.CreateOperator(
			ctx,
			admin,
			staff.OperatorSpec{Name: name, Person: "甲", Role: intake.SecurityAdmin, Identifier: name},
		)
		must(t, err)
		return link
	}
	enrol := func(link string) string {
		o.wait(time.Minute)
		token, err := o.Enrol(ctx, staff.Enrolment{Token: link, Password: password, TOTP: secret, Code: o.code(t)})
		must(t, err)
		return token
	}
	create("sec1")
	if enrol(create("sec2")) != "" {
		t.Error("two firsts at a time")
	}
	must(t, o.SetOperatorDisabled(ctx, admin, "sec2", true))
	must(t, o.SetOperatorDisabled(ctx, admin, "sec1", true))
	if enrol(create("sec3")) != "" {
		t.Error("sec2 has been set up: the role has had somebody")
	}
	o = openOffice(t)
	admin = o.first(t)
	create("sec1")
	must(t, o.SetOperatorDisabled(ctx, admin, "sec1", true))
	link := create("sec2")
	again, err := o.ResetOperator(ctx, admin, "sec2")
	must(t, err)
	if _, err := o.Enrol(
		ctx,
		staff.Enrolment{Token: link, Password: password, TOTP: secret, Code: o.code(t)},
	); !errors.Is(err, staff.ErrNoInvitation) {
		t.Errorf("the link before: %v", err)
	}
	if enrol(again) == "" {
		t.Error("the first waits")
	}
	must(t, o.SetOperatorDisabled(ctx, admin, "sec1", false))
	link, err = o.ResetOperator(ctx, admin, "sec1")
	must(t, err)
	if enrol(link) != "" {
		t.Error("a second first")
	}
}

// A change is approved by a role that approves it, and neither by its requester nor by the holder of the account.
func TestApprovers(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	for role, by := range map[intake.Role]string{
		intake.Clerk:         "sec",
		intake.Reviewer:      "sec",
		intake.SystemAdmin:   "sec",
		intake.SecurityAdmin: "aud",
		intake.Auditor:       "aud sec",
	} {
		name := string(role) + "-2"
		s.setUp(t, name, role)
		for who, officer := range map[string]intake.Officer{"sec": s.sec, "aud": s.auditor, "adm": s.admin} {
			must(t, s.tryApprove(t, officer, name, strings.Contains(by, who)))
		}
	}
	if err := s.ApproveOperator(ctx, s.sec, "clerk-2", time.Time{}); !errors.Is(err, intake.ErrExists) {
		t.Errorf("approved twice: %v", err)
	}
	s.wait(time.Minute)
	if _, err := s.signIn(t, "clerk-2", password, s.code(t)); err != nil {
		t.Errorf("approved: %v", err)
	}
}

// tryApprove tries to approve a change. It is an error where the approval succeeds although it may not, or fails
// although it may.
func (s *staffed) tryApprove(t testing.TB, by intake.Officer, name string, may bool) error {
	t.Helper()
	err := s.ApproveOperator(t.Context(), by, name, time.Time{})
	switch {
	case !may && !errors.Is(err, staff.ErrNotApprover) && err != intake.ErrForbidden &&
		!errors.Is(err, intake.ErrExists):
		t.Errorf("%s approves %s: %v", by.Name, name, err)
	case may && err != nil && !errors.Is(err, intake.ErrExists):
		t.Errorf("%s may not approve %s: %v", by.Name, name, err)
	}
	return nil
}

// Before the account is set up it is not approved, and a page that shows an earlier request approves nothing.
func TestApprovalOfWhatWasSeen(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	_, err := s.CreateOperator(
		ctx,
		s.admin,
		staff.OperatorSpec{Name: "clerk1", Person: "甲", Role: intake.Clerk, Identifier: "clerk1"},
	)
	must(t, err)
	if err := s.ApproveOperator(ctx, s.sec, "clerk1", time.Time{}); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("not set up: %v", err)
	}
	seen := s.now()
	s.wait(time.Minute)
	link, err := s.ResetOperator(ctx, s.admin, "clerk1")
	must(t, err)
	_, err = s.Enrol(ctx, staff.Enrolment{Token: link, Password: password, TOTP: secret, Code: s.code(t)})
	must(t, err)
	if err := s.ApproveOperator(ctx, s.sec, "clerk1", seen); !errors.Is(err, intake.ErrExists) {
		t.Errorf("asked anew: %v", err)
	}
	must(t, s.ApproveOperator(ctx, s.sec, "clerk1", s.now()))
}

// A refusal disables an operator who was created, and enabling the operator does not get around it.
func TestRefusedOperator(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	s.setUp(t, "clerk1", intake.Clerk)
	if err := s.RefuseOperator(ctx, s.sec, "clerk1", " ", time.Time{}); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("without a reason: %v", err)
	}
	must(t, s.RefuseOperator(ctx, s.sec, "clerk1", "查无此人", time.Time{}))
	must(t, s.SetOperatorDisabled(ctx, s.admin, "clerk1", false))
	s.wait(time.Minute)
	if _, err := s.signIn(t, "clerk1", password, s.code(t)); !errors.Is(err, staff.ErrWaits) {
		t.Errorf("enabled: %v", err)
	}
	es, err := s.EntriesAfter(ctx, intake.System, 0, 100)
	must(t, err)
	if e := es[len(es)-3]; e.Action != "operator refuse" || !strings.Contains(e.Detail, "查无此人") ||
		e.By != "console:sec1" {
		t.Errorf("%+v", e)
	}
}

// A reset of the last usable operator of a role that approves changes nothing before a second person has agreed.
func TestResetOfLast(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	for name, approver := range map[string]intake.Officer{"sec1": s.auditor, "aud1": s.sec} {
		link, err := s.ResetOperator(ctx, s.admin, name)
		must(t, err)
		if _, err := s.Invited(ctx, link); !errors.Is(err, staff.ErrNotYet) {
			t.Errorf("%s: the link opens: %v", name, err)
		}
		if _, err := s.Visits(ctx, s.sec); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		must(t, s.RefuseOperator(ctx, approver, name, "本人没有申请", time.Time{}))
		if _, err := s.Invited(ctx, link); !errors.Is(err, staff.ErrNoInvitation) {
			t.Errorf("%s: the link after the refusal: %v", name, err)
		}
	}
	link, err := s.ResetOperator(ctx, s.admin, "sec1")
	must(t, err)
	must(t, s.ApproveOperator(ctx, s.auditor, "sec1", time.Time{}))
	if _, err := s.Visits(ctx, s.sec); err != intake.ErrSignedOut {
		t.Errorf("after the first approval: %v", err)
	}
	token, err := s.Enrol(ctx, staff.Enrolment{Token: link, Password: password, TOTP: secret, Code: s.code(t)})
	if err != nil || token != "" {
		t.Fatal(token, err)
	}
	must(t, s.ApproveOperator(ctx, s.auditor, "sec1", time.Time{}))
	s.wait(time.Minute)
	if _, err := s.signIn(t, "sec1", password, s.code(t)); err != nil {
		t.Error(err)
	}
}

// Another role counts from its approval on, and a change of role never leaves a watching role without anybody.
func TestAnotherRole(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	clerk, token := s.enlist(t, s.admin, "clerk1", intake.Clerk)
	if err := s.AskRole(ctx, s.admin, "aud1", intake.Clerk); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("the last auditor: %v", err)
	}
	must(t, s.AskRole(ctx, s.admin, "clerk1", intake.Reviewer))
	if err := s.AskRole(ctx, s.admin, "clerk1", intake.Auditor); !errors.Is(err, intake.ErrExists) {
		t.Errorf("asked twice: %v", err)
	}
	if who := s.officer(t, token); who.Role != intake.Clerk {
		t.Errorf("before the approval: %s", who.Role)
	}
	must(t, s.ApproveOperator(ctx, s.sec, "clerk1", time.Time{}))
	if _, err := s.Visits(ctx, clerk); err != intake.ErrSignedOut {
		t.Errorf("the visit of the old role: %v", err)
	}
	must(t, s.AskRole(ctx, s.admin, "clerk1", intake.SecurityAdmin))
	must(t, s.tryApprove(t, s.sec, "clerk1", false))
	must(t, s.ApproveOperator(ctx, s.auditor, "clerk1", time.Time{}))
}

// One person has no two accounts that check each other, whatever way the second is come by.
func TestOnePerson(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	create := func(name string, role intake.Role, id string) error {
		_, err := s.CreateOperator(
			ctx,
			s.admin,
			staff.OperatorSpec{Name: name, Person: "甲", Role: role, Identifier: id},
		)
		return err
	}
	const card = "11010519491231002X"
	must(t, create("clerk1", intake.Clerk, card))
	for _, same := range []string{
		card, "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002X ", "110105491231002",
	} {
		if err := create("review1", intake.Reviewer, same); !errors.Is(err, staff.ErrSameHolder) {
			t.Errorf("%q: %v", same, err)
		}
	}
	if err := create("x1", intake.Clerk, "110105194912310021"); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("a wrong check digit: %v", err)
	}
	if err := create("x1", intake.Clerk, ""); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("none: %v", err)
	}
	must(t, create("clerk2", intake.Clerk, card)) // two accounts that do not check each other
	must(t, create("review1", intake.Reviewer, "R-77"))
	if err := s.RegisterIdentity(ctx, s.admin, "review1", card); !errors.Is(err, staff.ErrSameHolder) {
		t.Errorf("registered later: %v", err)
	}
	s.letIn(t, "clerk2")
	must(t, s.SetOperatorDisabled(ctx, s.admin, "review1", true))
	must(t, create("review3", intake.Reviewer, "R-79"))
	if err := s.AskRole(ctx, s.admin, "clerk2", intake.Reviewer); !errors.Is(err, staff.ErrSameHolder) {
		t.Errorf("by another role: %v", err)
	}
	must(t, s.SetOperatorDisabled(ctx, s.admin, "clerk1", true))
	must(t, s.SetOperatorDisabled(ctx, s.admin, "clerk2", true))
	must(t, create("review2", intake.Reviewer, card))
	if err := s.SetOperatorDisabled(ctx, s.admin, "clerk1", false); !errors.Is(err, staff.ErrSameHolder) {
		t.Errorf("by enabling: %v", err)
	}
	for _, pair := range []string{"admin1 security-admin", "sec1 auditor", "aud1 system-admin"} {
		id, role, _ := strings.Cut(pair, " ")
		if err := create("second", intake.Role(role), id); !errors.Is(err, staff.ErrSameHolder) {
			t.Errorf("%s: %v", pair, err)
		}
	}
	for _, line := range s.query(t, "SELECT hex(identity) || detail FROM operator, audit") {
		if strings.Contains(line, "19491231") {
			t.Errorf("readable: %s", line)
		}
	}
}

// On the command line only another user who signed in at the machine approves, in an emergency, after a day; the audit
// and the log show it.
func TestEmergency(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	link, err := s.CreateOperator(
		ctx,
		intake.Actor("cli:a login:1001 uid:0"),
		staff.OperatorSpec{Name: "clerk1", Person: "甲", Role: intake.Clerk, Identifier: "c1"},
	)
	must(t, err)
	_, err = s.Enrol(ctx, staff.Enrolment{Token: link, Password: password, TOTP: secret, Code: s.code(t)})
	must(t, err)
	other := intake.Actor("cli:b login:1002")
	if err := s.ApproveInEmergency(ctx, other, "clerk1", "安全管理员均无法登录"); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("at once: %v", err)
	}
	s.wait(staff.EmergencyWait)
	for _, same := range []intake.Actor{"cli:a login:1001 uid:0 sudo:b", "cli:b login:1001", "cli:root", "cli:b"} {
		if err := s.ApproveInEmergency(ctx, same, "clerk1", "由"); !errors.Is(err, staff.ErrNotApprover) {
			t.Errorf("%s: %v", same, err)
		}
	}
	must(t, s.ApproveInEmergency(ctx, other, "clerk1", "安全管理员均无法登录"))
	es, err := s.EntriesAfter(ctx, intake.System, 0, 100)
	must(t, err)
	if e := es[len(es)-1]; !e.Alarming() || !strings.Contains(e.Detail, "均无法登录") {
		t.Errorf("%+v", e)
	}
}

// The inspection finds no fault in the data that approvals, refusals and deferred resets leave.
func TestApprovalsCheckClean(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	s.setUp(t, "clerk1", intake.Clerk)
	must(t, s.ApproveOperator(ctx, s.sec, "clerk1", time.Time{}))
	must(t, s.AskRole(ctx, s.admin, "clerk1", intake.Auditor))
	must(t, s.RefuseOperator(ctx, s.auditor, "clerk1", "不需要", time.Time{}))
	must(t, s.AskRole(ctx, s.admin, "clerk1", intake.Reviewer))
	must(t, s.ApproveOperator(ctx, s.sec, "clerk1", time.Time{}))
	s.setUp(t, "clerk2", intake.Clerk)
	must(t, s.RefuseOperator(ctx, s.sec, "clerk2", "查无此人", time.Time{}))
	_, err := s.ResetOperator(ctx, s.admin, "aud1")
	must(t, err)
	_, err = s.ResetOperator(ctx, s.admin, "sec1")
	must(t, err)
	must(t, s.ApproveOperator(ctx, s.auditor, "sec1", time.Time{}))
	must(t, s.ChangePerson(ctx, s.admin, "clerk1", staff.Particulars{Person: "乙", Phone: "1"}))
	holdClean(t, s.office)
}

// A disabled account stays disabled, whatever is decided about a change of it, and nothing is asked for it but to
// enable it.
func TestDecisionsOnDisabled(t *testing.T) {
	s := openStaffed(t)
	decide := map[string]func(name string) error{
		"approved": func(name string) error { return s.ApproveOperator(t.Context(), s.sec, name, time.Time{}) },
		"refused": func(name string) error {
			return s.RefuseOperator(t.Context(), s.sec, name, "不需要", time.Time{})
		},
	}
	for what, do := range decide {
		for _, kind := range []intake.ChangeKind{intake.ChangeRole, intake.ChangeIdentity, intake.ChangeRenew} {
			name := what + "-" + string(kind)
			s.setUp(t, name, intake.Clerk)
			must(t, s.ApproveOperator(t.Context(), s.sec, name, time.Time{}))
			must(t, s.SetOperatorDisabled(t.Context(), s.admin, name, true))
			s.alter(t, name, func(o *intake.Operator) {
				o.Waits = intake.Change{Kind: kind, At: s.now(), By: "console:admin1", Role: intake.Reviewer}
			})
			must(t, do(name))
			s.wait(time.Minute)
			if _, err := s.signIn(t, name, password, s.code(t)); err != staff.ErrSignIn {
				t.Errorf("%s: signs in: %v", name, err)
			}
			s.alter(t, name, func(o *intake.Operator) {
				if !o.Disabled {
					t.Errorf("%s: enabled", name)
				}
			})
		}
	}
}

// alter changes an operator behind the desk's back.
func (s *staffed) alter(t testing.TB, name string, change func(*intake.Operator)) {
	t.Helper()
	must(t, s.store.Update(t.Context(), func(tx intake.Tx) error {
		o, err := tx.Operator(name)
		if err != nil {
			return err
		}
		change(&o)
		return tx.UpdateOperator(o)
	}))
}

// For a disabled account no other identifier is asked for, and what the officer decides leaves nothing that the check
// of the database finds.
func TestIdentityOfDisabled(t *testing.T) {
	s := openStaffed(t)
	ctx := t.Context()
	s.setUp(t, "clerk1", intake.Clerk)
	must(t, s.ApproveOperator(ctx, s.sec, "clerk1", time.Time{}))
	must(t, s.SetOperatorDisabled(ctx, s.admin, "clerk1", true))
	if err := s.RegisterIdentity(ctx, s.admin, "clerk1", "other"); !errors.Is(err, intake.ErrInvalid) ||
		!strings.Contains(err.Error(), "已停用，请先启用") {
		t.Errorf("asked: %v", err)
	}
	if err := s.RefuseOperator(ctx, s.sec, "clerk1", "不需要", time.Time{}); err != nil &&
		!errors.Is(err, intake.ErrExists) {
		t.Error(err)
	}
	holdClean(t, s.office)
	must(t, s.SetOperatorDisabled(ctx, s.admin, "clerk1", false))
	must(t, s.ApproveOperator(ctx, s.sec, "clerk1", time.Time{}))
	must(t, s.RegisterIdentity(ctx, s.admin, "clerk1", "other"))
	must(t, s.RefuseOperator(ctx, s.sec, "clerk1", "不需要", time.Time{}))
	holdClean(t, s.office)
	s.wait(time.Minute)
	if _, err := s.signIn(t, "clerk1", password, s.code(t)); err != nil {
		t.Errorf("not disabled before: %v", err)
	}
}
