package conformance

import "slices"

// allChecks returns every check, chapter by chapter.
func allChecks() []Check {
	return slices.Concat(
		overviewChecks(), errorChecks(), sessionChecks(), receiveChecks(), codeChecks(),
		dialectChecks(), methodChecks(), logoutChecks(),
		statusChecks(), loginChecks(), tokenChecks(), sessionLifeChecks(), tokenPlaceChecks(),
		emptyChecks(), manyErrorChecks(), charsetChecks(), jsonChecks(), typeChecks(), dateChecks(),
		lengthChecks(), kindChecks(), sizeChecks(), repeatChecks(), acceptIDChecks(), wholeChecks(), doubtfulChecks(),
		unknownOutcomeChecks(), queryChecks(), extensionChecks(), listChecks(), noAppChecks(), keptChecks(),
	)
}

func must(id, title string, run func(*trial)) Check { return newCheck(id, Must, title, run) }

func should(id, title string, run func(*trial)) Check { return newCheck(id, Should, title, run) }

// early makes a check one that others build on.
func early(c Check) Check { return c.during(firstPhase) }

// lateChange makes a check one that changes every acknowledged case, before late checks send the cases again.
func lateChange(c Check) Check { return c.during(changePhase) }

// late makes a check one over every acknowledged case.
func late(c Check) Check { return c.during(repeatPhase) }

// always makes a check one over every answer of the run.
func always(c Check) Check { return c.during(overallPhase) }
