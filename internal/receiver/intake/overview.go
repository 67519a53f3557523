package intake

import (
	"time"
)

// Intake is how much was accepted.
type Intake struct {
	Cases    int
	Entities int64
}

// DayIntake is the intake of one calendar day in Beijing.
type DayIntake struct {
	Day string // yyyy-MM-dd
	Intake
}

// WorklistCount is how many cases wait for each kind of work.
type WorklistCount struct{ ToCheck, ToPublish, Overdue, ToConfirm, Alarmed, ToAgree int }

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
	// CountWorklist counts the worklist; overdue is what is to be published and counted from dueBy or before.
	CountWorklist(dueBy string) (WorklistCount, error)
	// CountRules counts the findings of the cases from the first on that was received at since or later.
	CountRules(since time.Time) ([]RuleCount, error)
	// AppContacts lists all apps by id.
	AppContacts() ([]AppContact, error)
}
