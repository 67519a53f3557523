package staff

import (
	"fmt"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// TestFactsOfStaffAsBefore holds that facts of operators are written, to the byte, as earlier versions did: their
// text is chained.
func TestFactsOfStaffAsBefore(t *testing.T) {
	b := `乙" role=审计员`
	for _, c := range []struct {
		facts intake.Facts
		was   string
	}{
		{requestFacts(intake.Operator{
			Role:  intake.Clerk,
			Waits: intake.Change{Kind: intake.ChangeRole, By: intake.Actor(b), Role: intake.Reviewer},
		}),
			fmt.Sprintf("change=%s asked_by=%q was=%s role=%s", intake.ChangeRole, b, intake.Clerk, intake.Reviewer)},
		{
			append(intake.Facts{intake.WordFact("source", "192.0.2.1")}, lockFacts(30*60e9, "source")...),
			"source=192.0.2.1 locked=30m scope=source",
		},
	} {
		if got := c.facts.String(); got != c.was {
			t.Errorf("%q, versions before wrote %q", got, c.was)
		}
	}
}
