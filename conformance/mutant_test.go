package conformance_test

import (
	"context"
	"flag"
	"fmt"
	"hash/crc32"
	"maps"
	"net/http"
	"regexp"
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
	known := defects()
	maps.Copy(known, losing())
	maps.Copy(known, misshapen())
	all := slices.Sorted(maps.Keys(known))
	all = slices.DeleteFunc(all, func(name string) bool { return !strings.Contains(name, *only) })
	if testing.Short() { // under the race detector: the kit sends to each as to the others
		all = slices.DeleteFunc(all, func(name string) bool { return len(name)%50 != 0 })
	}
	if len(all) < 40 && *only == "" && !testing.Short() {
		t.Fatalf("only %d defects", len(all))
	}
	var servers []server
	for _, name := range all {
		servers = append(servers, server{name, known[name].around, known[name].want})
	}
	tryAll(t, servers)
}

var (
	whole = flag.Bool("whole", false, "try all checks against every defect, also those that find something else")
	only  = flag.String("only", "", "try only the defects with this in their name")
)

// costly are checks that send much and are tried only against servers that they are to find, unless all are asked for.
var costly = regexp.MustCompile(
	`^(S16-0[136]|S15-(03|0[89]|[123]\d)|S17-1[3-9]|S17-2[3-6]|S7-1[23]|S18-03|S22-07|S24-06)$`,
)

// last are checks of all that the others sent.
var last = regexp.MustCompile(`C3-02|S1-07|S17-19|S17-23|S22-07|S24-06`)

// selection are the checks to try against a server that fails those of want: these, and one in twelve of the others,
// which differ from server to server.
func selection(name, want string) (ids []string) {
	named := strings.Fields(strings.NewReplacer("~", "", "+", "").Replace(want))
	for _, c := range conformance.Checks() {
		wanted := slices.ContainsFunc(named, func(id string) bool {
			return id == c.ID || strings.HasPrefix(id, "S15-") && c.Clause() == "S15"
		})
		sampled := !costly.MatchString(c.ID) && (last.MatchString(want) || crc32.ChecksumIEEE([]byte(name+c.ID))%12 == 0)
		if *whole || wanted || sampled {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// expected reports whether what failed is what had to fail, and whether that includes a MUST.
func expected(failed, want string) (right, must bool) {
	got, may := strings.Fields(failed), []string(nil)
	var need []string
	for _, id := range strings.Fields(want) {
		switch rest, chance := strings.CutPrefix(id, "~"); {
		case chance:
			may = append(may, rest)
		case id[0] != '+':
			need = append(need, id)
		}
	}
	got = slices.DeleteFunc(got, func(id string) bool { return slices.Contains(may, id) })
	for _, c := range conformance.Checks() {
		must = must || c.Requirement == conformance.Must && slices.Contains(need, c.ID)
	}
	return slices.Equal(got, need), must
}

// server is one that is put around ours, and the checks that fail there.
type server struct {
	name   string
	around func(http.Handler) http.Handler
	fails  string
}

// tryAll runs all checks against all servers and holds what fails. The reports come back in the order of the servers.
// They mostly wait for the disk, so many run at once whatever -parallel says.
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
	r, err := conformance.Run(
		t.Context(),
		target,
		conformance.Options{Checks: selection(name, want), RunID: rand(), Patience: 2 * time.Second, Sleep: hurried},
	)
	right, must := expected(failed(r), want)
	if must && (r.OK() || !strings.HasPrefix(r.Verdict(), "不合格：")) {
		t.Errorf("%s: %s", name, r.Verdict())
	}
	if !right || err != nil {
		fmt.Printf("FOUND %s\t%s\t%v\n", name, failed(r), err)
		t.Errorf("%s:\nfailed  %s\nwant    %s  %v", name, failed(r), want, err)
		for _, res := range r.Results {
			if *only != "" && res.Outcome == conformance.NotTested {
				t.Logf("%s %s", res.ID, res.Reason)
			}
			if res.Outcome == conformance.Failed && !slices.Contains(strings.Fields(want), res.ID) {
				t.Logf("%s: %s", res.ID, res.Reason)
			}
		}
	}
	return r
}
