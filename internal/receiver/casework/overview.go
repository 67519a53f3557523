package casework

import (
	"context"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/workday"
)

// Overview (首页) is what the desk has before it, as of one moment.
type Overview struct {
	At time.Time
	// received since the beginning of the day, the Monday and the month, in Beijing
	Today, Week, Month intake.Intake
	Days               []intake.DayIntake // the last 30 days, today last; none is left out
	Worklist           intake.WorklistCount
	Rules              []intake.RuleCount // findings of the cases received on those days, the most frequent rule first
	Apps               []intake.AppContact
}

func addIntake(i *intake.Intake, o intake.Intake) {
	i.Cases += o.Cases
	i.Entities += o.Entities
}

// OverviewDays is how many days Overview.Days has.
const OverviewDays = 30

// Overview returns the overview. A case to be published counts as overdue where its penaltydate, yyyy-MM-dd, is dueBy
// or before, and not so long ago that it is likely a mistake.
func (d *Cases) Overview(ctx context.Context, by intake.By, dueBy string) (o Overview, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		o = Overview{At: d.desk.Now(tx)}
		if err := o.countDays(tx); err != nil {
			return err
		}
		if o.Worklist, err = tx.CountWorklist(OddBefore(workday.DayOf(o.At)), dueBy); err != nil {
			return err
		}
		if o.Rules, err = tx.CountRules(midnight(o.At).AddDate(0, 0, 1-OverviewDays)); err != nil {
			return err
		}
		o.Apps, err = tx.AppContacts()
		return err
	})
	return o, err
}

// countDays sums the days up to week and month: one look at what was received.
func (o *Overview) countDays(tx intake.Tx) error {
	today := midnight(o.At)
	month := today.AddDate(0, 0, 1-today.Day())
	week := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	first := today.AddDate(0, 0, 1-OverviewDays)
	days, err := tx.IntakeByDay(earlier(month, first), today.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	of := make(map[string]intake.Intake, len(days))
	for _, day := range days {
		of[day.Day] = day.Intake
		if day.Day >= beijingtime.Day(week) {
			addIntake(&o.Week, day.Intake)
		}
		if day.Day >= beijingtime.Day(month) {
			addIntake(&o.Month, day.Intake)
		}
	}
	o.Today = of[beijingtime.Day(today)]
	for t := first; !t.After(today); t = t.AddDate(0, 0, 1) {
		o.Days = append(o.Days, intake.DayIntake{Day: beijingtime.Day(t), Intake: of[beijingtime.Day(t)]})
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
