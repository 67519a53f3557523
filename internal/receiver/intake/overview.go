package intake

import (
	"context"
	"time"

	"diaoxiao/internal/beijingtime"
)

// Overview (首页) is what the desk has before it, as of one moment.
type Overview struct {
	At                 time.Time
	Today, Week, Month Intake      // received since the beginning of the day, the Monday and the month, in Beijing
	Days               []DayIntake // the last 30 days, today last; none is left out
	Docket             DocketCount
	Rules              []RuleCount // findings of the cases received on those days, the most frequent rule first
	Apps               []AppContact
}

// Intake is how much was accepted.
type Intake struct {
	Cases    int
	Entities int64
}

func (i *Intake) add(o Intake) {
	i.Cases += o.Cases
	i.Entities += o.Entities
}

// DayIntake is the intake of one calendar day in Beijing.
type DayIntake struct {
	Day string // yyyy-MM-dd
	Intake
}

// DocketCount is how many cases wait for each kind of work.
type DocketCount struct{ ToCheck, ToPublish, Overdue, ToConfirm, Alarmed, ToAgree int }

// RuleCount is how often a rule found something.
type RuleCount struct {
	Rule            int
	Findings, Cases int
}

// AppContact is when an app was last heard of; zero times: never.
type AppContact struct {
	App
	LastCall time.Time // any call, as far back as calls are kept
	LastCase time.Time // accepted
}

// OverviewTx is what the overview reads.
type OverviewTx interface {
	// IntakeByDay sums up what was received from from to to, to not included, by the day in beijingtime.Zone, in order;
	// days without are not there.
	IntakeByDay(from, to time.Time) ([]DayIntake, error)
	// CountDocket counts the docket; overdue is what is to be published and counted from dueBy or before.
	CountDocket(dueBy string) (DocketCount, error)
	// CountRules counts the findings of the cases from the first on that was received at since or later.
	CountRules(since time.Time) ([]RuleCount, error)
	// AppContacts lists all apps by id.
	AppContacts() ([]AppContact, error)
}

// overviewDays is how many days Overview.Days has.
const overviewDays = 30

// Overview returns the overview. What is to be published counts as overdue where its penaltydate, yyyy-MM-dd, is dueBy
// or before.
func (d *Desk) Overview(ctx context.Context, by By, dueBy string) (o Overview, err error) {
	err = d.look(ctx, by, LookCases, func(tx Tx) error {
		o = Overview{At: d.now(tx)}
		if err := o.countDays(tx); err != nil {
			return err
		}
		if o.Docket, err = tx.CountDocket(dueBy); err != nil {
			return err
		}
		if o.Rules, err = tx.CountRules(midnight(o.At).AddDate(0, 0, 1-overviewDays)); err != nil {
			return err
		}
		o.Apps, err = tx.AppContacts()
		return err
	})
	return o, err
}

// countDays sums the days up to week and month: one look at what was received.
func (o *Overview) countDays(tx Tx) error {
	today := midnight(o.At)
	month := today.AddDate(0, 0, 1-today.Day())
	week := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	first := today.AddDate(0, 0, 1-overviewDays)
	days, err := tx.IntakeByDay(earlier(month, first), today.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	of := make(map[string]Intake, len(days))
	for _, day := range days {
		of[day.Day] = day.Intake
		if day.Day >= beijingtime.Day(week) {
			o.Week.add(day.Intake)
		}
		if day.Day >= beijingtime.Day(month) {
			o.Month.add(day.Intake)
		}
	}
	o.Today = of[beijingtime.Day(today)]
	for t := first; !t.After(today); t = t.AddDate(0, 0, 1) {
		o.Days = append(o.Days, DayIntake{beijingtime.Day(t), of[beijingtime.Day(t)]})
	}
	return nil
}

// midnight is the beginning of the day of t in Beijing.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(beijingtime.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, beijingtime.Zone)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
