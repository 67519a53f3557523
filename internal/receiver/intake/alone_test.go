package intake_test

import (
	"errors"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// sameHolder gives an operator the identifier of another, behind the desk's back, as an older version could leave it.
func (o *office) sameHolder(t testing.TB, name, as string) {
	t.Helper()
	must(t, o.store.Update(t.Context(), func(tx intake.Tx) error {
		other, err := tx.Operator(as)
		if err != nil {
			return err
		}
		one, err := tx.Operator(name)
		one.Identity = other.Identity
		return errors.Join(err, tx.UpdateOperator(one))
	}))
}

// One person alone gets no proposal of any kind through: with the same visit, another visit, a second account of the
// same person, a role that may not, a visit that has ended, or the command line.
func TestNobodyDecidesAlone(t *testing.T) {
	o := openOffice(t)
	ctx, admin := t.Context(), o.first(t)
	clerk, _ := o.enlist(t, admin, "clerk1", intake.Clerk)
	reviewer, _ := o.enlist(t, admin, "review1", intake.Reviewer)
	twin, _ := o.enlist(t, admin, "review2", intake.Reviewer)
	gone, _ := o.enlist(t, admin, "review3", intake.Reviewer)
	o.sameHolder(t, "review2", "clerk1")
	must(t, o.store.Update(ctx, func(tx intake.Tx) error {
		return tx.EndVisits(gone.ID, intake.TokenHash{}, o.now())
	}))
	o.wait(time.Minute)
	again := o.officer(t, o.letIn(t, "clerk1"))
	b := o.admit(t, "甲")
	for _, k := range release.Kinds() {
		id := o.readyFor(t, b, k)
		f := casework.Draft{AcceptID: id, Kind: k, Rows: "1", Reason: "由"}
		if k == release.Publish {
			f.Day = "2026-03-20"
		}
		no := o.propose(t, clerk, f)
		p, err := o.ProposalFile(ctx, reviewer, no)
		must(t, err)
		for who, way := range map[string]struct {
			by   intake.By
			want error
		}{
			"the same visit":        {clerk, intake.ErrForbidden},
			"another visit":         {again, intake.ErrForbidden},
			"an account of the one": {twin, intake.ErrSamePerson},
			"an administrator":      {admin, intake.ErrForbidden},
			"an ended visit":        {gone, intake.ErrSignedOut},
			"the command line":      {intake.Actor("cli:root"), intake.ErrSamePerson},
			"a login there":         {intake.Actor("cli:clerk1 login:1001 uid:1001"), intake.ErrSamePerson},
		} {
			if err := o.ConfirmProposal(ctx, way.by, no, p.Now); !errors.Is(err, way.want) {
				t.Errorf("%v by %s: %v", k, who, err)
			}
		}
		if got, err := o.ProposalFile(ctx, reviewer, no); err != nil || got.Answer != release.Waits {
			t.Errorf("%v: %v %v", k, got.Answer, err)
		}
		must(t, o.ConfirmProposal(ctx, reviewer, no, p.Now))
	}
}

// readyFor is a case of two firms of which the first is in a state for a proposal of that kind.
func (o *office) readyFor(t testing.TB, b *bureau, k release.Kind) (acceptID string) {
	t.Helper()
	at := 10 * int(k)
	id := o.send(t, b, caseOf(k.Code(), entities(at, at+2)...)).AcceptID
	o.verify(t)
	a, other := intake.Actor("console:a"), intake.Actor("console:b")
	if k == release.Recall || k == release.Publish {
		must(t, o.confirm(t, other, o.propose(t, a, casework.Draft{AcceptID: id, Kind: release.Release, Rows: "1-2",
			Reason: "由"})))
	}
	if k == release.Publish { // something comes up about the first
		e := entity(at)
		e.UniscID = entity(at + 5).UniscID
		o.send(t, b, caseOf(k.Code()+" again", e))
		o.verify(t)
	}
	return id
}

// A proposal is confirmed as it was shown: after anything about one of its firms has changed, it is not, and what was
// proposed cannot be had.
func TestProposalsOfWhatChanged(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, o *office, b *bureau, id string){
		"a later case contradicts a firm": func(t *testing.T, o *office, b *bureau, _ string) {
			o.send(t, b, caseOf("later", api.Entity{PripID: entity(1).PripID, UniscID: entity(9).UniscID,
				Legal: "人", EntType: "1151"}))
			o.verify(t)
		},
		"the register says something else": func(t *testing.T, o *office, _ *bureau, _ string) {
			firms := firmsOf(entities(0, 4)...)
			firms[1].State = register.Deregistered
			newRegister(t, o.store, "2026-03-19", firms...)
			o.verify(t)
		},
		"the rules find something else": func(t *testing.T, o *office, _ *bureau, id string) {
			no := o.caseFile(t, id).No
			must(t, o.store.Update(t.Context(), func(tx intake.Tx) error {
				return tx.PutFindings([]intake.FindingRow{{CaseNo: no, Finding: rules.Finding{Pos: 1,
					Rule: rules.TwiceByPripID, Field: "pripid", Detail: "与第1条相同"}}})
			}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			b := o.admit(t, "甲")
			newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 4)...)...)
			id := o.send(t, b, caseOf("1", entities(0, 4)...)).AcceptID
			o.verify(t)
			clerk, reviewer := intake.Actor("console:a"), intake.Actor("console:b")
			no := o.propose(t, clerk, casework.Draft{AcceptID: id, Kind: release.Release, Ready: true})
			p, err := o.ProposalFile(t.Context(), reviewer, no)
			must(t, err)
			o.wait(time.Minute)
			err = o.CheckFirms(t.Context(), intake.Actor("console:c"), id, casework.Compared{Rows: "2",
				Outcome: release.Agrees, Remark: "是这一户"})
			if !errors.Is(err, intake.ErrExists) {
				t.Errorf("a firm of a proposal that waits is compared: %v", err)
			}
			change(t, o, b, id)
			if err := o.ConfirmProposal(t.Context(), reviewer, no, p.Now); !errors.Is(err, intake.ErrExists) {
				t.Errorf("as it was shown: %v", err)
			}
			now, err := o.ProposalFile(t.Context(), reviewer, no)
			must(t, err)
			if !now.Changed || now.Now == p.Now {
				t.Errorf("changed %v, the digest is the same: %v", now.Changed, now.Now == p.Now)
			}
			if err := o.ConfirmProposal(t.Context(), reviewer, no, now.Now); !errors.Is(err, intake.ErrExists) {
				t.Errorf("as it is now, which nobody proposed: %v", err)
			}
			if n := o.caseFile(t, id).Firms.Released; n != 0 {
				t.Errorf("%d are released", n)
			}
		})
	}
}
