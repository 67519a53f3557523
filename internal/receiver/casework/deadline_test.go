package casework_test

import (
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/workday"
)

// A case is overdue just where its penaltydate is DueBy or before, whatever day it is.
func TestDeadlineAndDueByAgree(t *testing.T) {
	calendar := workday.Default()
	first, err := workday.ParseDay("2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	for today := first; today < first+365; today += 5 {
		due := casework.DueBy(calendar, today)
		for day := today - 60; day <= today; day++ {
			d := casework.DeadlineOf(day.String(), calendar, today)
			if d.Overdue() != (day.String() <= due) {
				t.Errorf("%s: %s is due by %s, overdue %v; due by %s", today, day, d.Day, d.Overdue(), due)
			}
		}
	}
	if d := casework.DeadlineOf("2026年1月1日", calendar, first); d.Day != "" || d.Overdue() || d.Rest() != "" {
		t.Errorf("no day: %+v", d)
	}
}
