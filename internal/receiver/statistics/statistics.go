// Package statistics (统计) counts cases, firms, refusals, findings, returns and publications by sender, by organ and by
// month of acceptance, with the formula of each number in words.
//
// The decision you could not guess: a month is closed when twenty working days have passed after its last day. By then
// every decision of a case that it accepted has reached its deadline of publication, so that its 及时率 cannot change
// any more; a month that is closed earlier has to be corrected. Its numbers are as of that day, whenever they are
// computed; they are stored with a digest that the audit has as well, and they are never replaced. Later numbers as of
// that day are shown beside them where they differ.
package statistics

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/workday"
)

// Statistics is the use cases. Its methods are safe for concurrent use.
type Statistics struct {
	desk     *intake.Desk
	calendar *workday.Calendar
}

// New returns the statistics of a desk by a calendar of working days.
func New(d *intake.Desk, c *workday.Calendar) *Statistics { return &Statistics{d, c} }
