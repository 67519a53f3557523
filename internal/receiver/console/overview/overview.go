// Package overview is the first page (首页) of operators who work on cases.
package overview

import (
	"embed"

	"cmp"
	"slices"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

//go:embed *.html
var templates embed.FS

// Pages are the first page of those who work on cases.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/overview", "首页", intake.LookCases, overviewPage),
	}}
}

// overviewData is the first page (首页) of those who work on cases.
type overviewData struct {
	At      time.Time
	Figures []figure
	Alarmed figure // cases with something severe that came after they were checked or published
	Chart   chart
	Rules   []ruleFigure
	Urgent  []urgentCase
	Silent  []silentApp
	Guess   int // the year whose holidays are not known and matter; 0: none does
}

// figure is one number, and where it leads.
type figure struct {
	Title, Value, Note, Link string
	Alarm                    bool
}

// ruleFigure is how often a rule found something.
type ruleFigure struct {
	Class, Severity, Title string
	Findings, Cases        int
}

// urgentCase is a case that somebody should work on next.
type urgentCase struct {
	intake.CaseRow
	Link     string
	States   []page.Tag
	Doubts   []page.Tag
	Deadline page.Deadline
}

// silentApp is an app that has not called for long.
type silentApp struct {
	intake.AppContact
	Days int // 0: never
}

// silentAfter is when somebody should ask whether a sender is well.
const silentAfter = 7 * 24 * time.Hour

func overviewPage(q *page.Request) (page.Answer, error) {
	o, err := q.Cases.Overview(q.Context(), q.Who, q.DueBy())
	if err != nil {
		return nil, err
	}
	d := overviewData{At: o.At, Chart: newChart(o.Days), Rules: ruleFigures(o.Rules), Silent: silentApps(o)}
	waiting, oldest := 0, time.Time{}
	if q.Backlog != nil {
		if waiting, oldest, err = q.Backlog(q.Context()); err != nil {
			return nil, err
		}
	}
	d.Figures = newFigures(q, o, waiting, oldest)
	d.Alarmed = figure{Value: display.Count(o.Docket.Alarmed) + "件", Link: q.Link("/cases?state=alarmed"), Alarm: o.Docket.Alarmed > 0}
	if err := fillUrgent(q, &d); err != nil {
		return nil, err
	}
	return page.View{Template: "overview", Title: "首页", Data: d}, nil
}

func newFigures(q *page.Request, o casework.Overview, waiting int, oldest time.Time) []figure {
	today := q.Today().String()
	in := func(title, link string, i intake.Intake) figure {
		return figure{Title: title, Value: display.Count(i.Cases) + "件", Note: display.Count(i.Entities) + "户", Link: q.Link(link)}
	}
	since := ""
	if waiting > 0 {
		since = "最早于" + page.Clock(oldest) + "受理"
	}
	return []figure{
		in("今日受理", "/cases?from="+today, o.Today), in("本周受理", "/cases?from="+monday(q), o.Week), in("本月受理", "/cases?from="+today[:8]+"01", o.Month),
		{Title: "待核验", Value: display.Count(waiting) + "件", Note: since, Link: q.Link("/cases?state=unverified"), Alarm: waiting > 0 && o.At.Sub(oldest) > time.Hour},
		{Title: "待核对", Value: display.Count(o.Docket.ToCheck) + "件", Note: "有严重或警示提示，尚未核对", Link: q.Link("/cases?state=tocheck"), Alarm: o.Docket.ToCheck > 0},
		{Title: "公示待复核", Value: display.Count(o.Docket.ToAgree) + "件", Note: "不经核对登记公示，等待复核员", Link: q.Link("/cases?state=toagree"), Alarm: o.Docket.ToAgree > 0},
		{Title: "退回待复核", Value: display.Count(o.Docket.ToConfirm) + "件", Note: "等待复核员", Link: q.Link("/cases?state=toconfirm"), Alarm: o.Docket.ToConfirm > 0},
		{Title: "公示超期", Value: display.Count(o.Docket.Overdue) + "件", Note: "处罚决定后20个工作日内应公示", Link: q.Link("/cases?state=overdue&sort=penaltydate&order=asc"), Alarm: o.Docket.Overdue > 0},
		{Title: "待公示", Value: display.Count(o.Docket.ToPublish) + "件", Note: "含超期", Link: q.Link("/cases?state=topublish&sort=penaltydate&order=asc")},
	}
}

// monday is that of this week.
func monday(q *page.Request) string {
	t := q.Clock().In(beijingtime.Zone)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
}

func ruleFigures(rs []intake.RuleCount) (fs []ruleFigure) {
	for _, r := range rs {
		rule, ok := rules.ByNo(r.Rule)
		if !ok {
			continue
		}
		fs = append(fs, ruleFigure{page.SeverityClass(rule.Severity), rule.Severity.String(), rule.Title, r.Findings, r.Cases})
	}
	order := map[string]int{"severe": 0, "warning": 1, "mild": 2}
	slices.SortStableFunc(fs, func(a, b ruleFigure) int { return cmp.Compare(order[a.Class], order[b.Class]) })
	return fs
}

func silentApps(o casework.Overview) (apps []silentApp) {
	for _, a := range o.Apps {
		if a.Disabled || o.At.Sub(a.LastCall) < silentAfter || o.At.Sub(a.Created) < silentAfter {
			continue
		}
		s := silentApp{AppContact: a}
		if !a.LastCall.IsZero() {
			s.Days = int(o.At.Sub(a.LastCall) / (24 * time.Hour))
		}
		apps = append(apps, s)
	}
	return apps
}

// mostUrgent is how many cases the overview names, from among those to check that have waited longest, waitingMost of
// them.
const (
	mostUrgent  = 10
	waitingMost = 300
)

// fillUrgent names first what may hit the wrong company, then what is or will soon be late, then what waits longest.
func fillUrgent(q *page.Request, d *overviewData) error {
	var all []urgentCase
	for _, s := range []intake.CaseQuery{
		{State: intake.StateAlarmed, Limit: mostUrgent}, {State: intake.StateToAgree, Limit: mostUrgent},
		{State: intake.StateToConfirm, Limit: mostUrgent}, {State: intake.StateToCheck, Limit: waitingMost},
		{State: intake.StateToPublish, Sort: intake.ByPenaltyDate, Limit: mostUrgent},
	} {
		p, err := q.Cases.SearchCases(q.Context(), q.Who, s)
		if err != nil {
			return err
		}
		for _, r := range p.Rows {
			all = append(all, urgentCase{r, q.Link("/cases/" + r.AcceptID), q.States(r), page.Doubts(r), q.Deadline(r.PenaltyDate)})
		}
	}
	slices.SortStableFunc(all, func(a, b urgentCase) int { return cmp.Compare(a.rank(), b.rank()) })
	seen := make(map[int64]bool)
	for _, c := range all {
		if len(d.Urgent) < mostUrgent && !seen[c.No] && c.rank() < leisure {
			seen[c.No] = true
			d.Guess = max(d.Guess, c.Deadline.Guess)
			d.Urgent = append(d.Urgent, c)
		}
	}
	return nil
}

// leisure is the rank of what need not be named.
const leisure = 5

// rank is how soon somebody should work on a case, 0 first.
func (c urgentCase) rank() int {
	doubted := c.Doubted()
	switch {
	case c.Alarmed():
		return -1
	case !c.Work.Asked.IsZero() || !c.Work.Publish.Asked.IsZero():
		return 0
	case doubted && c.AllSevere() > 0:
		return 1
	case page.Waits(c.CaseRow) && c.Deadline.Left < 0:
		return 2
	case page.Waits(c.CaseRow) && c.Deadline.Left <= 5:
		return 3
	case doubted:
		return 4
	}
	return leisure
}
