package intake_test

import (
	"errors"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// Reads look at who asks: the names of apps are for everybody who is signed in, their accounts and secrets for those
// who manage apps, and what an officer has no right to is not read.
func TestReadsLookAtWhoAsks(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	answer := o.send(t, b, caseOf("1号", entity(1)))
	root := intake.Actor("cli:root")
	clerk, _ := o.enlist(t, root, "clerk1", intake.Clerk)
	apps, err := o.Apps(t.Context(), clerk)
	if err != nil || len(apps) != 1 || apps[0].Name != "甲" || apps[0].Accounts != nil || apps[0].Secrets != nil {
		t.Errorf("a clerk reads %+v, %v", apps, err)
	}
	if apps, err = o.Apps(t.Context(), root); err != nil || len(apps[0].Accounts) != 1 || len(apps[0].Secrets) != 1 {
		t.Errorf("the command line reads %+v, %v", apps, err)
	}
	f, err := o.CaseFile(t.Context(), clerk, answer.AcceptID)
	must(t, err)
	body, err := o.Body(t.Context(), clerk, f.Case)
	must(t, err)
	must(t, body.Close())
	_, app := o.App(t.Context(), clerk, "甲")
	_, head := o.AuditHead(t.Context(), clerk)
	_, entries := o.EntriesAfter(t.Context(), clerk, 0, 1)
	_, inspected := o.Inspect(t.Context(), clerk, nil, nil)
	must(t, o.SignOut(t.Context(), clerk))
	_, signedOut := o.Decode(t.Context(), clerk, f.Case, nil)
	for what, err := range map[string]error{"app": app, "head": head, "audit": entries, "inspection": inspected} {
		if !errors.Is(err, intake.ErrForbidden) {
			t.Errorf("%s for a clerk: %v", what, err)
		}
	}
	if !errors.Is(signedOut, intake.ErrSignedOut) {
		t.Errorf("a body for nobody: %v", signedOut)
	}
}
