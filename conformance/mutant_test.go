package conformance_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance"
)

// hurried waits as checks must wait, but not as long as servers would like.
func hurried(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(min(d, 1500*time.Millisecond)):
		return nil
	}
}

// failed are the IDs of the checks that failed.
func failed(r conformance.Report) string {
	var ids []string
	for _, res := range r.Results {
		if res.Outcome == conformance.Failed {
			ids = append(ids, res.ID)
		}
	}
	return strings.Join(ids, " ")
}

// Each broken server fails the checks that name its defect, and no others. That the server which is not broken passes,
// TestRealServerPasses shows.
func TestDefectsAreFound(t *testing.T) {
	all := slices.Sorted(maps.Keys(defects()))
	if testing.Short() {
		all = slices.DeleteFunc(all, func(name string) bool { return len(name)%4 != 0 })
	}
	if len(all) < 15 {
		t.Fatalf("only %d defects", len(all))
	}
	var servers []server
	for _, name := range all {
		servers = append(servers, server{name, defects()[name].around, defects()[name].want})
	}
	tryAll(t, servers)
}

// server is one that is put around ours, and the checks that fail there.
type server struct {
	name   string
	around func(http.Handler) http.Handler
	fails  string
}

// tryAll runs all checks against all servers and holds what fails. The reports come back in the order of the servers. They
// mostly wait for the disk, so many run at once whatever -parallel says.
func tryAll(t *testing.T, servers []server) []conformance.Report {
	t.Helper()
	reports, d := make([]conformance.Report, len(servers)), desk(t)
	var wg sync.WaitGroup
	places := make(chan bool, 12)
	for i, s := range servers {
		target := admit(t, d, door(t, d, s.around).URL, api.All)
		target.Dialect = conformance.AnyDialect
		places <- true
		wg.Go(func() {
			defer func() { <-places }()
			reports[i] = holdFailed(t, s.name, target, s.fails)
		})
	}
	wg.Wait()
	return reports
}

// holdFailed holds which checks fail, and says why where others do.
func holdFailed(t *testing.T, name string, target conformance.Target, want string) (r conformance.Report) {
	t.Helper()
	r, err := conformance.Run(t.Context(), target, conformance.Options{RunID: rand(), Patience: 2 * time.Second, Sleep: hurried})
	if got := failed(r); got != want || err != nil {
		t.Errorf("%s:\nfailed  %s\nwant    %s  %v", name, got, want, err)
		for _, res := range r.Results {
			if res.Outcome == conformance.Failed && !slices.Contains(strings.Fields(want), res.ID) {
				t.Logf("%s: %s", res.ID, res.Reason)
			}
		}
	}
	return r
}
