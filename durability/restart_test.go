//go:build linux

package durability

import (
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestRollingRestart: three nodes behind HAProxy, as deploy/haproxy.cfg has it, are restarted one after the other under
// load, and no sender that repeats what it is told to repeat notices.
func TestRollingRestart(t *testing.T) {
	n := begin(t).absences
	inPieces(n, 3, func(n int) verdict { return rollingRestarts(t, product(t), n) }).report(t)
}

func rollingRestarts(t *testing.T, binary string, n int) verdict {
	c := newCluster(t, binary, "rolling restarts", threeNodes)
	defer c.end()
	for i := range c.nodes { // with what a balancer needs
		addr, ops := c.nodes[i].addr, c.nodes[i].ops
		c.nodes[i].terminate()
		c.restart(i, balanced(addr, ops)...)
	}
	p := startBalancer(t, c)
	l := &balancedLoad{cluster: c, balance: p, quit: make(chan struct{})}
	l.start(4)
	for range n {
		for i := range c.nodes {
			l.await(50)
			c.roll(p, i)
			c.verdict.cycles++
		}
	}
	l.await(50)
	close(l.quit)
	l.senders.Wait()
	t.Logf(
		"%d calls: %d answered 19009, %d connections broken, %d failures that a sender notices", l.calls.Load(),
		l.busy.Load(), l.broken.Load(), l.failed.Load(),
	)
	p.holdSecrets(c)
	v := c.conclude()
	if r := newClient(p.addr, c.client.token).query("没有的案件"); r.Status != 503 || r.Code != unavailable {
		v.add(down, "without any node the balancer answers %+v", r)
	}
	return v
}

func balanced(addr, ops string) []string {
	return []string{"--listen", addr, "--ops-listen", ops, "--behind-proxy", "--shutdown-delay", "3s"}
}

// roll restarts one node and returns when the balancer gives it requests again.
func (c *cluster) roll(p *balancer, i int) {
	c.t.Helper()
	addr, ops := c.nodes[i].addr, c.nodes[i].ops
	if code := c.nodes[i].terminate(); code != 0 {
		c.verdict.add(down, "node %d: SIGTERM ended with exit code %d: %s", i, code, c.nodes[i].last())
	}
	c.restart(i, balanced(addr, ops)...)
	p.awaitUp(len(c.nodes))
}

// balancer is a running HAProxy.
type balancer struct {
	t      *testing.T
	addr   string
	dir    string
	logged *os.File
}

// startBalancer runs HAProxy on the published configuration, with the addresses of this machine, without TLS, and with
// its log in a file.
func startBalancer(t *testing.T, c *cluster) *balancer {
	t.Helper()
	dir := t.TempDir()
	p := &balancer{t: t, addr: freeAddr(t), dir: dir}
	text, err := os.ReadFile("../deploy/haproxy.cfg")
	must(t, err)
	conf := string(text)
	replace := func(old, new string) {
		if strings.Count(conf, old) != 1 {
			t.Fatalf("deploy/haproxy.cfg holds %q %d times", old, strings.Count(conf, old))
		}
		conf = strings.Replace(conf, old, new, 1)
	}
	replace("bind :443 ssl crt /etc/haproxy/diaoxiao.pem alpn h2,http/1.1", "bind "+p.addr)
	replace("/run/haproxy/admin.sock", filepath.Join(dir, "admin.sock"))
	replace("log /dev/log local0", "log stdout format raw local0")
	for i, n := range c.nodes {
		_, ops, _ := net.SplitHostPort(n.ops)
		replace(fmt.Sprintf("node%d 10.0.0.1%d:8080", i+1, i+1), fmt.Sprintf("node%d %s port %s", i+1, n.addr, ops))
	}
	file := filepath.Join(dir, "haproxy.cfg")
	must(t, os.WriteFile(file, []byte(conf), 0o600))
	p.run(file)
	p.awaitUp(len(c.nodes))
	return p
}

func (p *balancer) run(file string) {
	p.t.Helper()
	path, err := exec.LookPath("haproxy")
	if err != nil {
		p.t.Fatalf("%v: scripts/needs.sh haproxy", err)
	}
	p.logged, err = os.Create(filepath.Join(p.dir, "log"))
	must(p.t, err)
	cmd := command(path, "-db", "-f", file)
	cmd.Stdout, cmd.Stderr = p.logged, p.logged
	must(p.t, cmd.Start())
	p.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		p.logged.Close()
	})
}

// freeAddr is an address that nobody listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

// awaitUp waits until HAProxy takes so many nodes for ready.
func (p *balancer) awaitUp(n int) {
	p.t.Helper()
	for end := time.Now().Add(recovery); ; time.Sleep(50 * time.Millisecond) {
		up, err := p.up()
		if up == n {
			return
		}
		if time.Now().After(end) {
			log, _ := os.ReadFile(p.logged.Name())
			p.t.Fatalf("HAProxy takes %d nodes for ready, want %d: %v\n%s", up, n, err, clip(string(log)))
		}
	}
}

// up counts the servers that HAProxy says are up.
func (p *balancer) up() (n int, err error) {
	c, err := net.Dial("unix", filepath.Join(p.dir, "admin.sock"))
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if _, err := io.WriteString(c, "show stat\n"); err != nil {
		return 0, err
	}
	r := csv.NewReader(c)
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	for _, l := range lines {
		if len(l) > 17 && l[0] == "nodes" && strings.HasPrefix(l[1], "node") && l[17] == "UP" {
			n++
		}
	}
	return n, err
}

// holdSecrets looks for tokens in HAProxy's log, which must have logged something.
func (p *balancer) holdSecrets(c *cluster) {
	p.t.Helper()
	b, err := os.ReadFile(p.logged.Name())
	must(p.t, err)
	log := string(b)
	if !strings.Contains(log, "/security/receiveCaseinfo") || strings.Contains(log, "access_token") ||
		strings.Contains(log, "?") {
		c.verdict.add(unclean, "HAProxy logs nothing, or tokens: %s", clip(log))
	}
}

// balancedLoad is several senders that each log in, send cases, ask for them and log out, through the balancer, and
// repeat what got 19009 or no answer.
type balancedLoad struct {
	cluster *cluster
	balance *balancer
	quit    chan struct{}
	senders sync.WaitGroup

	calls, busy, broken, failed atomic.Int64
}

func (l *balancedLoad) start(senders int) {
	for range senders {
		l.senders.Go(func() {
			for !l.over() {
				l.session()
			}
		})
	}
}

func (l *balancedLoad) over() bool {
	select {
	case <-l.quit:
		return true
	default:
		return false
	}
}

// session is one login and what follows.
func (l *balancedLoad) session() {
	s := l.cluster.site
	c := newClient(l.balance.addr, "")
	defer c.close()
	l.insist("login", func() reply { return c.login(s.app) }, "")
	for range 20 {
		p := s.fresh(1 + smallItems)
		l.insist("submit", func() reply { return s.submitTo(c, p, false) }, "")
		l.insist("query", func() reply { return s.queryTo(c, p.caseID) }, "")
	}
	l.insist("logout", c.logout, invalidToken)
}

// insist repeats a call while it gets 19009 or no answer. A call that got neither at first must succeed, or get the
// code that says that it had succeeded before.
func (l *balancedLoad) insist(what string, call func() reply, done string) {
	for doubt := false; ; doubt = true {
		l.calls.Add(1)
		r := call()
		switch {
		case r.success() || doubt && done != "" && r.Code == done:
			return
		case r.Status == 0:
			l.broken.Add(1)
		case r.Code == unavailable:
			l.busy.Add(1)
		default:
			l.failed.Add(1)
			l.cluster.add(refused, "%s through the balancer: %+v", what, r)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// await returns when so many more calls have been answered.
func (l *balancedLoad) await(more int64) {
	l.cluster.t.Helper()
	for want, end := l.calls.Load()+more, time.Now().
		Add(recovery); l.calls.Load() < want; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			l.cluster.t.Fatal("nobody is answered any more")
		}
	}
}
