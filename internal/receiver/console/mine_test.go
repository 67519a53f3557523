package console_test

import (
	"slices"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// The list can be held to the cases with which the asker, or a named colleague, did something.
func TestCasesByHandler(t *testing.T) {
	h := openHouse(t)
	ids := h.admit("甲").sendMany(3)
	h.verify()
	one, two := h.enter(intake.Clerk, "one"), h.enter(intake.Clerk, "two")
	one.post("/cases/"+ids[0]+"/note", "text", "备注一")
	two.post("/cases/"+ids[2]+"/note", "text", "备注二")
	for path, want := range map[string][]string{"/cases?handler=me": {ids[0]}, "/cases?handler=two": {ids[2]},
		"/cases?handler=TWO": {ids[2]}, "/cases?handler=nobody": nil, "/cases?order=asc": ids} {
		page := one.see(path)
		if got := acceptids(page); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	wants(t, text(one.see("/cases?handler=me")), "共1件")
}

// The first page counts what is due within five working days, and leads to it.
func TestSoonDue(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	var ids []string
	for i, day := range []string{"2026-10-20", "2026-11-02", "2026-11-20"} {
		c := aCase([]string{"1号", "2号", "3号"}[i], firms(10*i+1, 1)...)
		c.PenaltyDate = day
		ids = append(ids, s.send(c))
	}
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	wants(t, text(clerk.see("/overview")), "即将到期 1件", "公示超期 1件")
	if got := acceptids(clerk.see("/cases?state=soon")); !slices.Equal(got, ids[1:2]) {
		t.Errorf("due soon: %q, want %q", got, ids[1:2])
	}
}
