//go:build linux

package durability

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"diaoxiao/internal/pgtest"
)

// netVar is set for the process that has a network of its own.
const netVar = "DURABILITY_NET"

// TestPartition: a node that is cut off from the primary says so and holds nobody up for long; a primary that is cut
// off from its standbys acknowledges nothing; and all goes on by itself when the network is whole again. It runs in a
// process with a network of its own, which is gone with it whatever way it ends.
func TestPartition(t *testing.T) {
	n := begin(t).absences
	if os.Getenv(netVar) == "" {
		runInNetwork(t)
		return
	}
	sh(t, "ip link set lo up; ip link add pg0 type veth peer name pg1; ip addr add 10.77.0.1/24 dev pg0; ip link "+
		"set pg0 up")
	partitions(t, product(t), n).report(t)
}

func runInNetwork(t *testing.T) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", "-test.run=^TestPartition$", "-test.v", "-test.timeout=30m")
	cmd.Env = append(os.Environ(), netVar+"=yes")
	runtime.LockOSThread() // Pdeathsig is about this thread
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	must(t, err)
}

func sh(t testing.TB, script string) {
	t.Helper()
	if out, err := exec.Command("/bin/sh", "-ec", script).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", script, err, out)
	}
}

// Limits of what a partition may do. A transaction of a node that is gone ends after five seconds.
const (
	heldUp   = 15 * time.Second
	answerBy = 45 * time.Second
)

// partitions cuts off a node and then the standbys, n times.
func partitions(t *testing.T, binary string, n int) verdict {
	c := newRoutedCluster(t, binary)
	defer c.end()
	far := c.nodes[2]
	for range n {
		began := time.Now()
		w := c.watch()
		time.Sleep(500 * time.Millisecond)
		release := c.holdTurn()
		rules := c.cutNode()
		cut := time.Now()
		release() // so that the node gets its turn, and cannot be told
		w[2].awaitRefusals(t, 1)
		t.Logf("cut off, a node answers 19009 after at most %.1f s; the others were held up for at most %.1f s",
			w[2].slowest().Seconds(), max(w[0].longestGap(), w[1].longestGap()).Seconds())
		c.awaitReadiness(far, http.StatusServiceUnavailable)
		t.Logf("/readyz of the node says so %.1f s after the cut", time.Since(cut).Seconds())
		c.holdWithin("others held up by a node that is cut off", max(w[0].longestGap(), w[1].longestGap()), heldUp)
		c.holdWithin("answer of a node that is cut off", w[2].slowest(), answerBy)
		rules.remove(t)
		healed := time.Now()
		c.awaitAll()
		t.Logf("the node goes on %.1f s after the network is whole", time.Since(healed).Seconds())

		rules = c.cutStandbys()
		c.deny()
		for _, n := range c.nodes {
			c.awaitReadiness(n, http.StatusServiceUnavailable)
		}
		c.allow()
		rules.remove(t)
		healed = time.Now()
		c.awaitAll()
		t.Logf("all nodes go on %.1f s after the standbys are back", time.Since(healed).Seconds())
		for _, w := range w {
			w.stop()
		}
		c.verdict.cycles++
		c.judgeNow(began)
	}
	return c.conclude()
}

func (c *cluster) holdWithin(what string, got, limit time.Duration) {
	if got > limit {
		c.add(down, "%s: %s, want at most %s", what, got, limit)
	}
}

// newRoutedCluster is newCluster with the third node on a network of its own, from where it reaches the primary alone.
func newRoutedCluster(t *testing.T, binary string) *cluster {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(filepath.Dir(dir), 0o711)) // PostgreSQL runs as another user
	hba := filepath.Join(dir, "hba")
	must(t, os.WriteFile(
		hba,
		[]byte("host all,replication all 127.0.0.1/32 trust\nhost all all 10.77.0.0/24 trust\n"),
		0o644,
	))
	p := pgtest.Start(t, "shared_buffers = '32MB'", "listen_addresses = '127.0.0.1,10.77.0.1'", "hba_file = '"+hba+"'")
	p.SQL(t, "postgres", "create database "+database)
	c := &cluster{primary: p, standbys: []*pgtest.Server{p.Standby(t, "b"), p.Standby(t, "c")}}
	p.Synchronous(t, c.anyOne())
	p.AwaitSync(t, "b", "c")
	c.site = prepareSite(t, binary, c.url(), "partitions")
	for _, d := range threeNodes[:2] {
		c.addNode(c.data, d)
	}
	c.addFarNode()
	c.enter()
	return c
}

// addFarNode starts a server behind the other end of the cable.
func (c *cluster) addFarNode() {
	c.t.Helper()
	const enter = `ip link set lo up; until ip link show pg1; do sleep 0.02; done; ip addr add 10.77.0.2/24 dev pg1; ` +
		`ip link set pg1 up; exec "$@"`
	s := follow(c.t, "unshare", "--net", "sh", "-ec", enter, "sh", c.binary, "serve", "--database", urlOf(fmt.Sprintf(
		"10.77.0.1:%d",
		c.primary.Port(),
	)),
		"--durability", "replicated", "--behind-proxy", "--listen", "10.77.0.2:8080", "--ops-listen", "10.77.0.2:9090")
	sh(c.t, fmt.Sprintf("until [ \"$(readlink /proc/%[1]d/ns/net)\" != \"$(readlink /proc/self/ns/net)\" ]; do sleep "+
		"0.02; done; ip link set pg1 netns %[1]d",
		s.cmd.Process.Pid))
	must(c.t, s.ready())
	c.nodes = append(c.nodes, &node{s, newClient(s.addr, "")})
}

// rules are what iptables drops.
type rules []string

func (c *cluster) drop(conditions ...string) rules {
	c.t.Helper()
	for _, r := range conditions {
		sh(c.t, "iptables -w -I "+r+" -j DROP")
	}
	return conditions
}

func (r rules) remove(t *testing.T) {
	t.Helper()
	for _, r := range r {
		sh(t, "iptables -w -D "+r+" -j DROP")
	}
}

// holdTurn takes the writers' turn and returns when all nodes wait for it.
func (c *cluster) holdTurn() (release func()) {
	c.t.Helper()
	conn, err := pgconn.Connect(c.t.Context(), c.primary.URL(database))
	must(c.t, err)
	_, err = conn.Exec(c.t.Context(), "begin; select taken from turn for update").ReadAll()
	must(c.t, err)
	c.await(
		c.primary,
		"select count(*) = 3 from pg_stat_activity where wait_event_type = 'Lock' and query like 'UPDATE turn%'",
	)
	return func() { must(c.t, conn.Close(c.t.Context())) }
}

// cutNode drops everything between the third node and the primary.
func (c *cluster) cutNode() rules {
	port := c.primary.Port()
	return c.drop(
		fmt.Sprintf("INPUT -i pg0 -p tcp --dport %d", port),
		fmt.Sprintf("OUTPUT -o pg0 -p tcp --sport %d", port),
	)
}

// cutStandbys drops everything between the standbys and the primary: what there is, and what they try anew.
func (c *cluster) cutStandbys() rules {
	c.t.Helper()
	port := c.primary.Port()
	var conditions []string
	for _, theirs := range strings.Fields(c.primary.SQL(
		c.t,
		"postgres",
		"select client_port from pg_stat_replication",
	)) {
		conditions = append(conditions, fmt.Sprintf("OUTPUT -o lo -p tcp --sport %s --dport %d", theirs, port),
			fmt.Sprintf("OUTPUT -o lo -p tcp --sport %d --dport %s", port, theirs))
	}
	if os.Geteuid() == 0 {
		conditions = append(
			conditions,
			fmt.Sprintf("OUTPUT -o lo -p tcp --syn --dport %d -m owner ! --uid-owner 0", port),
		)
	}
	return c.drop(conditions...)
}

func (c *cluster) awaitReadiness(n *node, want int) {
	c.t.Helper()
	for end := time.Now().Add(recovery); ; time.Sleep(50 * time.Millisecond) {
		code, body, err := n.operations("/readyz")
		if code == want {
			return
		}
		if time.Now().After(end) {
			c.add(down, "%s/readyz is %d %q %v, want %d", n.ops, code, body, err, want)
			return
		}
	}
}

// watcher calls one node all the time: it sends, asks and logs in, and notes how long that takes.
type watcher struct {
	c       *cluster
	node    *node
	quit    chan struct{}
	callers sync.WaitGroup

	mu      sync.Mutex
	refused [3]int // by kind of call
	slow    time.Duration
	gap     time.Duration // between two cases acknowledged
	last    time.Time
}

func (c *cluster) watch() (all []*watcher) {
	for _, n := range c.nodes {
		w := &watcher{c: c, node: n, quit: make(chan struct{}), last: time.Now()}
		own := newClient(n.addr, "")
		for kind, call := range []func() reply{
			func() reply { return c.submitTo(n.client, c.fresh(1), false) },
			func() reply { return n.client.query("没有的案件") },
			func() reply { return own.login(c.app) },
		} {
			w.callers.Go(func() { w.run(kind, call) })
		}
		all = append(all, w)
	}
	return all
}

func (w *watcher) run(kind int, call func() reply) {
	for {
		began := time.Now()
		r := call()
		w.note(kind, time.Since(began), r)
		select {
		case <-w.quit:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (w *watcher) note(kind int, took time.Duration, r reply) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slow = max(w.slow, took)
	if r.Code == unavailable {
		w.refused[kind]++
	}
	if kind == 0 && r.success() {
		w.gap, w.last = max(w.gap, time.Since(w.last)), time.Now()
	}
}

func (w *watcher) stop() {
	close(w.quit)
	w.callers.Wait()
}

func (w *watcher) slowest() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.slow
}

// longestGap counts the one that is not over, too.
func (w *watcher) longestGap() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return max(w.gap, time.Since(w.last))
}

// awaitRefusals waits until every kind of call was answered 19009 so often.
func (w *watcher) awaitRefusals(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(recovery); ; time.Sleep(50 * time.Millisecond) {
		w.mu.Lock()
		refused := w.refused
		w.mu.Unlock()
		if min(refused[0], refused[1], refused[2]) >= n {
			return
		}
		if time.Now().After(end) {
			w.c.add(
				down, "a node that is cut off has answered 19009 to so many cases, queries and logins within %s: %v",
				recovery, refused,
			)
			return
		}
	}
}
