package overview

import (
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

func newFigures(q *page.Request, o casework.Overview, waiting, soon int, oldest time.Time) []figure {
	today := q.Today().String()
	in := func(title, link string, i intake.Intake) figure {
		return figure{Title: title, Value: display.Count(i.Cases) + "件", Note: display.Count(i.Entities) + "户",
			Link: q.Link(link)}
	}
	since := ""
	if waiting > 0 {
		since = "最早于" + page.Clock(oldest) + "受理"
	}
	return []figure{
		in("今日受理", "/cases?from="+today, o.Today), in("本周受理", "/cases?from="+monday(q), o.Week),
		in("本月受理", "/cases?from="+today[:8]+"01", o.Month),
		{Title: "待核验", Value: display.Count(waiting) + "件", Note: since, Link: q.Link("/cases?state=unverified"),
			Alarm: waiting > 0 && o.At.Sub(oldest) > time.Hour},
		{Title: "待核对", Value: display.Count(o.Worklist.ToCheck) + "件", Note: "有严重或警示提示，尚未核对",
			Link: q.Link("/cases?state=tocheck"), Alarm: o.Worklist.ToCheck > 0},
		{Title: "待复核", Value: display.Count(o.Worklist.ToConfirm) + "件", Note: "等待复核员",
			Link: q.Link("/cases?state=toconfirm"), Alarm: o.Worklist.ToConfirm > 0},
		{Title: "公示超期", Value: display.Count(o.Worklist.Overdue) + "件", Note: "处罚决定后20个工作日内应公示",
			Link: q.Link("/cases?state=overdue&sort=penaltydate&order=asc"), Alarm: o.Worklist.Overdue > 0},
		{Title: "即将到期", Value: display.Count(soon) + "件", Note: "5个工作日内须公示",
			Link: q.Link("/cases?state=soon&sort=left&order=asc"), Alarm: soon > 0},
		{Title: "公示未完成", Value: display.Count(o.Worklist.Unfinished) + "件", Note: "含超期",
			Link: q.Link("/cases?state=unfinished&sort=penaltydate&order=asc")},
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
		fs = append(fs, ruleFigure{page.SeverityClass(rule.Severity), rule.Severity.String(), rule.Title, r.Findings,
			r.Cases})
	}
	order := map[string]int{"severe": 0, "warning": 1, "mild": 2}
	slices.SortStableFunc(fs, func(a, b ruleFigure) int { return cmp.Compare(order[a.Class], order[b.Class]) })
	return fs
}
