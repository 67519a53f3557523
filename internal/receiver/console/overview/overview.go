// Package overview is the first page (首页): of those who work on cases, of those who mind the system, and of the
// auditor, each with what waits for them.
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

// Pages are the first page. facts are what is known of the system, for those who mind it.
func Pages(facts page.Facts) page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/overview", "首页", intake.OwnVisit, firstPage(facts)),
	}}
}

// firstPage is the first page of the role. Each part asks the desk for its own right; a visit whose password has
// expired has none of them.
func firstPage(facts page.Facts) page.Serve {
	return func(q *page.Request) (page.Answer, error) {
		role := q.Who.Role
		switch {
		case q.Who.Expired:
			return page.Redirect("/account?done=expired"), nil
		case role.May(intake.LookCases):
			return overviewPage(q)
		case role.May(intake.LookSystem):
			return mindPage(q, facts)
		case role.May(intake.LookAudit):
			return auditPage(q)
		}
		return nil, intake.ErrForbidden
	}
}

// overviewData is the first page (首页) of those who work on cases.
type overviewData struct {
	At      time.Time
	Figures []figure // what waits
	Intake  []figure // what came in
	Alarmed figure   // cases with something severe that came after they were checked or published
	Chart   chart
	Rules   []ruleFigure
	// MoreRules are those that are folded.
	MoreRules []ruleFigure
	Decide    []page.ProposalLine // that the officer may decide on
	Reviews   bool                // the officer decides on proposals
	Urgent    []urgentCase
	Silent    []silentApp
	// Register is the state of the register where it cannot be relied upon, nil where it can, or where there is none.
	Register *page.RegisterState
	Guess    int // the year whose holidays are not known and matter; 0: none does
}

// mostRules is how many rules are shown that are not folded, as high as the chart beside them.
const mostRules = 7

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
	d := overviewData{At: o.At, Chart: newChart(o.Days), Rules: ruleFigures(q, o.Rules), Silent: silentApps(o)}
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
	own, err := ownFigure(q)
	if err != nil {
		return nil, err
	}
	d.Figures = append([]figure{own}, workFigures(q, o.Worklist, soon)...)
	d.Intake = intakeFigures(q, o, waiting, oldest)
	if len(d.Rules) > mostRules {
		d.Rules, d.MoreRules = d.Rules[:mostRules], d.Rules[mostRules:]
	}
	if err := fillDecide(q, &d); err != nil {
		return nil, err
	}
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
