package httpapi_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// nodes are front doors over one PostgreSQL database, each with a desk and a store of its own, as on machines of their
// own.
type nodes struct {
	doors []*door
	url   string
}

// openNodes opens one door for each clock, which is that of its machine, off by so much.
func openNodes(t testing.TB, off ...time.Duration) *nodes {
	t.Helper()
	n := &nodes{url: pgtest.Shared(t).Database(t)}
	for i, by := range off {
		d := openNode(t, n.url, by)
		d.apps = 1000 * i // names of apps are one set
		n.doors = append(n.doors, d)
	}
	return n
}

func openNode(t testing.TB, url string, off time.Duration) *door {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	d := &door{dir: t.TempDir(), store: s}
	d.desk = intake.NewDesk(intake.Config{Store: s, Clock: func() time.Time { return time.Now().Add(off) }})
	c := httpapi.Config{
		Desk:    d.desk,
		Observe: d.observe,
		Log:     slog.New(slog.NewTextHandler(&locked{&d.mu, &d.log}, nil)),
	}
	behindProxy(&c)
	d.server = serve(t, c)
	t.Cleanup(func() {
		d.server.Close()
		s.Close()
		d.holdRecords(t)
		d.holdSecrets(t)
	})
	return d
}

// query runs one statement beside the nodes and returns its one number.
func (n *nodes) query(t tester, statement string, args ...any) (v int64) {
	t.Helper()
	c, err := pgx.Connect(context.Background(), n.url)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer c.Close(context.Background())
	if err := c.QueryRow(context.Background(), statement, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return v
}

// clock is the database's, in milliseconds.
func (n *nodes) clock(t tester) int64 {
	t.Helper()
	return n.query(t, "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)")
}

// at is the same sender, with the same session, at another node.
func (s *sender) at(d *door) *sender {
	there := *s
	there.d = d
	return &there
}

// logins counts the sources of logins, so that no throttle comes between: one for each login.
type logins struct{ n atomic.Int64 }

func (l *logins) login(t tester, s *sender, secret string) answer {
	t.Helper()
	n := l.n.Add(1)
	body := jsonOf(map[string]string{"appKey": s.key, "appSecret": secret, "account": s.account})
	return s.d.post(
		t,
		"/security/login",
		body,
		"X-Forwarded-For",
		fmt.Sprintf("172.%d.%d.%d", 16+n>>16, n>>8&0xff, n&0xff),
	)
}

// trial is one app at two nodes: what is ended at here must be dead at there the moment the answer is read.
type trial struct {
	here, there *sender
	logins      *logins
	late        *atomic.Int64
}

func (r *trial) expect(t tester, what string, a answer, want string) {
	t.Helper()
	if a.codes() != want {
		r.late.Add(1)
		t.Errorf("%s: %d %s, want %s", what, a.Status, a.Body, want)
	}
}

// open logs in at one node and uses the session at the other for a case, so that whatever remembers it does.
func (r *trial) open(t tester) {
	t.Helper()
	a := r.logins.login(t, r.here, r.here.secret)
	r.expect(t, "login", a, "SUCCESS")
	r.here.token, r.there.token = a.Token, a.Token
	r.expect(t, "case", r.there.send(t, bodyOf("1")), "SUCCESS")
}

func (r *trial) dead(t tester, what string, first int) {
	t.Helper()
	calls := []func() answer{
		func() answer { return r.there.send(t, bodyOf("1")) },
		func() answer { return r.there.query(t, `{"caseid":"1"}`) },
		func() answer { return r.there.logout(t) },
	}
	for i := range calls {
		r.expect(t, what, calls[(first+i)%len(calls)](), "13000")
	}
}

func (r *trial) run(t tester, no int) {
	r.open(t)
	switch no % 4 {
	case 0:
		r.expect(t, "logout", r.here.logout(t), "SUCCESS")
		r.dead(t, "logged out", no/4)
	case 1:
		r.here.d.setAccount(t, r.here, true)
		r.dead(t, "account disabled", no/4)
		r.expect(t, "login of a disabled account", r.logins.login(t, r.there, r.there.secret), "12004")
		r.here.d.setAccount(t, r.here, false)
	case 2:
		r.here.d.setApp(t, r.here, true)
		r.dead(t, "app disabled", no/4)
		r.expect(t, "login of a disabled app", r.logins.login(t, r.there, r.there.secret), "12002")
		r.here.d.setApp(t, r.here, false)
	case 3:
		r.rotate(t)
	}
}

func (r *trial) rotate(t tester) {
	c, err := r.here.d.desk.RotateSecret(bg, intake.Actor("test"), r.here.key, 0)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r.expect(t, "login with the old secret", r.logins.login(t, r.there, r.there.secret), "12004")
	r.here.secret, r.there.secret = c.AppSecret, c.AppSecret
	r.expect(t, "login with the new secret", r.logins.login(t, r.there, r.there.secret), "SUCCESS")
}

// S7: what is ended at one node is dead at every other when the answer is read: logout, disabling, rotating without
// overlap.
func TestNodesEndAtOnce(t *testing.T) {
	const trials, workers = 1000, 8
	n := openNodes(t, 0, 0)
	var logins logins
	var late, next atomic.Int64
	var work sync.WaitGroup
	for i := range workers {
		here := n.doors[i%2].app(t, api.All)
		r := &trial{here, here.at(n.doors[1-i%2]), &logins, &late}
		work.Go(func() {
			for no := next.Add(1); no <= trials; no = next.Add(1) {
				r.run(t, int(no))
				r.here, r.there = r.there, r.here
			}
		})
	}
	work.Wait()
	t.Logf("%d trials, %d late", trials, late.Load())
}

const minute = int64(time.Minute / time.Millisecond)

// everyCall is what all calls say to a session at all nodes, once.
func (n *nodes) everyCall(t tester, s *sender, what, query, receive string) {
	t.Helper()
	for i, d := range n.doors {
		there := s.at(d)
		for _, a := range []answer{there.send(t, bodyOf("1")), there.send(t, `{`)} {
			if got := a.codes() == "13000"; got != (receive == "13000") {
				t.Errorf("%s, at node %d: %s", what, i, a.Body)
			}
		}
		if a := there.query(t, `{"caseid":"1"}`); a.codes() != query {
			t.Errorf("%s, at node %d: %s", what, i, a.Body)
		}
	}
}

// S7: a token lives by the clock of the database, wherever it was handed out and whatever the clocks of the nodes say.
func TestNodesExpireTogether(t *testing.T) {
	n := openNodes(t, 5*time.Minute, -5*time.Minute)
	for i, d := range n.doors {
		before := n.clock(t)
		s := d.sender(t, api.All)
		after := n.clock(t)
		if life := n.query(t, "SELECT MAX(expires_ms) FROM session") - 30*minute; life < before || life > after+1 {
			t.Errorf("logged in at node %d between %d and %d, counted from %d", i, before, after, life)
		}
		s.accept(t, bodyOf("1"))
		n.expire(t, minute) // the node ahead takes it for dead
		for _, d := range n.doors {
			if err := d.desk.SweepSessions(bg); err != nil {
				t.Fatal(err)
			}
		}
		n.everyCall(t, s, "one minute before its end", "SUCCESS", "SUCCESS")
		n.expire(t, 0) // the node behind takes it for alive
		n.everyCall(t, s, "at its end", "13000", "13000")
		for _, d := range n.doors {
			if a := s.at(d).logout(t); a.codes() != "13000" {
				t.Errorf("logout at its end: %s", a.Body)
			}
		}
	}
}

// expire moves the end of all sessions to so many milliseconds from now.
func (n *nodes) expire(t tester, in int64) int64 {
	t.Helper()
	end := n.clock(t) + in
	n.query(
		t,
		"WITH moved AS (UPDATE session SET expires_ms = $1 WHERE ended_ms = 0 RETURNING 1) SELECT COUNT(*) FROM moved",
		end,
	)
	return end
}

// S7: no node lets a token live a millisecond longer than another.
func TestNodesExpireAtTheSameMoment(t *testing.T) {
	n := openNodes(t, 5*time.Minute, -5*time.Minute)
	s := n.doors[0].sender(t, api.All)
	s.accept(t, bodyOf("1"))
	end := n.expire(t, 500)
	var work sync.WaitGroup
	for i, d := range n.doors {
		for k := range 2 {
			work.Go(func() {
				for alive := true; alive; {
					before := n.clock(t)
					var a answer
					if k == 0 {
						a = s.at(d).send(t, bodyOf("1"))
					} else {
						a = s.at(d).query(t, `{"caseid":"1"}`)
					}
					after := n.clock(t)
					alive = a.codes() == "SUCCESS"
					if alive && before > end || !alive && after+1 < end {
						t.Errorf("node %d, between %d and %d, the end being %d: %s", i, before, after, end, a.Body)
					}
				}
			})
		}
	}
	work.Wait()
}

// Every time that is stored is the database's, and with it the date of an acceptid.
func TestNodesTimesAreTheDatabases(t *testing.T) {
	n := openNodes(t, 72*time.Hour, -72*time.Hour)
	began := n.clock(t)
	var ids []string
	for _, d := range n.doors {
		s := d.sender(t, api.All)
		ids = append(ids, s.accept(t, bodyOf("1")))
		d.verify(t)
		d.returnCase(t, ids[len(ids)-1])
		s.logout(t)
	}
	ended := n.clock(t) + 1
	for _, id := range ids {
		if day := id[:8]; day != compact(began) && day != compact(ended) {
			t.Errorf("acceptid %s", id)
		}
	}
	for _, c := range []string{
		"app.created_ms", "app_secret.created_ms", "account.created_ms", "session.created_ms",
		"session.expires_ms - 1800000", "session.ended_ms", "cases.received_ms", "attempt.at_ms",
		"case_return.returned_ms", "audit.at_ms", "verification.verified_ms",
	} {
		n.holdTimes(t, c, began, ended)
	}
}

// compact is the Beijing day as an acceptid begins with it.
func compact(ms int64) string { return time.UnixMilli(ms).In(beijingtime.Zone).Format("20060102") }

func (n *nodes) holdTimes(t tester, column string, began, ended int64) {
	t.Helper()
	table, name, _ := strings.Cut(column, ".")
	if all := n.query(t, "SELECT COUNT(*) FROM "+table); all == 0 {
		t.Errorf("no row of %s", table)
	}
	if odd := n.query(
		t,
		fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE %s NOT BETWEEN $1 AND $2", table, name),
		began,
		ended,
	); odd > 0 {
		t.Errorf("%s: %d times are not the database's", column, odd)
	}
}

// The same case fifty times at once, at two nodes: one row, one acceptid. Other contents: one wins, all others are
// refused.
func TestNodesInParallel(t *testing.T) {
	const senders, rounds = 50, 10
	n := openNodes(t, 0, 0)
	s := n.doors[0].sender(t, api.All)
	for round := range rounds {
		same := together(senders, func(i int) answer {
			return s.at(n.doors[i%2]).send(t, bodyOf(fmt.Sprint("same", round)))
		})
		for _, a := range same {
			if a.codes() != "SUCCESS" || a.AcceptID != same[0].AcceptID {
				t.Errorf("%s, and %s", same[0].Body, a.Body)
			}
		}
		id := fmt.Sprint("other", round)
		holdOneWinner(t, together(senders, func(i int) answer {
			return s.at(n.doors[i%2]).send(t, with(id, map[string]any{"penalty": fmt.Sprint("处罚", i)}))
		}))
	}
	if rows := n.query(t, "SELECT COUNT(*) FROM cases"); rows != 2*rounds {
		t.Errorf("%d cases", rows)
	}
	if last := n.query(t, "SELECT MAX(case_no) FROM cases"); last != 2*rounds {
		t.Errorf("the last case number is %d", last)
	}
}

func holdOneWinner(t tester, as []answer) {
	t.Helper()
	won, lost := 0, 0
	for _, a := range as {
		switch a.codes() {
		case "SUCCESS":
			won++
		case "19005":
			lost++
		default:
			t.Errorf("%s", a.Body)
		}
	}
	if won != 1 || lost != len(as)-1 {
		t.Errorf("%d accepted, %d refused", won, lost)
	}
}

// together makes n calls at once.
func together(n int, call func(i int) answer) []answer {
	as := make([]answer, n)
	start := make(chan struct{})
	var work sync.WaitGroup
	for i := range n {
		work.Go(func() {
			<-start
			as[i] = call(i)
		})
	}
	close(start)
	work.Wait()
	return as
}

// Whatever senders and operators do, at whichever node, the nodes together do what the model says of one.
func TestModelOfNodes(t *testing.T) {
	t.Parallel()
	n := openNodes(t, 5*time.Minute, -5*time.Minute)
	for _, d := range n.doors {
		d.age = func(by time.Duration) {
			n.query(t, "WITH moved AS (UPDATE session SET expires_ms = expires_ms - $1 RETURNING 1) SELECT COUNT(*) "+
				"FROM moved", by.Milliseconds())
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t, n.doors[0])
		m.seconds = []int{60, 10 * 60, 29 * 60} // the time that the test takes itself counts too
		t.Repeat(m.actions(func(t *rapid.T) { m.moveTo(n.doors[rapid.IntRange(0, 1).Draw(t, "node")]) }))
	})
}
