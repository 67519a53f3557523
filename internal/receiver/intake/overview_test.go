package intake_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// Days, weeks and months begin at midnight in Beijing; weeks on Monday.
func TestOverview(t *testing.T) {
	o := openOffice(t) // on Friday, 2026-03-20, 09:30
	b := o.admit(t, "甲")
	o.admit(t, "乙")
	sent := 0
	send := func(at time.Time, entities int) {
		t.Helper()
		o.wait(at.Sub(o.now()))
		b.logIn(t, o)
		list := randomEntities(uint64(sent), entities)
		sent++
		list[0].UniscID = list[0].UniscID[:17] + "?"
		o.send(t, b, caseOf(fmt.Sprint("案", sent), list...))
	}
	beijing := func(month, day, hour int) time.Time {
		return time.Date(2026, time.Month(month), day, hour, 0, 0, 0, beijingtime.Zone)
	}
	for _, at := range []time.Time{
		beijing(2, 18, 23),
		beijing(2, 19, 0),
		beijing(3, 1, 0).Add(-time.Second),
		beijing(3, 1, 0),
		beijing(3, 16, 0).Add(-time.Second),
		beijing(3, 16, 0),
		beijing(3, 19, 23),
		beijing(3, 20, 0),
		beijing(3, 20, 9),
	} {
		send(at, 2)
	}
	o.verify(t)
	v, err := o.Overview(t.Context(), intake.Actor("cli:x"), "2026-03-15")
	if err != nil {
		t.Fatal(err)
	}
	if v.Today.Cases != 2 || v.Week.Cases != 4 || v.Month.Cases != 6 || v.Month.Entities != 12 {
		t.Errorf("today %+v, week %+v, month %+v", v.Today, v.Week, v.Month)
	}
	if len(v.Days) != 30 ||
		v.Days[0] != (intake.DayIntake{Day: "2026-02-19", Intake: intake.Intake{Cases: 1, Entities: 2}}) ||
		v.Days[29] != (intake.DayIntake{Day: "2026-03-20", Intake: v.Today}) || v.Days[1].Cases != 0 {
		t.Errorf("days %+v", v.Days)
	}
	if diff := cmp.Diff(intake.WorklistCount{ToCheck: 9, Unfinished: 9}, v.Worklist); diff != "" {
		t.Error(diff)
	}
	if v, err := o.Overview(t.Context(), intake.Actor("cli:x"), "2026-03-16"); err != nil || v.Worklist.Overdue != 9 {
		t.Errorf("%+v, %v", v.Worklist, err)
	}
	if len(v.Rules) == 0 || v.Rules[0].Cases != 8 {
		t.Errorf("rules %+v", v.Rules)
	}
	if len(v.Apps) != 2 || !v.Apps[0].LastCase.Equal(beijing(3, 20, 9)) || !v.Apps[1].LastCase.IsZero() ||
		v.Apps[1].Name != "乙" {
		t.Errorf("apps %+v", v.Apps)
	}
}

// A search for a value that cannot exist says so.
func TestSearchCasesInvalid(t *testing.T) {
	o := openOffice(t)
	for _, q := range []intake.CaseQuery{
		{State: "x"},
		{Sort: "x"},
		{PenaltyFrom: "2026-3-1"},
		{PenaltyTo: "2026-02-30"},
		{DueBy: "'"},
	} {
		if _, err := o.SearchCases(t.Context(), intake.Actor("cli:x"), q); !errors.Is(err, intake.ErrInvalid) {
			t.Errorf("%+v: %v", q, err)
		}
		for _, err := range o.AllCases(t.Context(), intake.Actor("cli:x"), q) {
			if !errors.Is(err, intake.ErrInvalid) {
				t.Errorf("%+v: %v", q, err)
			}
		}
	}
}
