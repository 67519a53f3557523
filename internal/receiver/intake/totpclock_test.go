package intake_test

import (
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/store"
)

// Codes of an operator's device are held against the time that all nodes share, not the clock of one machine: an
// operator enrols and signs in at a node whose clock is an hour slow.
func TestCodesByTheTimeOfTheDatabase(t *testing.T) {
	s, err := store.Open(t.Context(), pgtest.Shared(t).Database(t), store.Options{Server: true})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	slow := func() time.Time { return time.Now().Add(-time.Hour) }
	d := staff.New(intake.NewDesk(intake.Config{Store: s, Clock: slow})).IdentifyBy(quickly)
	link, err := d.FirstInvitation(t.Context())
	must(t, err)
	_, err = d.Enrol(
		t.Context(),
		staff.Enrolment{Token: link, Name: "admin1", Person: "系统管理员甲", Identifier: "admin1", Password: password,
			TOTP: secret, Code: credential.Code(secret, time.Now())},
	)
	must(t, err)
	next := credential.Code(secret, time.Now().Add(30*time.Second)) // the code of now is used up
	if _, err := d.SignIn(t.Context(), staff.SignIn{Name: "admin1", Password: password, Code: next}); err != nil {
		t.Error(err)
	}
	if _, err := d.SignIn(
		t.Context(),
		staff.SignIn{Name: "admin1", Password: password, Code: credential.Code(secret, slow())},
	); err != staff.ErrSignIn {
		t.Errorf("a code of the slow clock: %v", err)
	}
}
