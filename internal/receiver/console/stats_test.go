package console_test

import (
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// The statistics of the month show its cases by sender and by organ.
func TestStatsPage(t *testing.T) {
	h := openHouse(t)
	clerk := h.enter(intake.Clerk, "clerk")
	a := h.admit("甲局")
	a.send(aCase("1号"))
	a.send(aCase("2号"))
	h.verify()
	page := clerk.see("/stats")
	wants(t, text(page), "2026年11月", "未结", "甲局")
	t.Log(text(page))
	f := clerk.do("POST", "/stats/export", form("month", "2026-11"))
	t.Log(f.Status, f.Header, len(f.Body))
}
