// Package stats is the page of the statistics (统计): one month by sender, by organ and by rule, the months before it,
// and all of it as a workbook.
package stats

import (
	"embed"
	"fmt"
	"html/template"
	"strings"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/statistics"
)

//go:embed *.html
var templates embed.FS

// Pages are the statistics.
func Pages() page.Group {
	return page.Group{Templates: templates,
		Funcs: template.FuncMap{"monthText": monthText, "parts": parts, "moreText": moreText},
		Routes: []page.Route{
			page.Section("/stats", "统计", intake.LookCases, showStats),
			page.Post("/stats/export", intake.LookCases, exportStats),
		}}
}

// monthsShown is how many months the page lists.
const monthsShown = 12

// statsData is the statistics of one month, and the months up to it.
type statsData struct {
	statistics.Report
	Choices  []choice
	Figures  []figureRow
	Heads    []head
	Months   []partRow
	Charts   []chart
	Apps     []partRow
	Organs   []partRow
	MoreOrgs int // organs left out
	Rules    []ruleRow
	Verdicts []verdictRow
	Codes    []codeRow
	Calls    string // where refused calls are listed
}

// choice is a month that may be chosen.
type choice struct {
	Month statistics.Month
	Title string
	Here  bool
}

// monthText is a month as people read it.
func monthText(m statistics.Month) string {
	year, month, _ := strings.Cut(string(m), "-")
	return fmt.Sprintf("%s年%s月", year, strings.TrimPrefix(month, "0"))
}

// monthOf is the month that is asked for: the current one where none is.
func monthOf(q *page.Request) (statistics.Month, error) {
	if text := q.Field("month"); text != "" {
		return statistics.ParseMonth(text)
	}
	return statistics.MonthOf(q.Clock()), nil
}

func showStats(q *page.Request) (page.Answer, error) {
	d := statsData{}
	m, err := monthOf(q)
	if err != nil {
		return nil, err
	}
	if d.Report, err = q.Stats.Report(q.Context(), q.Who, m); err != nil {
		return nil, err
	}
	lines, err := q.Stats.Months(q.Context(), q.Who, statistics.MonthOf(q.Clock()), allMonths)
	if err != nil {
		return nil, err
	}
	d.fill(q, lines)
	return page.View{Template: "stats", Wide: true, Title: "统计", Head: monthText(m), Data: d}, nil
}

// allMonths is more months than there are.
const allMonths = 1200

// fill makes the rows of all tables.
func (d *statsData) fill(q *page.Request, lines []statistics.Line) {
	for _, l := range lines {
		d.Choices = append(d.Choices, choice{l.Month, monthText(l.Month) + stateText(l), l.Month == d.Month})
	}
	shown := upTo(lines, d.Month)
	d.Figures = figureRows(q, d.Report)
	d.Heads = heads()
	d.Months = monthRows(q, shown)
	d.Charts = charts(shown)
	d.Apps = appRows(q, d.Report)
	d.Organs, d.MoreOrgs = organRows(q, d.Report)
	d.Rules, d.Verdicts = ruleRows(d.Report), verdictRows(d.Report)
	d.Codes = codeRows(d.Report)
	d.Calls = q.Link("/calls/errors")
}

// upTo is the months up to one, the newest first.
func upTo(lines []statistics.Line, m statistics.Month) []statistics.Line {
	for len(lines) > 0 && lines[0].Month > m {
		lines = lines[1:]
	}
	return lines[:min(len(lines), monthsShown)]
}

func stateText(l statistics.Line) string {
	switch {
	case l.Corrected:
		return "（已结，有更正）"
	case l.Closed:
		return "（已结）"
	}
	return "（未结）"
}
