//go:build linux

package durability

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
)

// cluster is a PostgreSQL primary with two standbys, of which any one must have a commit, and servers of one binary on
// it, with everything that was ever sent to them and answered by them.
type cluster struct {
	*site
	primary  *pgtest.Server
	standbys []*pgtest.Server
	nodes    []*node
}

// node is one server on the cluster and a sender's way to it.
type node struct {
	*server
	client *client
}

// threeNodes is what a node takes for durable, for each node.
var threeNodes = []string{"replicated", "replicated", "replicated"}

// database is the name of the only one.
const database = "diaoxiao"

// newCluster starts everything, a server for each durability.
func newCluster(t *testing.T, binary, what string, durabilities []string) *cluster {
	t.Helper()
	c := newDatabases(t)
	c.site = prepareSite(t, binary, c.url(), what)
	for _, d := range durabilities {
		c.addNode(c.data, d)
	}
	c.enter()
	return c
}

// newDatabases starts the PostgreSQL servers. Standbys try again soon, so that nobody waits for what is there.
func newDatabases(t *testing.T) *cluster {
	t.Helper()
	p := pgtest.Start(t, "wal_retrieve_retry_interval = '200ms'", "shared_buffers = '32MB'")
	p.SQL(t, "postgres", "create database "+database)
	c := &cluster{primary: p, standbys: []*pgtest.Server{p.Standby(t, "b"), p.Standby(t, "c")}}
	p.Synchronous(t, c.anyOne())
	p.AwaitSync(t, "b", "c")
	return c
}

// anyOne is the synchronous_standby_names under which one of the standbys must have a commit.
func (c *cluster) anyOne() string {
	return fmt.Sprintf("ANY 1 (%s, %s)", c.standbys[0].Name(), c.standbys[1].Name())
}

// url names all hosts.
func (c *cluster) url() string {
	hosts := []string{host(c.primary), host(c.standbys[0]), host(c.standbys[1])}
	return urlOf(strings.Join(hosts, ","))
}

func host(s *pgtest.Server) string { return fmt.Sprintf("127.0.0.1:%d", s.Port()) }

// urlOf gives up soon on a host that hangs, for the next of them.
func urlOf(hosts string) string { return urlWithin(hosts, 4*time.Second) }

// urlWithin is a URL with so much time for one connection.
func urlWithin(hosts string, limit time.Duration) string {
	return fmt.Sprintf(
		"postgres://diaoxiao@%s/%s?sslmode=disable&target_session_attrs=read-write&connect_timeout=%d", hosts,
		database, int(limit.Seconds()),
	)
}

// addNode starts a server.
func (c *cluster) addNode(url, durability string, more ...string) *node {
	c.t.Helper()
	args := []string{
		c.binary, "serve", "--database", url, "--durability", durability, "--listen", "127.0.0.1:0", "--ops-listen",
		"127.0.0.1:0",
	}
	n := &node{server: follow(c.t, append(args, more...)...)}
	must(c.t, n.ready())
	n.client = newClient(n.addr, "")
	c.nodes = append(c.nodes, n)
	return n
}

// enter logs in at the first node; the token holds on all.
func (c *cluster) enter() {
	c.t.Helper()
	if r := c.nodes[0].client.login(c.app); !r.success() {
		c.t.Fatalf("login: %+v", r)
	}
	for _, n := range c.nodes {
		n.client.token = c.nodes[0].client.token
	}
	c.client, c.server = c.nodes[0].client, c.nodes[0].server
}

// end kills everything early: many clusters may follow each other in one test.
func (c *cluster) end() {
	for _, n := range c.nodes {
		n.kill()
		n.client.close()
	}
	for _, s := range append(c.standbys, c.primary) {
		s.Kill()
	}
}

// anyNode is what a balancer gives to a sender.
func (c *cluster) anyNode(r *rand.Rand) *client { return c.nodes[r.IntN(len(c.nodes))].client }

// deny: from now on until allow nothing that is sent can become durable.
func (c *cluster) deny() { c.darkAt.Store(time.Now().UnixNano()) }

func (c *cluster) allow() { c.darkAt.Store(0) }

// mark begins the time in which the first SUCCESS is looked for.
func (c *cluster) mark() time.Time {
	now := time.Now()
	c.since.Store(now.UnixNano())
	c.firstAck.Store(0)
	return now
}

// sinceMark is how long after the mark the first SUCCESS was read.
func (c *cluster) sinceMark() time.Duration { return time.Duration(c.firstAck.Load() - c.since.Load()) }

// recovery is how long a cluster may take to acknowledge again once it can.
const recovery = 90 * time.Second

// awaitAll sends to every node until it acknowledges, and is ready, without anybody's help.
func (c *cluster) awaitAll() {
	c.t.Helper()
	for i, n := range c.nodes {
		if r, err := c.awaitNode(n); err != nil {
			c.add(down, "node %d does not go on within %s: %+v; %v; %s", i, recovery, r, err, n.last())
		}
	}
}

func (c *cluster) awaitNode(n *node) (r reply, err error) {
	p := c.fresh(1)
	for end := time.Now().Add(recovery); ; time.Sleep(20 * time.Millisecond) {
		if !r.success() {
			r = c.submitTo(n.client, p, false)
		}
		code, body, err := n.operations("/readyz")
		if err == nil && code != http.StatusOK {
			err = fmt.Errorf("/readyz: %d %s", code, body)
		}
		if err == nil && r.success() {
			return r, nil
		}
		if time.Now().After(end) {
			return r, fmt.Errorf("not recovered: %w", err)
		}
	}
}

// awaitUnready waits until every node says that it acknowledges nothing, and why.
func (c *cluster) awaitUnready(why string) {
	c.t.Helper()
	for i, n := range c.nodes {
		code, body, err := n.operations("/readyz")
		for end := time.Now().Add(recovery); (code != http.StatusServiceUnavailable || !strings.Contains(body, why)) &&
			time.Now().Before(end); {
			time.Sleep(50 * time.Millisecond)
			code, body, err = n.operations("/readyz")
		}
		if code != http.StatusServiceUnavailable || !strings.Contains(body, why) {
			c.add(down, "node %d: /readyz is %d %q %v, want 503 and %q", i, code, body, err, why)
		}
	}
}

// judgeNow holds the cluster against the record, and sends again what got no answer and some of what did, to every
// node.
func (c *cluster) judgeNow(began time.Time) {
	c.t.Helper()
	c.awaitVerified()
	c.judgeVerified(began)
}

func (c *cluster) judgeVerified(began time.Time) {
	c.t.Helper()
	cases := c.check(began)
	first := c.client
	for _, n := range c.nodes {
		c.client = n.client
		c.askAgain(cases)
	}
	c.client = first
}

// awaitVerified waits until the verifiers of the nodes have seen every case, also those that have the number of a lost
// one.
func (c *cluster) awaitVerified() {
	c.t.Helper()
	const missing = "select count(*) from cases c where not exists (select from verification v where v.case_no = " +
		"c.case_no)"
	n := c.primary.SQL(c.t, database, missing)
	for end := time.Now().Add(recovery); n != "0" && time.Now().Before(end); n = c.primary.SQL(c.t, database, missing) {
		time.Sleep(50 * time.Millisecond)
	}
	if n != "0" {
		c.add(unclean, "%s cases are not verified after %s", n, recovery)
	}
}

// conclude stops the nodes, which must have run all the time, looks a last time and returns the verdict.
func (c *cluster) conclude() verdict {
	c.t.Helper()
	for i, n := range c.nodes {
		if code := n.terminate(); code != 0 {
			c.verdict.add(down, "node %d: SIGTERM ended with exit code %d: %s", i, code, n.last())
		}
	}
	c.check(time.Time{})
	return c.total()
}

// awaitLog waits until a server has what another had written when this began.
func (c *cluster) awaitLog(standby *pgtest.Server) {
	c.t.Helper()
	c.await(c.primary, fmt.Sprintf("select flush_lsn >= '%s' from pg_stat_replication where application_name = '%s'",
		c.primary.SQL(c.t, "postgres", "select pg_current_wal_insert_lsn()"), standby.Name()))
}

// await waits until a query says t.
func (c *cluster) await(s *pgtest.Server, query string) {
	c.t.Helper()
	for end := time.Now().Add(recovery); s.SQL(c.t, "postgres", query) != "t"; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("PostgreSQL on port %d does not say t to %s", s.Port(), query)
		}
	}
}

// pauseStandbys halts both, first one, then the other, which then has everything that was ever acknowledged; it is the
// first of standbys afterwards.
func (c *cluster) pauseStandbys() {
	c.t.Helper()
	if c.rand.IntN(2) == 0 {
		slices.Reverse(c.standbys)
	}
	c.standbys[1].Pause()
	c.awaitLog(c.standbys[0])
	c.standbys[0].Pause()
}

// promote makes a standby the primary, and the other follow it. The old primary, which must be dead, is rebuilt later.
func (c *cluster) promote(to *pgtest.Server) {
	c.t.Helper()
	other := c.standbys[0]
	if other == to {
		other = c.standbys[1]
	}
	c.primary, c.standbys = to, []*pgtest.Server{other, c.primary}
	to.Promote(c.t)
}

// seen is how many cases that nobody was told of can be seen in the primary.
func (c *cluster) seen() (n int) {
	c.t.Helper()
	b, err := json.Marshal(c.open())
	must(c.t, err)
	text := c.primary.SQL(
		c.t,
		database,
		"select count(*) from cases where caseid in (select json_array_elements_text('"+string(b)+"'))",
	)
	_, err = fmt.Sscan(text, &n)
	must(c.t, err)
	return n
}
