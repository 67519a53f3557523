package overview

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// figure is one number, and where it leads.
type figure struct {
	Title, Value, Note, Link string
	Alarm                    bool
}

// ruleFigure is how often a rule found something.
type ruleFigure struct {
	Class, Severity, Title string
	Findings, Cases        int
	Link                   string // the cases of these findings
}

// intakeFigures are what came in, and what of it is not verified yet.
func intakeFigures(q *page.Request, o casework.Overview, waiting int, oldest time.Time) []figure {
	today := q.Today().String()
	in := func(title, link string, i intake.Intake) figure {
		return figure{Title: title, Value: display.Count(i.Cases) + "件", Note: display.Count(i.Entities) + "户",
			Link: q.Link(link)}
	}
	since := ""
	if waiting > 0 {
		since = "最早于" + page.Clock(oldest) + "受理"
	}
	return []figure{in("今日受理", "/cases?from="+today, o.Today), in("本周受理", "/cases?from="+monday(q), o.Week),
		in("本月受理", "/cases?from="+today[:8]+"01", o.Month),
		{Title: "待核验", Value: display.Count(waiting) + "件", Note: since, Link: q.Link("/cases?state=unverified")}}
}

// workFigures are what waits for the officer: the clerk's steps in their order, or what is late, for the reviewer.
func workFigures(q *page.Request, n intake.WorklistCount, soon int) (fs []figure) {
	add := func(title string, n int, note, link string, alarm bool) {
		fs = append(fs, figure{Title: title, Value: display.Count(n) + "件", Note: note, Link: q.Link(link),
			Alarm: alarm && n > 0})
	}
	if q.Who.Role.May(intake.WorkCases) {
		add("待核对", n.ToCheck, "有严重或警示提示，尚未核对", "/cases?state=tocheck", true)
		add("待放行", n.ToRelease, "有可放行的市场主体", "/cases?state=torelease", false)
		add("待公示", n.ToPublish, "已放行，尚未公示", "/cases?state=topublish&sort=left&order=asc", false)
		add("待复核", n.ToConfirm, "等待复核员", "/cases?state=toconfirm", false)
	}
	add("公示超期", n.Overdue, "处罚决定后20个工作日内应公示", "/cases?state=overdue&sort=penaltydate&order=asc&decidedfrom="+
		casework.OddBefore(q.Today()), true)
	add("即将到期", soon, "5个工作日内须公示", "/cases?state=soon&sort=left&order=asc", true)
	add("公示未完成", n.Unfinished, "含超期", "/cases?state=unfinished&sort=penaltydate&order=asc", false)
	return fs
}

// monday is that of this week.
func monday(q *page.Request) string {
	t := q.Clock().In(beijingtime.Zone)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
}

func ruleFigures(q *page.Request, rs []intake.RuleCount) (fs []ruleFigure) {
	since := q.Clock().In(beijingtime.Zone).AddDate(0, 0, 1-casework.OverviewDays).Format(time.DateOnly)
	for _, r := range rs {
		rule, ok := rules.ByNo(r.Rule)
		if !ok {
			continue
		}
		link := "/cases?rule=" + strconv.Itoa(r.Rule) + "&from=" + since
		fs = append(fs, ruleFigure{page.SeverityClass(rule.Severity), rule.Severity.String(), rule.Title, r.Findings,
			r.Cases, q.Link(link)})
	}
	order := map[string]int{"severe": 0, "warning": 1, "mild": 2}
	slices.SortStableFunc(fs, func(a, b ruleFigure) int { return cmp.Compare(order[a.Class], order[b.Class]) })
	return fs
}
