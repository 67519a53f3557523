//go:build linux

package durability

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"diaoxiao/sandbox"
)

// TestNodesHistory: what concurrent clients of two nodes are answered, across the kill of one, is what one desk that
// serves one call after the other might have answered.
func TestNodesHistory(t *testing.T) {
	n := begin(t).histories / 2
	inPieces(n, 20, func(n int) verdict { return nodeHistories(t, product(t), n) }).report(t)
}

func nodeHistories(t *testing.T, binary string, n int) verdict {
	c := newCluster(t, binary, "histories of two nodes", threeNodes[:2])
	defer c.end()
	for range n {
		h := &history{site: c.site, no: c.next.Add(1), doubts: true}
		h.addr = func(client int) string { return c.nodes[client%2].addr }
		h.run(func() {
			time.Sleep(historyTime)
			c.nodes[1].kill()
			time.Sleep(historyTime)
		})
		c.restart(1)
		h.run(func() { time.Sleep(historyTime) })
		h.lookLast()
		h.judge(&c.verdict)
		c.verdict.cycles++
	}
	if _, err := c.run("db", "check"); err != nil {
		c.verdict.add(unclean, "%v", err)
	}
	return c.verdict
}

// restart starts a node that has ended, with more on its command line.
func (c *cluster) restart(i int, more ...string) {
	c.t.Helper()
	token := c.nodes[i].client.token
	c.nodes[i].client.close()
	n := c.addNode(c.data, "replicated", more...)
	n.client.token = token
	c.nodes = c.nodes[:len(c.nodes)-1]
	c.nodes[i] = n
}

// TestNodesVerify: a node that is killed while it verifies leaves its cases to the others, which find what one alone
// finds.
func TestNodesVerify(t *testing.T) {
	n := begin(t).absences
	for range n {
		verifyTogether(t, product(t)).report(t)
	}
}

// Cases that have some entities in common, so large that two make one claim.
const (
	twinCases   = 6
	twinItems   = 6_000
	sharedItems = 200
	// takeover is how long the claim of a dead node may last.
	takeover = 10 * time.Second
)

func verifyTogether(t *testing.T, binary string) verdict {
	c := newDatabases(t)
	c.site = prepareSite(t, binary, c.url(), "kills of a verifier")
	defer c.end()
	for i := range 3 {
		c.addNode(c.data+"&application_name=node"+strconv.Itoa(i), "replicated")
	}
	c.enter()
	alone := newSite(t, binary, t.TempDir(), "one verifier")
	defer alone.close()
	for i := range twinCases {
		c.submitTo(c.nodes[i%3].client, twin(i), false)
		alone.submit(twin(i), false)
	}
	c.killVerifying()
	c.verdict.cycles++
	if got, want := c.raised(), alone.raised(); got != want {
		c.verdict.add(unclean, "three verifiers, one of them killed, found\n%s\none alone on SQLite\n%s", got, want)
	}
	return c.conclude()
}

// raised is what is found of all cases, once all are verified.
func (s *site) raised() string {
	s.t.Helper()
	var all []string
	for _, id := range s.done {
		for end := time.Now().Add(recovery); ; time.Sleep(20 * time.Millisecond) {
			var v struct {
				State  string
				Raised json.RawMessage
			}
			b, err := s.run("case", "show", s.receipts[id], "--json")
			must(s.t, err)
			must(s.t, json.Unmarshal(b, &v))
			if v.State == "已核验" {
				all = append(all, id+string(v.Raised))
				break
			}
			if time.Now().After(end) {
				s.verdict.add(down, "%s is not verified within %s", id, recovery)
				break
			}
		}
	}
	return strings.Join(all, "\n")
}

func twin(i int) parcel {
	v := sandbox.Batch(uint64(i+2), twinItems-sharedItems)
	v.PenaltyList = append(v.PenaltyList, sandbox.Batch(1, sharedItems).PenaltyList...)
	v.CaseID = fmt.Sprintf("同〔2026〕%d号", i)
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // of strings
	}
	return parcel{v.CaseID, b, sum(b)}
}

// killVerifying kills a node that has written something of its cases, and waits for the end of its claim.
func (c *cluster) killVerifying() {
	c.t.Helper()
	const at = "from pg_stat_activity where backend_xid is not null and query ilike '%%entity%%' and " +
		"application_name = 'node%d'"
	victim := -1
	for end := time.Now().Add(recovery); victim < 0; time.Sleep(time.Millisecond) {
		for i := range c.nodes {
			if c.primary.SQL(c.t, database, "select count(*) > 0 "+fmt.Sprintf(at, i)) == "t" {
				victim = i
			}
		}
		if time.Now().After(end) {
			c.t.Fatal("nobody verifies")
		}
	}
	c.nodes[victim].kill()
	killed := time.Now()
	c.await(
		c.primary,
		fmt.Sprintf("select count(*) = 0 from pg_stat_activity where application_name = 'node%d'", victim),
	)
	gone := time.Since(killed)
	c.t.Logf("the claim of node %d ended %.1f s after its kill", victim, gone.Seconds())
	if gone > takeover {
		c.verdict.add(down, "the claim of a dead node lasted %s", gone)
	}
	c.nodes[victim].client.close()
	c.nodes = append(c.nodes[:victim], c.nodes[victim+1:]...)
	c.client, c.server = c.nodes[0].client, c.nodes[0].server
}
