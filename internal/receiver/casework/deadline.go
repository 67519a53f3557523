package casework

import (
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/workday"
)

// publishWithin is how many working days after the decision a penalty must be published.
const publishWithin = 20

// Deadline (公示期限) is until when a case has to be published, as of a day.
type Deadline struct {
	Day  string // yyyy-MM-dd; "" where penaltydate is no day
	Left int    // working days, see workday.Calendar.Left
	// Odd: the case was decided so long ago that the day is likely a mistake, and nothing can be reckoned from it.
	Odd bool
	// Guess is the first year whose holidays are not known and matter, 0 where none does.
	Guess int
}

// DeadlineOf reckons from a penaltydate, as of today.
func DeadlineOf(penaltyDate string, c *workday.Calendar, today workday.Day) Deadline {
	from, err := workday.ParseDay(penaltyDate)
	if err != nil {
		return Deadline{}
	}
	last := c.After(from, publishWithin)
	d := Deadline{Day: last.String(), Left: c.Left(today, last), Odd: penaltyDate < OddBefore(today)}
	for y := min(from, today).Year(); y <= last.Year() && last >= today; y++ {
		if !c.Known(y) {
			d.Guess = y
			break
		}
	}
	return d
}

// DueBy is the last penaltydate whose cases should have been published before today: cases of it and before that are
// still to be published are overdue.
func DueBy(c *workday.Calendar, today workday.Day) string {
	d := today
	for c.After(d, publishWithin) >= today {
		d--
	}
	return d.String()
}

// Soon is how many working days before its deadline a case is due soon (即将到期).
const Soon = 5

// SoonBy is the last penaltydate whose cases are due within Soon working days, as DueBy.
func SoonBy(c *workday.Calendar, today workday.Day) string {
	d, last := today, c.After(today, Soon)
	for c.After(d, publishWithin) > last {
		d--
	}
	return d.String()
}

// oddYears is how many years after its penaltydate a case is received whose penaltydate is hardly right.
const oddYears = 10

// OddBefore is the first penaltydate that is not odd.
func OddBefore(today workday.Day) string {
	return fmt.Sprintf("%04d%s", today.Year()-oddYears, today.String()[4:])
}

// Overdue reports whether the time is over.
func (d Deadline) Overdue() bool { return d.Left < 0 && !d.Odd }

// Rest says in words how much time is left.
func (d Deadline) Rest() string {
	switch {
	case d.Day == "":
		return ""
	case d.Odd:
		return "处罚决定日期异常，无法计算期限"
	case d.Left > 0:
		return fmt.Sprintf("还剩%d个工作日", d.Left)
	case d.Left == 0:
		return "今天到期"
	}
	return fmt.Sprintf("已超期%d个工作日", -d.Left)
}

// Brief is the time left alone, for a column that says what it is; "": as Rest says it.
func (d Deadline) Brief() string {
	if d.Day == "" || d.Odd || d.Left <= 0 {
		return ""
	}
	return fmt.Sprintf("%d个工作日", d.Left)
}

// ToPublish reports whether firms of a case are still to be published, or to be decided on.
func ToPublish(r intake.CaseRow) bool {
	if f := r.Firms; f.Total() > 0 {
		return f.Open() > 0 || f.Released > f.Published
	}
	return r.Returned.IsZero() && r.Work.Published == ""
}
