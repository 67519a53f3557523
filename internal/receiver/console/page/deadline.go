package page

import (
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/workday"
)

// publishWithin is how many working days after the decision a penalty must be published.
const publishWithin = 20

// Deadline (公示期限) is until when a case has to be published, as of today.
type Deadline struct {
	Day  string // yyyy-MM-dd; "" where penaltydate is no day
	Left int    // working days, see workday.Calendar.Left
	// Guess is the first year whose holidays are not known and matter, 0 where none does.
	Guess int
}

// Today is the day in Beijing.
func (s *Site) Today() workday.Day { return workday.DayOf(s.Clock()) }

// Deadline reckons from penaltydate.
func (s *Site) Deadline(penaltyDate string) Deadline {
	from, err := workday.ParseDay(penaltyDate)
	if err != nil {
		return Deadline{}
	}
	last, today := s.Calendar.After(from, publishWithin), s.Today()
	d := Deadline{Day: last.String(), Left: s.Calendar.Left(today, last)}
	for y := min(from, today).Year(); y <= last.Year() && last >= today; y++ {
		if !s.Calendar.Known(y) {
			d.Guess = y
			break
		}
	}
	return d
}

// DueBy is the last penaltydate whose cases should have been published before today.
func (s *Site) DueBy() string {
	d := s.Today()
	for s.Calendar.After(d, publishWithin) >= s.Today() {
		d--
	}
	return d.String()
}

// Rest says in words how much time is left.
func (d Deadline) Rest() string {
	switch {
	case d.Day == "":
		return ""
	case d.Left > 0:
		return fmt.Sprintf("还剩%d个工作日", d.Left)
	case d.Left == 0:
		return "今天到期"
	}
	return fmt.Sprintf("已超期%d个工作日", -d.Left)
}

// Class is how it is marked.
func (d Deadline) Class() string {
	switch {
	case d.Left < 0:
		return "severe"
	case d.Left <= 5:
		return "warning"
	}
	return "off"
}

// Waits reports whether a case is still to be published.
func Waits(r intake.CaseRow) bool { return r.Returned.IsZero() && r.Work.Published == "" }
