package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/verify"
)

// The persons of before17.sql: one worked on the cases, one decided.
const (
	oldClerk    = intake.Actor("console:clerk1")
	oldReviewer = intake.Actor("console:review1")
)

// upgraded is today's program over a database of the one before.
type upgraded struct {
	receivertest.Decisions
	*verify.Examiner
	desk *intake.Desk
}

func upgrade(t *testing.T, place string) *upgraded {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 23, 9, 0, 0, 0, time.UTC) }
	d := intake.NewDesk(intake.Config{Store: openServer(t, place), Clock: now})
	return &upgraded{receivertest.Decide(d), verify.NewExaminer(d), d}
}

func (u *upgraded) verify(t *testing.T) {
	t.Helper()
	if err := verify.New(u.desk, nil).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// faults are those of db check.
func (u *upgraded) faults(t *testing.T) (said []string) {
	t.Helper()
	_, err := u.Inspect(t.Context(), intake.System, func(f verify.Fault) { said = append(said, fmt.Sprint(f)) }, nil)
	if err != nil {
		t.Error(err)
	}
	return said
}

func (u *upgraded) rows(t *testing.T, q intake.CaseQuery) []intake.CaseRow {
	t.Helper()
	q.Limit = 100
	p, err := u.SearchCases(t.Context(), intake.System, q)
	if err != nil {
		t.Fatal(err)
	}
	return p.Rows
}

// lines is a line a case: its firms by state, the day of the publication, what waits for a second person, and the lists
// that it is in.
func (u *upgraded) lines(t *testing.T) (lines []string) {
	t.Helper()
	in := map[int64][]string{}
	for _, s := range intake.CaseStates() {
		for _, r := range u.rows(t, intake.CaseQuery{State: s, DueBy: "2026-01-01", SoonBy: "2026-01-01"}) {
			in[r.No] = append(in[r.No], string(s))
		}
	}
	for _, r := range u.rows(t, intake.CaseQuery{}) {
		n := r.Firms
		line := fmt.Sprintf("%s: %s", r.CaseID, strings.Trim(fmt.Sprint([]int{n.Pending, n.Ready, n.Held, n.Released,
			n.Withheld, n.Returned, n.Published}), "[]"))
		for _, k := range release.Kinds() {
			if r.Waiting.Has(k) {
				line += " " + k.String() + "待复核"
			}
		}
		lines = append(lines, strings.TrimRight(line+" "+r.Work.Published, " ")+" "+strings.Join(in[r.No], ","))
	}
	return lines
}

// afterUpgrade are the cases of before17.sql once today's verifier has counted their firms: 待核验, 可放行, 暂缓, 放行,
// 不予公示, 退回, and the published ones.
var afterUpgrade = []string{
	"核对: 0 3 0 0 0 0 0 checked,torelease,unfinished",
	"公示: 0 0 0 3 0 0 3 2026-03-18 checked,published",
	"退回: 0 0 0 0 0 3 0 returned",
	"申请退回: 0 0 3 0 0 0 0 退回待复核 toconfirm,unfinished",
	"撤回退回: 0 0 3 0 0 0 0 unfinished",
	"拒绝退回: 0 0 3 0 0 0 0 unfinished",
	"撤销公示: 0 0 3 0 0 0 0 unfinished",
	"未办: 0 0 3 0 0 0 0 unfinished",
	"疑核对: 0 3 0 0 0 0 0 severe,checked,torelease,unfinished",
	"疑申请公示: 0 0 3 0 0 0 0 放行待复核 tocheck,severe,toconfirm,unfinished",
	"疑同意公示: 0 0 0 3 0 0 3 2026-03-18 severe,published",
	"疑拒绝公示: 0 0 3 0 0 0 0 tocheck,severe,unfinished",
	"疑撤回公示: 0 0 3 0 0 0 0 tocheck,severe,unfinished",
	"疑申请退回: 0 0 3 0 0 0 0 退回待复核 tocheck,severe,toconfirm,unfinished",
	"疑未办: 0 0 3 0 0 0 0 tocheck,severe,unfinished",
	"疑都申请: 0 0 3 0 0 0 0 放行待复核 tocheck,severe,toconfirm,unfinished",
	"疑重核: 0 0 3 0 0 0 0 tocheck,severe,unfinished",
	"疑申请公示后退回: 0 0 3 0 0 0 0 放行待复核 tocheck,severe,toconfirm,unfinished",
	"退回: 0 0 2 0 0 0 0 unfinished",
	"未核验: 0 0 2 0 0 0 0 unfinished",
}

// unverified leaves half of the cases without anything that a verifier derives, as a crash amid reverify does.
var unverified = []string{
	"DELETE FROM verification WHERE case_no > 9", "DELETE FROM finding WHERE case_no > 9",
	"DELETE FROM entity WHERE case_no > 9", "DELETE FROM entity_key WHERE case_no > 9",
	"DELETE FROM counterpart WHERE case_no > 9", "DELETE FROM docket WHERE case_no > 9 AND kind IN (1, 2, 4)",
}

// A database of a program that knew neither firms nor proposals is opened: each case has the states, lists and requests
// that it had, everything is proved, also where the verifier had only come half way.
func TestUpgradeBeforeFirms(t *testing.T) {
	for name, place := range places() {
		for half, then := range map[string][]string{"whole": nil, "half verified": unverified} {
			t.Run(name+"/"+half, func(t *testing.T) {
				at := place(t)
				before17(t, at, then...)
				u := upgrade(t, at)
				equal(t, "at once", u.faults(t), []string(nil))
				equal(t, "waits at once", len(u.rows(t, intake.CaseQuery{State: intake.StateToConfirm})), 5)
				u.verify(t)
				equal(t, "counted", u.faults(t), []string(nil))
				equal(t, "cases", u.lines(t), afterUpgrade)
				u.decide(t)
				equal(t, "decided", u.faults(t), []string(nil))
			})
		}
	}
}

// decide decides on the five requests: none by one person, none without a look at it, each by a second person.
func (u *upgraded) decide(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	ps, err := u.Proposals(ctx, oldReviewer, intake.ProposalQuery{Waiting: true})
	if err != nil || len(ps) != 5 {
		t.Fatalf("%d wait, %v", len(ps), err)
	}
	for _, p := range ps {
		f, err := u.ProposalFile(ctx, oldReviewer, p.No)
		if err != nil || f.Changed {
			t.Errorf("%s: changed %t, %v", p.Case.CaseID, f.Changed, err)
		}
		for _, one := range []intake.Actor{oldClerk, "cli:root", "cli:clerk1 login:1001"} {
			if err := u.ConfirmProposal(ctx, one, p.No, f.Now); !errors.Is(err, intake.ErrSamePerson) {
				t.Errorf("%s alone by %s: %v", p.Case.CaseID, one, err)
			}
		}
		if err := u.ConfirmProposal(ctx, oldReviewer, p.No, p.Digest); !errors.Is(err, intake.ErrExists) {
			t.Errorf("%s without a look: %v", p.Case.CaseID, err)
		}
		decided := u.ConfirmProposal
		switch p.Case.CaseID {
		case "疑都申请":
			decided = func(c context.Context, by intake.By, no int64, _ [32]byte) error {
				return u.RefuseProposal(c, by, no, "先核对")
			}
		case "疑申请公示后退回":
			decided = func(c context.Context, _ intake.By, no int64, _ [32]byte) error {
				return u.WithdrawProposal(c, oldClerk, no)
			}
		}
		if err := decided(ctx, oldReviewer, p.No, f.Now); err != nil {
			t.Errorf("%s: %v", p.Case.CaseID, err)
		}
	}
	want := slices.Clone(afterUpgrade)
	want[3] = "申请退回: 0 0 0 0 0 3 0 returned"
	want[9] = "疑申请公示: 0 0 0 3 0 0 3 2026-03-18 severe,published"
	want[13] = "疑申请退回: 0 0 0 0 0 3 0 severe,returned"
	want[15] = strings.ReplaceAll(strings.ReplaceAll(want[15], " 放行待复核", ""), "toconfirm,", "")
	want[17] = strings.ReplaceAll(strings.ReplaceAll(want[17], " 放行待复核", ""), "toconfirm,", "")
	equal(t, "decided", u.lines(t), want)
}

// A request of the program before that became no proposal, or two, is noticed, and so is one that says something else.
func TestUpgradeLosesNoRequest(t *testing.T) {
	for what, fault := range map[string]string{
		"a publication is lost":    "DELETE FROM proposal WHERE kind = 1 AND case_no = 10",
		"a return is lost":         "DELETE FROM proposal WHERE kind = 3 AND case_no = 4",
		"a return becomes another": "UPDATE proposal SET kind = 1 WHERE kind = 3 AND case_no = 4",
		"there are two": "INSERT INTO proposal SELECT proposal_no + 100, case_no, kind, row_nos, row_count, held, " +
			"day, reason, digest, asked_ms, asked_by, answer, answered_ms, answered_by, reply FROM proposal " +
			"WHERE case_no = 10",
		"another day": "UPDATE proposal SET day = '2026-03-19' WHERE case_no = 10",
	} {
		at := t.TempDir()
		before17(t, at)
		shut(t, openServer(t, at))
		db := directly(t, at)
		execute(t, db, fault)
		db.Close()
		u := upgrade(t, at)
		if said := u.faults(t); len(said) == 0 {
			t.Errorf("%s: not noticed", what)
		}
	}
}
