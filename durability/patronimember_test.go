//go:build linux

package durability

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// member is one machine of a Patroni cluster: Patroni and its PostgreSQL server in a process namespace of their own,
// which dies as a whole.
type member struct {
	of   *patroni
	name string
	addr string
	dir  string
	cmd  *exec.Cmd
}

// asPostgres runs what follows it as the user that PostgreSQL's servers run as.
var asPostgres = []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"}

// ownFolder is a folder of that user. Its path is short: sockets lie in it.
func ownFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "patroni-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	give(t, dir)
	return dir
}

func give(t *testing.T, path string) {
	t.Helper()
	u, err := user.Lookup("postgres")
	must(t, err)
	uid, err := strconv.Atoi(u.Uid)
	must(t, err)
	gid, err := strconv.Atoi(u.Gid)
	must(t, err)
	must(t, os.Chown(path, uid, gid))
}

// machine is the address that stands for one of the three of the files in deploy.
func machine(no int) string { return fmt.Sprintf("127.0.0.%d", 10+no) }

// freePort is a port that nobody listens on at any of the three machines, below those that Linux gives to clients.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 20000 + rand.IntN(12000)
		if free(machine(1), port) && free(machine(2), port) && free(machine(3), port) {
			return port
		}
	}
	t.Fatal("no free port from 20000 to 31999")
	return 0
}

func free(addr string, port int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort(addr, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// replaced replaces a text that must be there.
func replaced(t *testing.T, text, old, new string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("%q is not in a file of deploy any more; follow it", old)
	}
	return strings.ReplaceAll(text, old, new)
}

// relocated moves the addresses of the files in deploy to those of this run.
func (p *patroni) relocated(text string) string {
	return regexp.MustCompile(`10\.0\.0\.(\d+):(\d+)`).ReplaceAllStringFunc(text, func(a string) string {
		_, port, _ := strings.Cut(a, ":")
		return fmt.Sprintf(
			"127.0.0.%s:%d",
			strings.TrimSuffix(strings.TrimPrefix(a, "10.0.0."), ":"+port),
			p.ports[port],
		)
	})
}

// startEtcd starts one etcd with the settings of deploy/etcd.env, which speak of three.
func (p *patroni) startEtcd() {
	p.t.Helper()
	text := p.relocated(read(p.t, "../deploy/etcd.env"))
	text = replaced(p.t, text, "/var/lib/etcd/default", filepath.Join(p.dir, "etcd"))
	text = regexp.MustCompile(`,etcd2=[^"]*`).ReplaceAllString(text, "")
	cmd := command(append(asPostgres, "etcd")...)
	for _, m := range regexp.MustCompile(`(?m)^(ETCD_\w+)="(.*)"$`).FindAllStringSubmatch(text, -1) {
		cmd.Env = append(cmd.Env, m[1]+"="+m[2])
	}
	p.run(cmd, filepath.Join(p.dir, "etcd.log"))
}

// run starts a command that ends with the test, which shows the end of its log if it failed.
func (p *patroni) run(cmd *exec.Cmd, path string) {
	p.t.Helper()
	log, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(p.t, err)
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	must(p.t, cmd.Start())
	p.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if p.t.Failed() {
			p.t.Logf("%s ends with:\n%s", filepath.Base(path), clip(read(p.t, path)))
		}
	})
}

// newMember configures a machine by deploy/patroni.yml and starts it.
func (p *patroni) newMember(no int, ca *authority) *member {
	p.t.Helper()
	m := &member{of: p, name: fmt.Sprintf("pg%d", no), addr: machine(no)}
	m.dir = filepath.Join(p.dir, m.name)
	for _, dir := range []string{m.dir, filepath.Join(m.dir, "run")} {
		must(p.t, os.Mkdir(dir, 0o700))
		give(p.t, dir)
	}
	ca.issue(m.dir, m.addr)
	must(p.t, os.WriteFile(m.config(), []byte(m.configuration()), 0o600))
	for _, name := range []string{m.config(), filepath.Join(m.dir, "server.key")} {
		give(p.t, name)
	}
	m.start()
	return m
}

func (m *member) config() string { return filepath.Join(m.dir, "config.yml") }

// configuration is deploy/patroni.yml with other addresses, folders and a smaller memory.
func (m *member) configuration() string {
	t := m.of.t
	text := read(t, "../deploy/patroni.yml")
	for _, r := range [][2]string{
		{"name: pg1", "name: " + m.name},
		{"[10.0.0.11:2379, 10.0.0.12:2379, 10.0.0.13:2379]", "[10.0.0.11:2379]"},
		{": 10.0.0.11:8008", ": 10.0.0." + m.addr[len("127.0.0."):] + ":8008"},
		{": 10.0.0.11:5432", ": 10.0.0." + m.addr[len("127.0.0."):] + ":5432"},
		{"10.0.0.0/24", "127.0.0.0/8"},
		{"/etc/patroni/ca.crt", filepath.Join(m.of.dir, "ca.crt")},
		{"/etc/patroni/", m.dir + "/"},
		{"/var/lib/postgresql/15/main", filepath.Join(m.dir, "data")},
		{"/var/lib/postgresql/", m.dir + "/"},
		{"/var/run/postgresql", filepath.Join(m.dir, "run")},
		{"/usr/lib/postgresql/15/bin", m.of.bin},
		{"shared_buffers: 2GB", "shared_buffers: 32MB"},
	} {
		text = replaced(t, text, r[0], r[1])
	}
	return m.of.relocated(text)
}

// start boots the machine. Its shared memory is its own, so that nothing of a dead one is left. A shell is its first
// process, at whose end all others end: Linux takes from a process that changes its user the signal that it would get
// with its parent.
func (m *member) start() {
	m.of.t.Helper()
	script := `mount -t tmpfs tmpfs /dev/shm && export HOME="$1" && shift && { "$@" & wait; }`
	args := append([]string{
		"unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--ipc", "sh", "-c", script, "sh", m.dir,
	}, asPostgres...)
	m.cmd = command(append(args, "patroni", m.config())...)
	m.of.run(m.cmd, m.log())
}

func (m *member) log() string { return filepath.Join(m.of.dir, m.name+".log") }

func (m *member) logged() string { return read(m.of.t, m.log()) }

// kill is kill -9 of Patroni, PostgreSQL and all their children at once. It returns when they are gone.
func (m *member) kill() {
	m.of.t.Helper()
	m.cmd.Process.Kill()
	m.cmd.Wait()
	for end := time.Now().Add(startTimeout); ; time.Sleep(time.Millisecond) {
		if free(m.addr, m.of.ports["5432"]) && free(m.addr, m.of.ports["8008"]) {
			return
		}
		if time.Now().After(end) {
			m.of.t.Fatalf("%s is not dead", m.name)
		}
	}
}

// status is what Patroni tells of one member.
type status struct {
	Name, Role, State string
	Timeline          int
}

// statuses asks the machines in turn until one answers.
func (p *patroni) statuses() (all []status, err error) {
	for _, m := range p.members {
		if all, err = p.askMember(m); err == nil {
			return all, nil
		}
	}
	return nil, err
}

func (p *patroni) askMember(m *member) ([]status, error) {
	c := http.Client{Timeout: 5 * time.Second}
	res, err := c.Get(fmt.Sprintf("http://%s:%d/cluster", m.addr, p.ports["8008"]))
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var v struct{ Members []status }
	err = json.NewDecoder(res.Body).Decode(&v)
	return v.Members, err
}

// who is the machine of a role.
func (p *patroni) who(role string) *member {
	p.t.Helper()
	all, err := p.statuses()
	must(p.t, err)
	for i, s := range all {
		if s.Role == role {
			return p.members[p.index(all[i].Name)]
		}
	}
	p.t.Fatalf("no %s: %+v", role, all)
	return nil
}

func (p *patroni) index(name string) int {
	for i, m := range p.members {
		if m.name == name {
			return i
		}
	}
	p.t.Fatalf("Patroni knows a member %q", name)
	return 0
}

// awaitHealthy waits for three servers on one timeline, one of them the leader and one its synchronous standby.
func (p *patroni) awaitHealthy() {
	p.t.Helper()
	for end := time.Now().Add(recovery); ; time.Sleep(100 * time.Millisecond) {
		all, err := p.statuses()
		if healthy(all) {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("the cluster is not whole within %s: %+v %v", recovery, all, err)
		}
	}
}

func healthy(all []status) bool {
	roles := make(map[string]int)
	for _, s := range all {
		if s.State != "running" && s.State != "streaming" || s.Timeline != all[0].Timeline {
			return false
		}
		roles[s.Role]++
	}
	return len(all) == 3 && roles["leader"] == 1 && roles["sync_standby"] == 1
}

// psql runs SQL on the leader as its superuser and returns what it says.
func (p *patroni) psql(database, text string) string {
	p.t.Helper()
	cmd := command(append(asPostgres, "psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", filepath.Join(
		p.who("leader").dir,
		"run",
	),
		"-p", strconv.Itoa(p.ports["5432"]), "-d", database)...)
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("psql: %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}
