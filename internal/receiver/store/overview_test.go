package store_test

import (
	"fmt"
	"testing"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

func testOverview(t *testing.T, s intake.Store) {
	apps := []int64{addApp(t, s, "a"), addApp(t, s, "b"), addApp(t, s, "c")}
	beijing := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, beijingtime.Zone) }
	for i, r := range []struct {
		app   int
		at    time.Time
		items int
	}{{0, beijing(1, 0), 5}, {0, beijing(2, 23), 7}, {1, beijing(3, 0).Add(-time.Millisecond), 1 << 20}, {0,
		beijing(3, 0), 11}, {1, beijing(5, 12), 13}} {
		b := newBody(t, s, []byte("x"))
		update(t, s, func(tx intake.Tx) error {
			_, err := insert(tx, intake.Case{AppID: apps[r.app], CaseID: fmt.Sprint(i), Received: r.at,
				Items: r.items}, b)
			return err
		})
	}
	equal(t, "days", read(t, s, func(tx intake.Tx) ([]intake.DayIntake, error) {
		return tx.IntakeByDay(beijing(2, 0),
			beijing(5, 12))
	}),
		[]intake.DayIntake{{Day: "2026-03-02", Intake: intake.Intake{Cases: 2, Entities: 7 + 1<<20}},
			{Day: "2026-03-03", Intake: intake.Intake{Cases: 1, Entities: 11}}})
	update(t, s, func(tx intake.Tx) error {
		finding := func(no int64, pos, rule int) intake.FindingRow {
			return intake.FindingRow{CaseNo: no, Finding: rules.Finding{Pos: pos, Rule: rule}}
		}
		return tx.PutFindings([]intake.FindingRow{finding(1, 0, 101), finding(2, 0, 105), finding(3, 0, 105),
			finding(3, 1, 105), finding(4, -1, 501), finding(3, 1, 101)})
	})
	rules := func(since time.Time) []intake.RuleCount {
		return read(t, s, func(tx intake.Tx) ([]intake.RuleCount, error) { return tx.CountRules(since) })
	}
	equal(t, "rules", rules(beijing(2, 0)), []intake.RuleCount{{Rule: 105, Findings: 3, Cases: 2},
		{Rule: 101, Findings: 1, Cases: 1}, {Rule: 501, Findings: 1, Cases: 1}})
	equal(t, "rules of no case", rules(beijing(9, 0)), []intake.RuleCount(nil))
	var heard []time.Time
	for _, a := range read(t, s, intake.Tx.AppContacts) {
		heard = append(heard, a.LastCase.In(beijingtime.Zone), a.LastCall)
	}
	equal(t, "last cases", heard, []time.Time{beijing(3, 0), {}, beijing(5, 12), {}, time.Time{}.In(beijingtime.Zone),
		{}})
}
