package conformance

import (
	"diaoxiao/conformance/internal/trial"
)

// Words of a run that the checks and the report share. Package trial describes their members.
type (
	// Target is the receiving side that is tried, and the accounts that it has admitted for the purpose. Cases are sent
	// to it: it must not be one that works on them.
	Target = trial.Target
	// Credentials are appKey, appSecret and account of a login.
	Credentials = trial.Credentials
	// Options say which checks are run and how. Zero fields take their defaults.
	Options = trial.Options
	// Check is one numbered check.
	Check = trial.Check
	// Requirement says how much a check weighs.
	Requirement = trial.Requirement
	// Result is a check and how it ended.
	Result = trial.Result
	// Outcome is how a check ended.
	Outcome = trial.Outcome
	// Step is one exchange of a check. It holds no token and no secret.
	Step = trial.Step
	// Exchange is a request and its answer, beside which a later one is shown.
	Exchange = trial.Exchange
	// Cases counts the cases that were acknowledged in a run, and those that were there at its end.
	Cases = trial.Cases
)

// The requirements.
const (
	Must   = trial.Must
	Should = trial.Should
)

// The outcomes.
const (
	Passed     = trial.Passed
	Failed     = trial.Failed
	NotOffered = trial.NotOffered // an extension that the target may lack
	NotTested  = trial.NotTested  // for want of an option, or of something that another check demands
)

// Spellings that are no dialect of package api.
const (
	AnyDialect    = trial.AnyDialect    // any spelling, as long as it does not change
	StrictDialect = trial.StrictDialect // one of the document's spellings, and no member more
)

// Errors of Run. All of them mean that the checks could not be run, and say nothing about the target.
var (
	ErrTarget       = trial.ErrTarget // the caller's to put right
	ErrUnreachable  = trial.ErrUnreachable
	ErrRefused      = trial.ErrRefused
	ErrNotInterface = trial.ErrNotInterface
)

// Outcomes lists the outcomes.
func Outcomes() []Outcome { return trial.Outcomes() }

// Dialects lists the values of Target.Dialect, the default first.
func Dialects() []string { return trial.Dialects() }
