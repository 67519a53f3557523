package intake_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

// cluster is desks over one PostgreSQL database, each over a store of its own, as on machines of their own.
type cluster struct {
	url   string
	desks []*intake.Desk
}

// openCluster opens n desks over a database that holds what the office has received. wrap is put around each store;
// nil: nothing.
func openCluster(t testing.TB, o *office, n int, wrap func(intake.Store) intake.Store) *cluster {
	t.Helper()
	c := &cluster{url: pgtest.Shared(t).Database(t)}
	for i := range n {
		s, err := store.Open(t.Context(), c.url, store.Options{Server: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if i == 0 {
			c.copyFrom(t, o)
		}
		var kept intake.Store = s
		if wrap != nil {
			kept = wrap(s)
		}
		c.desks = append(c.desks, intake.NewDesk(intake.Config{Store: kept}))
	}
	return c
}

// received are the tables of the received data.
var received = []string{"app", "app_secret", "account", "cases", "pack", "body_part", "case_return", "attempt", "audit",
	"case_event", "case_work", "proposal", "firm_check", "firm_span", "firm_basis"}

// copyFrom copies those tables row by row.
func (c *cluster) copyFrom(t testing.TB, o *office) {
	t.Helper()
	from, to := o.raw(t), c.open(t)
	for _, table := range received {
		rows, err := from.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		copyRows(t, to, table, rows)
	}
	for table, number := range map[string]string{"audit": "audit_no", "case_event": "event_no",
		"proposal": "proposal_no"} {
		next := fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%s', '%s'), MAX(%[2]s)) FROM %[1]s", table, number)
		if _, err := to.Exec(next); err != nil {
			t.Fatal(err)
		}
	}
}

func copyRows(t testing.TB, to *sql.DB, table string, rows *sql.Rows) {
	t.Helper()
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, dest, marks := make([]any, len(columns)), make([]any, len(columns)), make([]string, len(columns))
	for i := range columns {
		dest[i], marks[i] = &values[i], fmt.Sprint("$", i+1)
	}
	insert := fmt.Sprintf(
		"INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(columns, ", "), strings.Join(marks, ", "),
	)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		if _, err := to.Exec(insert, values...); err != nil {
			t.Fatalf("%s: %v", insert, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", c.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// verify lets a verifier work at each desk until nothing waits, all at once, each claiming two cases at a time. None
// may be interrupted: those that wait for each other in a circle would be.
func (c *cluster) verify(t testing.TB) (verified []int64) {
	t.Helper()
	verified = make([]int64, len(c.desks))
	var work sync.WaitGroup
	for i, d := range c.desks {
		work.Go(func() {
			v := verify.New(d, nil)
			v.TakeAtMost(2)
			for waiting := 1; waiting > 0; time.Sleep(time.Millisecond) {
				err := v.Pass(t.Context())
				if err == nil {
					waiting, err = verify.NewExaminer(d).Backlog(t.Context(), 1)
				}
				if err != nil {
					t.Errorf("verifier %d: %v", i, err)
					return
				}
			}
			verified[i], _ = v.Progress()
		})
	}
	work.Wait()
	return verified
}

// derived is office.derived over the cluster's database.
func (c *cluster) derived(t testing.TB) (lines []string) {
	t.Helper()
	db := c.open(t)
	for _, q := range []string{
		"SELECT 'entity ' || array_to_json(ARRAY[case_no::text, pos::text, pripid, uniscid, legal, enttype]) FROM " +
			"entity ORDER BY case_no, pos",
		"SELECT 'key ' || array_to_json(ARRAY[kind::text, value, case_no::text, pos::text]) FROM entity_key ORDER BY " +
			"kind, value, case_no, pos",
		"SELECT 'finding ' || array_to_json(ARRAY[case_no::text, pos::text, rule::text, field, detail]) FROM finding " +
			"ORDER BY case_no, pos, rule, field",
		"SELECT 'verification ' || array_to_json(ARRAY[case_no::text, rules::text, items::text, severe::text, " +
			"warnings::text, notices::text]) " +
			"FROM verification ORDER BY case_no",
		"SELECT 'counterpart ' || array_to_json(ARRAY[case_no, pos, rule, other_no, other_pos]) FROM counterpart " +
			"ORDER BY case_no, pos, rule, other_no, other_pos",
		"SELECT 'pair ' || array_to_json(ARRAY[other_no, case_no, severe, warnings]) FROM counterpart_case ORDER BY " +
			"other_no, case_no",
		"SELECT 'docket ' || array_to_json(ARRAY[kind::text, since, case_no::text]) FROM docket ORDER BY kind, since," +
			" case_no",
	} {
		lines = append(lines, linesOf(t, db, q)...)
	}
	return lines
}

func linesOf(t testing.TB, db *sql.DB, q string) (lines []string) {
	t.Helper()
	rows, err := db.Query(q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// plain is rows without the quotes that JSON has around some numbers and not around others.
func plain(rows []string) []string {
	rows = slices.Clone(rows)
	for i, r := range rows {
		rows[i] = strings.ReplaceAll(strings.ReplaceAll(r, `\"`, "″"), `"`, "")
	}
	return rows
}

// crowded is an office that has received cases with much in common and has verified none.
func crowded(t testing.TB, seed uint64) *office {
	t.Helper()
	o := openOffice(t)
	busyTown(t, o, seed, 60, 20, func() {})
	return o
}

// Three verifiers at three nodes find exactly what one on SQLite finds: each looks for duplicates only when what it
// needs of the earlier cases is in place.
func TestNodesFindTheSame(t *testing.T) {
	for seed := range uint64(2) {
		o := crowded(t, seed)
		c := openCluster(t, o, 3, dawdling(seed, false))
		shares := c.verify(t)
		o.verify(t)
		sameRows(t, fmt.Sprint("seed ", seed), plain(c.derived(t)), plain(o.derived(t)))
		if slices.Contains(shares, 0) {
			t.Errorf("seed %d: the verifiers' shares are %v", seed, shares)
		}
		n, err := verify.NewExaminer(c.desks[1]).Inspect(
			t.Context(),
			intake.System,
			func(f verify.Fault) { t.Errorf("seed %d: case %d: %s", seed, f.CaseNo, f.What) },
			nil,
		)
		if err != nil || n.Faults != 0 {
			t.Errorf("seed %d: %d faults, %v", seed, n.Faults, err)
		}
	}
}

// Where nobody waits for earlier cases, the same test finds that something is missing.
func TestNodesFindLessWithoutWaiting(t *testing.T) {
	o := crowded(t, 1)
	for round := range uint64(5) {
		c := openCluster(t, o, 3, dawdling(round, true))
		c.verify(t)
		if round == 0 {
			o.verify(t)
		}
		if got, want := plain(c.derived(t)), plain(o.derived(t)); !slices.Equal(got, want) {
			t.Logf("round %d: %d rows, want %d", round, len(got), len(want))
			return
		}
	}
	t.Error("nothing was missed in five rounds: the test would not notice that Await does nothing")
}

// Decisions of operators on a case just before its verifier commits, and the findings of that verifier, are both on the
// worklist.
func TestNodesKeepTheWorklist(t *testing.T) {
	o := crowded(t, 3)
	m := &meddler{}
	c := openCluster(t, o, 2, func(s intake.Store) intake.Store { return meddledStore{s, m} })
	m.do = func(acceptID string, round int64) {
		ctx, by := context.Background(), intake.Actor("console:a")
		switch round {
		case 0:
			m.count(receivertest.Decide(c.desks[1]).Release(ctx, acceptID))
			m.count(casework.New(c.desks[0]).Publish(ctx, by, acceptID, "2026-03-16"))
		case 1:
			m.count(casework.New(c.desks[1]).Check(ctx, by, acceptID, "", nil))
			m.count(casework.New(c.desks[0]).Unpublish(ctx, by, acceptID, "由"))
		case 2:
			m.count(casework.New(c.desks[1]).Reopen(ctx, by, acceptID, "由"))
			m.count(returnCase(ctx, c.desks[0], acceptID, "由"))
		}
	}
	m.round.Store(-1)
	c.verify(t) // what is not verified yet cannot be published
	if err := verify.NewExaminer(c.desks[0]).Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		m.round.Store(int64(round))
		m.done.Store(0)
		c.verify(t)
		m.work.Wait()
		n, err := verify.NewExaminer(c.desks[1]).Inspect(
			t.Context(),
			intake.System,
			func(f verify.Fault) { t.Errorf("round %d: case %d: %s", round, f.CaseNo, f.What) },
			nil,
		)
		if done := m.done.Load(); err != nil || n.Faults != 0 || done < 20 {
			t.Fatalf("round %d: %d faults, %v; %d done", round, n.Faults, err, done)
		}
		if err := verify.NewExaminer(c.desks[0]).Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
	}
}

// meddler works on cases whose claims are about to end.
type meddler struct {
	do    func(acceptID string, round int64)
	round atomic.Int64
	work  sync.WaitGroup
	done  atomic.Int64
}

// count counts the steps that were not refused.
func (m *meddler) count(err error) {
	if err == nil {
		m.done.Add(1)
	}
}

type meddledStore struct {
	intake.Store
	meddler *meddler
}

func (s meddledStore) Claim(ctx context.Context, after, epoch int64, limit int) (intake.Claim, error) {
	c, err := s.Store.Claim(ctx, after, epoch, limit)
	if c == nil || err != nil {
		return nil, err
	}
	return meddledClaim{c, s.meddler}, nil
}

type meddledClaim struct {
	intake.Claim
	meddler *meddler
}

func (c meddledClaim) End(ctx context.Context, done bool) (int64, error) {
	cases := c.Cases()
	c.meddler.work.Go(func() {
		for _, one := range cases {
			c.meddler.do(one.AcceptID, c.meddler.round.Load())
		}
	})
	time.Sleep(20 * time.Millisecond)
	return c.Claim.End(ctx, done)
}

// dawdling lets verifiers take longer now and then, so that they overtake each other. Hasty ones do not wait for
// earlier cases.
func dawdling(seed uint64, hasty bool) func(intake.Store) intake.Store {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 1))
	return func(s intake.Store) intake.Store {
		return slowStore{s, hasty, func() {
			mu.Lock()
			d := time.Duration(r.IntN(8)) * time.Millisecond
			mu.Unlock()
			time.Sleep(d)
		}}
	}
}

type slowStore struct {
	intake.Store
	hasty bool
	pause func()
}

func (s slowStore) Claim(ctx context.Context, after, epoch int64, limit int) (intake.Claim, error) {
	c, err := s.Store.Claim(ctx, after, epoch, limit)
	if c == nil || err != nil {
		return nil, err
	}
	return slowClaim{c, s}, nil
}

type slowClaim struct {
	intake.Claim
	store slowStore
}

func (c slowClaim) Write(ctx context.Context, f func(intake.Tx) error) error {
	c.store.pause()
	return c.Claim.Write(ctx, f)
}

func (c slowClaim) Await(ctx context.Context) error {
	if c.store.hasty {
		return nil
	}
	return c.Claim.Await(ctx)
}
