package console_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/intake"
)

// looked is a page that is looked at, and how many rows of its list must be there without scrolling at 150 %.
type looked struct {
	path string
	rows int
}

// lookedAt is every page, by role.
func (h *house) lookedAt(accepted []string) map[intake.Role][]looked {
	at := "/cases/" + accepted[65]
	code := firms(5*31, 3)[1].UniscID
	return map[intake.Role][]looked{
		intake.Clerk: {{"/overview", 1}, {"/cases", 5}, {at, 1}, {at + "?only=found", 1}, {at + "/compare", 1},
			{at + "/record", 0}, {at + "/entities/1", 0}, {"/entities", 0}, {"/entities?kind=uniscid&value=" + code, 1},
			{"/search?q=" + code, 0}, {"/firms?q=" + url.QueryEscape("有限公司"), 0}, {"/calls", 3}, {"/calls/errors", 1},
			{"/stats", 1}, {"/proposals", 1}, {"/help", 0}, {"/help/rules", 0}, {"/help/codes", 0}, {"/help/types", 0},
			{"/account", 0}, {"/mine", 0}, {"/cases/" + accepted[60], 1}, {"/cases/" + accepted[61], 1}},
		intake.Reviewer: {{"/overview", 1}, {"/proposals", 1}, {"/proposals/1", 1}},
		intake.SystemAdmin: {{"/apps", 1}, {"/apps/new", 0}, {"/operators", 2}, {"/operators/new", 0}, {"/register", 0},
			{"/system", 0}},
		intake.SecurityAdmin: {{"/visits", 1}, {"/policies", 1}, {"/approvals", 0}},
		intake.Auditor:       {{"/audit", 1}, {"/approvals", 0}},
	}
}

// seenRows is how many rows of the first table end within the window, how far the page is wider than the window, and
// what is beyond the edge outside of a scroller of its own.
const seenRows = `(() => {
	const rows = Array.from(document.querySelectorAll('main table tbody tr'))
		.filter(r => r.closest('table') === document.querySelector('main table'));
	const fit = rows.filter(r => r.getBoundingClientRect().bottom <= innerHeight).length;
	return [fit, document.documentElement.scrollWidth - document.documentElement.clientWidth];
})()`

// beyond is what of the page is beyond its right edge and not within a table's scroller.
const beyond = `Array.from(document.querySelectorAll('body *')).filter(e => {
	const r = e.getBoundingClientRect();
	return r.width && r.height && r.right > document.documentElement.clientWidth + 1 && !e.closest('.scroll, svg') &&
		getComputedStyle(e).position !== 'absolute';
}).slice(0, 3).map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.trim().slice(0, 20)).join('; ')`

// At 150 % on a small screen no page is scrolled sideways, and the first rows of a list are seen. With LOOKS in the
// environment the pages are saved there as pictures, at each size.
func TestLooks(t *testing.T) {
	long(t)
	h, accepted := aRegion(t)
	h.inProgress(accepted)
	zoom := windows[2]
	for role, pages := range h.lookedAt(accepted) {
		s := h.sit(role, "looks."+string(role))
		for _, p := range pages {
			s.magnify(zoom, 1.5)
			s.open(p.path)
			seen := evaluate[[]int](s, seenRows)
			if seen[1] > 0 {
				t.Errorf("%s at 150 %% is scrolled sideways by %d: %s", p.path, seen[1], evaluate[string](s, beyond))
			}
			if seen[0] < p.rows {
				t.Errorf("%s at 150 %%: %d rows are seen, want %d", p.path, seen[0], p.rows)
			}
			s.album(role, p.path)
		}
	}
}

// inProgress has work on the cases that pages show: one waits for the second person, one is released, one published.
func (h *house) inProgress(accepted []string) {
	h.Helper()
	clerk := h.enter(intake.Clerk, "progress")
	clerk.propose("/cases/"+accepted[65], "release", "ready", "1")
	clerk.propose("/cases/"+accepted[64], "return", "text", "清单第1、2户的代码有误", "rows", "1、2")
	h.must(h.Release(h.Context(), accepted[61]))
	h.must(h.Release(h.Context(), accepted[60]))
	h.must(h.Publish(h.Context(), intake.Actor("cli:root"), accepted[60], "2026-11-23"))
}

// magnify gives the window a size in CSS pixels and the screen a density.
func (s *screen) magnify(size [2]int64, factor float64) {
	s.Helper()
	_, err := chromedp.Call(s.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: size[0], Height: size[1], DeviceScaleFactor: factor})
	s.must(err)
}

// album saves the page at each size, where LOOKS says.
func (s *screen) album(role intake.Role, path string) {
	s.Helper()
	to := os.Getenv("LOOKS")
	if to == "" {
		return
	}
	name := string(role) + strings.NewReplacer("/", "_", "?", "_", "%", "").Replace(path)
	for _, size := range windows {
		s.magnify(size, 1)
		ctx, cancel := context.WithTimeout(s.ctx, patience)
		shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		cancel()
		s.must(err)
		s.must(os.WriteFile(filepath.Join(to, fmt.Sprint(name, ".", size[0], ".png")), shot, 0o644))
	}
}
