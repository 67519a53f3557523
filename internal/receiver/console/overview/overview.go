// Package overview is the first page (首页) of operators who work on cases.
package overview

import (
	"embed"

	"time"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
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
	// Register is the state of the register where it cannot be relied upon, nil where it can, or where there is none.
	Register *page.RegisterState
	Guess    int // the year whose holidays are not known and matter; 0: none does
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
	soon, _, err := q.Cases.CountCases(q.Context(), q.Who, intake.CaseQuery{State: intake.StateSoon,
		DueBy: q.DueBy(), SoonBy: q.SoonBy()})
	if err != nil {
		return nil, err
	}
	d.Figures = newFigures(q, o, waiting, soon, oldest)
	d.Alarmed = figure{Value: display.Count(o.Worklist.Alarmed) + "件", Link: q.Link("/cases?state=alarmed"),
		Alarm: o.Worklist.Alarmed > 0}
	if err := fillUrgent(q, &d); err != nil {
		return nil, err
	}
	register, err := q.RegisterState()
	if err != nil {
		return nil, err
	}
	if register.Snapshot.ID != 0 && (register.Stale() || !register.There) {
		d.Register = &register
	}
	return page.View{Template: "overview", Title: "首页", Data: d}, nil
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
