package intake

import (
	"time"
)

// Intake is the number of accepted cases and of their entities.
type Intake struct {
	Cases    int
	Entities int64
}

// DayIntake is the intake of one calendar day in Beijing.
type DayIntake struct {
	Day string // yyyy-MM-dd
	Intake
}

// WorklistCount is the number of cases that wait for each kind of work.
type WorklistCount struct {
	ToCheck, ToPublish, Overdue, ToConfirm, Alarmed, ToRelease, Unfinished int
}

// RuleCount is the number of findings of a rule, and of the cases that have them.
type RuleCount struct {
	Rule            int
	Findings, Cases int
}

// AppContact is an app with the time of its last call and of its last case; zero times: never.
type AppContact struct {
	App
	LastCall time.Time // any call, as far back as calls are kept
	LastCase time.Time // accepted
}

// OverviewTx reads the data of the overview.
type OverviewTx interface {
	// IntakeByDay sums up the intake from from to to, to not included, by the day in beijingtime.Zone, in order. Days
	// without a case are left out.
	IntakeByDay(from, to time.Time) ([]DayIntake, error)
	// CountWorklist counts the worklist. Overdue counts the entries of Unfinished that are counted from a day between
	// oddBefore and dueBy, both included.
	CountWorklist(oddBefore, dueBy string) (WorklistCount, error)
	// CountRules counts the findings of the cases from the first one on that was received at since or later.
	CountRules(since time.Time) ([]RuleCount, error)
	// AppContacts lists all apps by id.
	AppContacts() ([]AppContact, error)
}
