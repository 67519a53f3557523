package conformance_test

import (
	crand "crypto/rand"
	"testing"

	"diaoxiao/api"
	"diaoxiao/conformance"
)

func rand() string { return crand.Text()[:8] }

// The real server passes in every dialect, and in strict spelling where it has one.
func TestRealServerPasses(t *testing.T) {
	for _, dialect := range api.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			d := desk(t)
			target := admit(t, d, door(t, d, nil).URL, dialect)
			report := try(t, target, conformance.Options{Large: dialect == api.All && !testing.Short()})
			for _, r := range report.Results {
				switch {
				case r.Outcome == conformance.Failed:
					t.Errorf("%s %s: %s", r.ID, r.Title, r.Reason)
				case r.Outcome != conformance.Passed:
					t.Logf("%s %s: %s %s", r.ID, r.Title, r.Outcome, r.Reason)
				}
			}
			t.Log(report.Verdict(), report.Counts, report.Ended.Sub(report.Began))
		})
	}
}
