// Package system is the page of the state of the system.
package system

import (
	"embed"

	"context"
	"fmt"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are the state of the system.
func Pages(state func(context.Context) System) page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/system", "系统", intake.LookSystem, systemPage(state)),
	}}
}

// Fact is one thing worth knowing of the system.
type Fact = page.Fact

// System is what the system page shows of the program around the desk.
type System struct {
	Facts    []Fact // health, store, version
	Evidence []Fact // how it stands with the evidence log
	Settings []Fact // those in force, secrets masked
}

// systemPage shows what is known of the system; state is what the program around the desk says of itself, nil: nothing.
func systemPage(state func(context.Context) System) page.Serve {
	return func(q *page.Request) (page.Answer, error) {
		var s System
		if state != nil {
			s = state(q.Context())
		}
		err := addFacts(q, &s)
		return page.View{Template: "system_show", Title: "系统", Data: s}, err
	}
}

// Facts are the facts of the system page, for others; of the evidence log those that are bad. state is as for Pages.
func Facts(state func(context.Context) System) page.Facts {
	return func(q *page.Request) ([]Fact, error) {
		var s System
		if state != nil {
			s = state(q.Context())
		}
		err := addFacts(q, &s)
		for _, f := range s.Evidence {
			if f.Bad {
				s.Facts = append(s.Facts, f)
			}
		}
		return s.Facts, err
	}
}

// addFacts adds to the state what the desk knows.
func addFacts(q *page.Request, s *System) error {
	for _, f := range []func(*page.Request) (Fact, error){backupFact, backlogFact, calendarFact, auditFact} {
		fact, err := f(q)
		if err != nil {
			return err
		}
		s.Facts = append(s.Facts, fact)
	}
	return nil
}

// backupDays is after how many days without a backup somebody should look.
const backupDays = 2

func backupFact(q *page.Request) (Fact, error) {
	at, err := q.Audit.LastBackup(q.Context(), q.Who)
	if at.IsZero() {
		return Fact{Name: "最近一次备份", Value: "没有记录；请用 diaoxiao db backup 定期备份，并另存一份", Bad: true}, err
	}
	days := int(q.Clock().Sub(at).Hours() / 24)
	return Fact{Name: "最近一次备份", Value: fmt.Sprintf("%s，%d天前", page.Clock(at), days), Bad: days > backupDays}, err
}

// late is how long a case may wait for verification without anybody having to look.
const late = 10 * time.Minute

func backlogFact(q *page.Request) (Fact, error) {
	f := Fact{Name: "等待核验", Value: "没有案件"}
	if q.Backlog == nil {
		return f, nil
	}
	n, oldest, err := q.Backlog(q.Context())
	if n > 0 {
		f.Value = fmt.Sprintf("%s件，最早的受理于%s", display.Count(n), page.Clock(oldest))
		f.Bad = q.Clock().Sub(oldest) > late
	}
	return f, err
}

// calendarFact says for which years holidays are known: without them the days for publication are counted wrong.
func calendarFact(q *page.Request) (Fact, error) {
	now := q.Clock().In(beijingtime.Zone)
	var years []string
	for y := now.Year() - 3; y <= now.Year()+3; y++ {
		if q.Calendar.Known(y) {
			years = append(years, fmt.Sprint(y))
		}
	}
	f := Fact{Name: "工作日历", Value: strings.Join(years, "、") + "年的放假安排已知"}
	switch next := now.Year() + 1; {
	case !q.Calendar.Known(now.Year()):
		f.Value, f.Bad = fmt.Sprintf("没有%d年的放假安排，公示期限可能算错；请更新工作日历", now.Year()), true
	case !q.Calendar.Known(next):
		f.Value += fmt.Sprintf("；%d年的公布后请更新工作日历", next)
		f.Bad = now.Month() == time.December
	}
	return f, nil
}

func auditFact(q *page.Request) (Fact, error) {
	h, err := q.Audit.AuditHead(q.Context(), q.Who)
	if h.No == 0 {
		return Fact{Name: "审计链头", Value: "还没有审计记录"}, err
	}
	return Fact{Name: "审计链头", Value: h.String()}, err
}
