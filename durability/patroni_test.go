//go:build linux

package durability

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// patroniMode asks for TestPatroni and nothing else.
const patroniMode = "patroni"

// TestPatroni: on a cluster that Patroni manages, set up from the files in deploy, nothing acknowledged is lost when
// the leader's machine dies, and the nodes go on with the new leader by themselves; the dead machine comes back as a
// standby. Neither is anything lost when the synchronous standby dies.
func TestPatroni(t *testing.T) {
	if os.Getenv(modeVar) != patroniMode {
		t.Skip("takes a minute, root, Patroni and etcd: run make durability-patroni")
	}
	p := newPatroni(t, product(t))
	p.loseLeader()
	p.loseStandby()
	p.conclude().report(t)
}

// patroni is a cluster of which Patroni looks after the PostgreSQL servers.
type patroni struct {
	*cluster
	dir     string
	bin     string // of PostgreSQL
	ports   map[string]int
	members []*member
}

// newPatroni sets everything up as docs/operations.md says, with two nodes.
func newPatroni(t *testing.T, binary string) *patroni {
	t.Helper()
	began := time.Now()
	p := &patroni{cluster: &cluster{}, dir: ownFolder(t), ports: make(map[string]int)}
	p.site = &site{t: t}
	p.findPrograms()
	for _, name := range []string{"2379", "2380", "5432", "8008"} {
		p.ports[name] = freePort(t)
	}
	p.startEtcd()
	ca := newAuthority(t, filepath.Join(p.dir, "ca.crt"))
	for i := range 3 {
		p.members = append(p.members, p.newMember(i+1, ca))
	}
	p.awaitHealthy()
	t.Logf("cluster up after %.1f s", time.Since(began).Seconds())
	p.fillDatabase(binary)
	for range 2 {
		p.addNode(p.data, "replicated", "--database-password-file", p.password("diaoxiao"))
	}
	p.enter()
	return p
}

func (p *patroni) findPrograms() {
	p.t.Helper()
	for _, tool := range []string{"patroni", "etcd", "unshare", "setpriv", "psql"} {
		if _, err := exec.LookPath(tool); err != nil {
			p.t.Fatalf("%v: run make durability-patroni, or scripts/needs.sh patroni etcd", err)
		}
	}
	all, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(all) == 0 {
		p.t.Fatal("no PostgreSQL in /usr/lib/postgresql: run scripts/needs.sh postgres")
	}
	p.bin = all[len(all)-1]
}

// fillDatabase makes roles, database and tables, the latter as their owner; the nodes' role is another.
func (p *patroni) fillDatabase(binary string) {
	p.t.Helper()
	p.psql("postgres", read(p.t, "../deploy/database.sql"))
	var lines string
	for _, role := range []string{"diaoxiao_owner", "diaoxiao"} {
		p.psql("postgres", fmt.Sprintf("ALTER ROLE %s PASSWORD '%s-secret'", role, role))
		must(p.t, os.WriteFile(p.password(role), []byte(role+"-secret\n"), 0o600))
		lines += "*:*:*:" + role + ":" + role + "-secret\n"
	}
	pass := filepath.Join(p.dir, "pgpass")
	must(p.t, os.WriteFile(pass, []byte(lines), 0o600))
	p.t.Setenv("PGPASSFILE", pass) // for the commands
	p.awaitReplay()
	url := p.nodesURL()
	_, err := run(
		binary,
		strings.Replace(url, "//diaoxiao@", "//diaoxiao_owner@", 1),
		"app",
		"create",
		"--name",
		"建表",
		"--account",
		"管理员",
	)
	must(p.t, err)
	p.psql("diaoxiao", read(p.t, "../deploy/grants.sql"))
	p.site = prepareSite(p.t, binary, url, "losses of a machine under Patroni")
}

// awaitReplay waits until the standbys know the passwords: who is refused by one host does not try the next.
func (p *patroni) awaitReplay() {
	p.t.Helper()
	const done = "select count(*) = 2 and bool_and(replay_lsn >= pg_current_wal_flush_lsn()) from pg_stat_replication"
	for end := time.Now().Add(recovery); p.psql("postgres", done) != "t"; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatal("the standbys do not replay what the leader has written")
		}
	}
}

func (p *patroni) password(role string) string { return filepath.Join(p.dir, role+".password") }

// nodesURL is that of deploy/diaoxiao-cluster.toml.
func (p *patroni) nodesURL() string {
	p.t.Helper()
	m := regexp.MustCompile(`(?m)^database = "(.*)"$`).FindStringSubmatch(read(p.t, "../deploy/diaoxiao-cluster.toml"))
	if m == nil {
		p.t.Fatal("no database in deploy/diaoxiao-cluster.toml")
	}
	url := replaced(p.t, m[1], "/etc/diaoxiao/db-ca.crt", filepath.Join(p.dir, "ca.crt"))
	return p.relocated(url)
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return string(b)
}

// loseLeader kills the leader's machine under load.
func (p *patroni) loseLeader() {
	p.t.Helper()
	began, leader := time.Now(), p.who("leader")
	l := p.work(6, partedItems)
	p.pause(1500, 2500)
	leader.kill()
	killed := p.mark()
	p.awaitAll()
	p.t.Logf("leader %s lost: first SUCCESS %.1f s after the kill, both nodes %.1f s, new leader %s", leader.name,
		p.sinceMark().Seconds(), time.Since(killed).Seconds(), p.who("leader").name)
	l.stop()
	p.bringBackLeader(leader)
	p.verdict.cycles++
	p.awaitVerified()
	p.judgeVerified(began)
}

// bringBackLeader: Patroni must find by itself how the old leader can follow the new one.
func (p *patroni) bringBackLeader(m *member) {
	p.t.Helper()
	back := time.Now()
	m.start()
	p.awaitHealthy()
	how := "without pg_rewind"
	if strings.Contains(m.logged(), "running pg_rewind") {
		how = "by pg_rewind"
	}
	p.t.Logf("%s is back %s after %.1f s", m.name, how, time.Since(back).Seconds())
}

// loseStandby kills the machine of the synchronous standby under load; the other must take its place.
func (p *patroni) loseStandby() {
	p.t.Helper()
	began, standby := time.Now(), p.who("sync_standby")
	l := p.work(6, 0)
	p.pause(500, 1500)
	standby.kill()
	p.mark()
	p.awaitAll()
	p.t.Logf(
		"synchronous standby %s lost: first SUCCESS to what came later after %.1f s",
		standby.name,
		p.sinceMark().Seconds(),
	)
	l.stop()
	standby.start()
	p.awaitHealthy()
	p.verdict.cycles++
	p.awaitVerified()
	p.judgeVerified(began)
}

// awaitVerified waits until the nodes have verified every case.
func (p *patroni) awaitVerified() {
	p.t.Helper()
	const missing = "select count(*) from cases c where not exists (select from verification v where v.case_no = " +
		"c.case_no)"
	n := p.psql(database, missing)
	for end := time.Now().Add(recovery); n != "0" && time.Now().Before(end); n = p.psql(database, missing) {
		time.Sleep(50 * time.Millisecond)
	}
	if n != "0" {
		p.add(unclean, "%s cases are not verified after %s", n, recovery)
	}
}
