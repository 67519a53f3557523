package page

import (
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/workday"
)

// Deadline is the deadline of a case with how it is marked.
type Deadline struct{ casework.Deadline }

// Today is the day in Beijing.
func (s *Site) Today() workday.Day { return workday.DayOf(s.Clock()) }

// Deadline reckons from penaltydate.
func (s *Site) Deadline(penaltyDate string) Deadline {
	return Deadline{casework.DeadlineOf(penaltyDate, s.Calendar, s.Today())}
}

// DueBy is the last penaltydate whose cases should have been published before today.
func (s *Site) DueBy() string { return casework.DueBy(s.Calendar, s.Today()) }

// SoonBy is the last penaltydate whose cases are due within Soon working days.
func (s *Site) SoonBy() string { return casework.SoonBy(s.Calendar, s.Today()) }

// Class is how it is marked.
func (d Deadline) Class() string {
	switch {
	case d.Odd:
		return "warning"
	case d.Overdue():
		return "severe"
	case d.Left <= casework.Soon:
		return "warning"
	}
	return "off"
}
