// Package checks holds the numbered conformance checks, a file a subject, each a function over a trial.
package checks

import (
	"diaoxiao/conformance/internal/trial"
	"slices"
)

// All returns every check, chapter by chapter.
func All() []trial.Check {
	return slices.Concat(
		overviewChecks(), errorChecks(), sessionChecks(), receiveChecks(), codeChecks(),
		dialectChecks(), methodChecks(), logoutChecks(),
		statusChecks(), loginChecks(), tokenChecks(), sessionLifeChecks(), tokenPlaceChecks(),
		emptyChecks(), manyErrorChecks(), charsetChecks(), jsonChecks(), typeChecks(), dateChecks(),
		lengthChecks(), kindChecks(), sizeChecks(), repeatChecks(), acceptIDChecks(), wholeChecks(), doubtfulChecks(),
		unknownOutcomeChecks(), queryChecks(), extensionChecks(), listChecks(), noAppChecks(),
		receiptChecks(), keptChecks(),
	)
}

func must(id, title string, run func(*trial.Trial)) trial.Check {
	return trial.NewCheck(id, trial.Must, title, run)
}

func should(id, title string, run func(*trial.Trial)) trial.Check {
	return trial.NewCheck(id, trial.Should, title, run)
}

// early makes a check one that others build on.
func early(c trial.Check) trial.Check { return c.During(trial.FirstPhase) }

// lateChange makes a check one that changes every acknowledged case, before late checks send the cases again.
func lateChange(c trial.Check) trial.Check { return c.During(trial.ChangePhase) }

// late makes a check one over every acknowledged case.
func late(c trial.Check) trial.Check { return c.During(trial.RepeatPhase) }

// always makes a check one over every answer of the run.
func always(c trial.Check) trial.Check { return c.During(trial.OverallPhase) }
