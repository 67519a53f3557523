package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/staff"
)

var secret = []byte("an operator's second")

// code is the code of now, as an operator's device shows it.
func (o *office) code(testing.TB) string { return credential.Code(secret, o.now()) }

const password = "Hulunbuir-1958"

// first is the first administrator, signed in.
func (o *office) first(t testing.TB) intake.Officer {
	t.Helper()
	link, err := o.FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token, err := o.Enrol(t.Context(), staff.Enrolment{
		Token:      link,
		Name:       "admin1",
		Person:     "系统管理员甲",
		Identifier: "admin1",
		Password:   password,
		TOTP:       secret,
		Code:       o.code(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	return o.officer(t, token)
}

func (o *office) officer(t testing.TB, token string) intake.Officer {
	t.Helper()
	who, err := o.Officer(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// enlist creates and enrols an operator, and returns the operator signed in, with the token of the visit.
func (o *office) enlist(t testing.TB, by intake.By, name string, role intake.Role) (who intake.Officer, token string) {
	t.Helper()
	link, err := o.CreateOperator(
		t.Context(),
		by,
		staff.OperatorSpec{Name: name, Person: "甲", Role: role, Identifier: name},
	)
	must(t, err)
	token, err = o.Enrol(
		t.Context(),
		staff.Enrolment{Token: link, Password: password, TOTP: secret, Code: o.code(t), Source: "10.1.2.3"},
	)
	must(t, err)
	if token == "" {
		token = o.letIn(t, name)
	}
	return o.officer(t, token), token
}

// letIn has an operator approved behind the desk's back, for tests of something else, and begins a visit.
func (o *office) letIn(t testing.TB, name string) (token string) {
	t.Helper()
	token = "visit of " + name + o.now().String()
	must(t, o.store.Update(t.Context(), func(tx intake.Tx) error {
		who, err := tx.Operator(name)
		if err != nil {
			return err
		}
		who.Waits = intake.Change{}
		if err := tx.UpdateOperator(who); err != nil {
			return err
		}
		return tx.InsertVisit(intake.Visit{
			Token:      intake.HashToken(token),
			OperatorID: who.ID,
			Created:    o.now(),
			Seen:       o.now(),
			Source:     "10.1.2.3",
		})
	}))
	return token
}

// quickly takes the place of the slow hash of identifiers.
func quickly(salt []byte, identifier string) []byte { return append(bytes.Clone(salt), identifier...) }

// returnCase returns a case by two users who have signed in at the machine, as is done without a console.
func returnCase(ctx context.Context, d *intake.Desk, acceptID, reason string) error {
	return receivertest.Decide(d).ReturnCase(ctx, acceptID, reason)
}

func (o *office) signIn(t testing.TB, name, password, code string) (intake.Officer, error) {
	t.Helper()
	token, err := o.SignIn(
		t.Context(),
		staff.SignIn{Name: name, Password: password, Code: code, Source: "10.1.2.3", Agent: "test"},
	)
	if err != nil {
		return intake.Officer{}, err
	}
	return o.officer(t, token), nil
}

// The first link makes the first administrator, once, and is void after half an hour.
func TestFirstLink(t *testing.T) {
	o := openOffice(t)
	old, err := o.FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link, err := o.FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in := staff.Enrolment{
		Token:      old,
		Name:       "admin1",
		Person:     "甲",
		Identifier: "01",
		Password:   password,
		TOTP:       secret,
		Code:       o.code(t),
	}
	if _, err := o.Enrol(t.Context(), in); !errors.Is(err, staff.ErrNoInvitation) {
		t.Errorf("the link before: %v", err)
	}
	in.Token = link
	for name, change := range map[string]func(*staff.Enrolment){
		"code":      func(e *staff.Enrolment) { e.Code = "000000" },
		"password":  func(e *staff.Enrolment) { e.Password = "Admin@123456" },
		"name":      func(e *staff.Enrolment) { e.Name = "Админ" },
		"person":    func(e *staff.Enrolment) { e.Person = " " },
		"no secret": func(e *staff.Enrolment) { e.TOTP = nil },
	} {
		wrong := in
		change(&wrong)
		if _, err := o.Enrol(t.Context(), wrong); !errors.Is(err, intake.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	o.wait(staff.FirstLinkLife)
	if _, err := o.Enrol(t.Context(), in); !errors.Is(err, staff.ErrNoInvitation) {
		t.Errorf("late: %v", err)
	}
	o.first(t)
	if _, err := o.FirstInvitation(t.Context()); !errors.Is(err, intake.ErrExists) {
		t.Errorf("a second first administrator: %v", err)
	}
}

// A first link that was made before somebody was enrolled by another way is void.
func TestFirstLinkAfterAnother(t *testing.T) {
	o := openOffice(t)
	link, err := o.FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o.enlist(t, intake.Actor("cli:root"), "root", intake.SystemAdmin)
	if _, err := o.Enrol(t.Context(), staff.Enrolment{
		Token:      link,
		Name:       "evil",
		Person:     "乙",
		Identifier: "2乙",
		Password:   password,
		TOTP:       secret,
		Code:       o.code(t),
	}); !errors.Is(err, staff.ErrNoInvitation) {
		t.Error(err)
	}
}

// Signing in wants name, password and a code that was not used, and says the same of whatever is wrong.
func TestSignIn(t *testing.T) {
	o := openOffice(t)
	o.first(t)
	if _, err := o.signIn(t, "admin1", password, o.code(t)); err != staff.ErrSignIn {
		t.Errorf("the code of the enrolment again: %v", err)
	}
	o.wait(time.Minute)
	for _, wrong := range [][3]string{
		{"admin1", "Hulunbuir-1959", o.code(t)},
		{"admin2", password, o.code(t)},
		{"admin1", password, ""},
		{"", "", ""},
	} {
		if _, err := o.signIn(t, wrong[0], wrong[1], wrong[2]); err != staff.ErrSignIn {
			t.Errorf("%q: %v", wrong[:1], err)
		}
	}
	who, err := o.signIn(t, "admin1", password, o.code(t))
	if err != nil || who.Person != "系统管理员甲" || who.Role != intake.SystemAdmin || who.Failures != 0 {
		t.Fatal(who.Name, err)
	}
	if _, err := o.signIn(t, "admin1", password, o.code(t)); err != staff.ErrSignIn {
		t.Errorf("a code twice: %v", err)
	}
	var log strings.Builder
	es, err := o.EntriesAfter(t.Context(), intake.System, 0, 100)
	for _, e := range es {
		fmt.Fprintln(&log, e.By, e.Action, e.Target)
	}
	if err != nil || strings.Count(log.String(), "sign in refused") != 6 || strings.Contains(log.String(), "admin2") ||
		!strings.Contains(log.String(), "console:admin1 sign in") {
		t.Error(log.String(), err)
	}
}

// Failures in a row lock the account, right password or not, until time or an administrator unlocks it.
func TestLock(t *testing.T) {
	o := openOffice(t)
	admin := o.first(t)
	security, _ := o.enlist(t, admin, "sec", intake.SecurityAdmin)
	o.enlist(t, admin, "clerk", intake.Clerk)
	fail := func(n int) {
		for range n {
			if _, err := o.signIn(t, "clerk", "wrong", "123456"); err != staff.ErrSignIn {
				t.Fatal(err)
			}
		}
	}
	o.wait(time.Minute)
	fail(5)
	if _, err := o.signIn(t, "clerk", password, o.code(t)); err != staff.ErrSignIn {
		t.Error("not locked")
	}
	if err := o.UnlockOperator(t.Context(), admin, "clerk"); !errors.Is(err, intake.ErrForbidden) {
		t.Errorf("a system administrator unlocks: %v", err)
	}
	if err := o.UnlockOperator(t.Context(), security, "clerk"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.signIn(t, "clerk", password, o.code(t)); err != nil {
		t.Errorf("unlocked: %v", err)
	}
	fail(5)
	o.wait(30 * time.Minute)
	if _, err := o.signIn(t, "clerk", password, o.code(t)); err != nil {
		t.Errorf("after its time: %v", err)
	}
}

// A visit ends by idleness, by age, by another sign-in, by an administrator, and with its operator.
func TestVisitEnds(t *testing.T) {
	o := openOffice(t)
	name := 0
	for what, end := range map[string]func(who intake.Officer, token string){
		"idle": func(intake.Officer, string) { o.wait(31 * time.Minute) },
		"age": func(_ intake.Officer, token string) {
			for range 40 {
				o.wait(16 * time.Minute)
				o.Officer(t.Context(), token)
			}
		},
		"sign out": func(who intake.Officer, _ string) { must(t, o.SignOut(t.Context(), who)) },
		"disabled": func(who intake.Officer, _ string) {
			must(t, o.SetOperatorDisabled(t.Context(), intake.Actor("cli"), who.Name, true))
		},
		"reset": func(who intake.Officer, _ string) {
			_, err := o.ResetOperator(t.Context(), intake.Actor("cli"), who.Name)
			must(t, err)
		},
		"elsewhere": func(who intake.Officer, _ string) {
			o.wait(time.Minute)
			_, err := o.signIn(t, who.Name, password, o.code(t))
			must(t, err)
		},
	} {
		name++
		who, token := o.enlist(t, intake.Actor("cli"), fmt.Sprint("clerk", name), intake.Clerk)
		end(who, token)
		if _, err := o.Officer(t.Context(), token); err != intake.ErrSignedOut {
			t.Errorf("%s: %v", what, err)
		}
		if err := o.SetPreference(t.Context(), who, intake.CaseColumns, "x"); err != intake.ErrSignedOut {
			t.Errorf("%s: it still acts: %v", what, err)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A password is changed with the old one, keeps the second factor, ends other visits and expires.
func TestChangePassword(t *testing.T) {
	o := openOffice(t)
	o.first(t)
	ctx := t.Context()
	must(t, o.SetPolicies(ctx, intake.Actor("cli"), intake.Policies{intake.SingleVisit: 0}))
	o.wait(time.Minute)
	other, err := o.signIn(t, "admin1", password, o.code(t))
	must(t, err)
	who, err := o.Officer(ctx, tokenOf(t, o, "admin1"))
	must(t, err)
	const better = "Xilingol-2027"
	for want, given := range map[error][2]string{
		staff.ErrSignIn:   {"wrong", better},
		intake.ErrInvalid: {password, "short"},
	} {
		if err := o.ChangePassword(ctx, who, given[0], given[1]); !errors.Is(err, want) {
			t.Errorf("%q: %v", given, err)
		}
	}
	must(t, o.ChangePassword(ctx, who, password, better))
	if err := o.SetPreference(ctx, other, intake.CaseColumns, ""); err != intake.ErrSignedOut {
		t.Errorf("the other visit: %v", err)
	}
	o.wait(time.Minute)
	if _, err := o.signIn(t, "admin1", password, o.code(t)); err != staff.ErrSignIn {
		t.Errorf("the old password: %v", err)
	}
	if _, err := o.signIn(t, "admin1", better, o.code(t)); err != nil {
		t.Errorf("the new password: %v", err)
	}
	o.wait(91 * 24 * time.Hour)
	who, err = o.signIn(t, "admin1", better, o.code(t))
	if err != nil || !who.Expired {
		t.Fatal(who.Expired, err)
	}
	if _, err := o.Operators(ctx, who); err != intake.ErrForbidden {
		t.Errorf("with a password past its time: %v", err)
	}
	must(t, o.ChangePassword(ctx, who, better, password))
	if _, err := o.Operators(ctx, who); err != nil {
		t.Error(err)
	}
}

// tokenOf signs in once more.
func tokenOf(t testing.TB, o *office, name string) string {
	o.wait(time.Minute)
	token, err := o.SignIn(t.Context(), staff.SignIn{Name: name, Password: password, Code: o.code(t)})
	must(t, err)
	return token
}

// Nobody disables the last system administrator, and an administrator cannot disable themselves.
func TestLastAdministrator(t *testing.T) {
	o := openOffice(t)
	admin := o.first(t)
	if err := o.SetOperatorDisabled(t.Context(), intake.Actor("cli"), "admin1", true); !errors.Is(
		err,
		intake.ErrInvalid,
	) {
		t.Error(err)
	}
	second, _ := o.enlist(t, admin, "admin2", intake.SystemAdmin)
	if err := o.SetOperatorDisabled(t.Context(), second, "admin2", true); !errors.Is(err, intake.ErrInvalid) {
		t.Error(err)
	}
	must(t, o.SetOperatorDisabled(t.Context(), second, "admin1", true))
}

// The last security administrator and the last auditor stay: they watch over what the system administrator does.
func TestLastWatcher(t *testing.T) {
	o := openOffice(t)
	admin := o.first(t)
	for _, role := range []intake.Role{intake.SecurityAdmin, intake.Auditor} {
		one, two := string(role)+"1", string(role)+"2"
		o.enlist(t, admin, one, role)
		if err := o.SetOperatorDisabled(t.Context(), admin, one, true); !errors.Is(err, intake.ErrInvalid) {
			t.Errorf("%s: %v", one, err)
		}
		o.enlist(t, admin, two, role)
		must(t, o.SetOperatorDisabled(t.Context(), admin, one, true))
		if err := o.SetOperatorDisabled(t.Context(), admin, two, true); !errors.Is(err, intake.ErrInvalid) {
			t.Errorf("%s: %v", two, err)
		}
	}
}

// Every role has the rights that its title promises, and nobody who works on cases administers anything.
func TestRoles(t *testing.T) {
	all := []intake.Right{
		intake.LookCases, intake.WorkCases, intake.ConfirmReturns, intake.LookCalls, intake.ManageApps,
		intake.ManageOperators, intake.ManagePolicies, intake.LookAudit, intake.LookSystem, intake.ApproveOperators,
		intake.Maintain, intake.OwnVisit, 0,
	}
	want := map[intake.Role]string{
		intake.Clerk:         "1101000000010",
		intake.Reviewer:      "1011000000010",
		intake.SystemAdmin:   "0001110010010",
		intake.SecurityAdmin: "0000001011010",
		intake.Auditor:       "0000000101010",
		"":                   "0000000000000",
		"root":               "0000000000000",
	}
	for role, bits := range want {
		got := ""
		for _, r := range all {
			if role.May(r) {
				got += "1"
			} else {
				got += "0"
			}
		}
		if got != bits {
			t.Errorf("%s: %s, want %s", role, got, bits)
		}
	}
	for _, r := range intake.Roles() {
		if back, err := intake.ParseRole(r.String()); err != nil || back != r || r.About() == "" {
			t.Error(r, err)
		}
	}
	if len(intake.Roles()) != 5 || slices.Contains(intake.Roles(), "") {
		t.Error(intake.Roles())
	}
}

// Policies have bounds, and those who may not set them cannot.
func TestPolicies(t *testing.T) {
	o := openOffice(t)
	admin := o.first(t)
	ps := intake.Policies{intake.IdleMinutes: 5}
	if err := o.SetPolicies(t.Context(), admin, ps); err != intake.ErrForbidden {
		t.Error(err)
	}
	security, _ := o.enlist(t, admin, "sec", intake.SecurityAdmin)
	must(t, o.SetPolicies(t.Context(), security, ps))
	if err := o.SetPolicies(t.Context(), security, ps); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("nothing changed: %v", err)
	}
	if err := o.SetPolicies(t.Context(), security, intake.Policies{intake.IdleMinutes: 4}); !errors.Is(
		err,
		intake.ErrInvalid,
	) {
		t.Error(err)
	}
	now, err := o.Policies(t.Context())
	if err != nil || now[intake.IdleMinutes] != 5 || now[intake.LockAfter] != 5 || len(now.List()) != len(now) {
		t.Error(now, err)
	}
}
