package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// openNodes opens so many stores over one PostgreSQL database, as on machines of their own.
func openNodes(t testing.TB, n int) (nodes []*store.Store) {
	t.Helper()
	url := pgtest.Shared(t).Database(t)
	for range n {
		nodes = append(nodes, openServer(t, url))
	}
	return nodes
}

// Case numbers are without gaps and in the order of the commits, whichever node gives them out and whatever fails
// meanwhile.
func TestNodesCaseNumbers(t *testing.T) {
	nodes := openNodes(t, 3)
	app := addApp(t, nodes[0], "k")
	ps := newParcels(t, nodes[0], 300)
	var next sync.Mutex
	var work sync.WaitGroup
	todo := ps
	take := func() (p *parcel) {
		next.Lock()
		defer next.Unlock()
		if len(todo) > 0 {
			p, todo = todo[0], todo[1:]
		}
		return p
	}
	for i := range 12 {
		work.Go(func() {
			for p := take(); p != nil; p = take() {
				p.err = nodes[i%3].Update(context.Background(), func(tx intake.Tx) error { return p.write(tx, app) })
			}
		})
	}
	work.Wait()
	holdParcels(t, nodes[1], ps)
	var last int64
	for _, a := range read(t, nodes[2], func(tx intake.Tx) ([]intake.Attempt, error) {
		return tx.Attempts(intake.AttemptFilter{})
	}) {
		if a.CaseNo != last+1 {
			t.Fatalf("case %d was committed after case %d", a.CaseNo, last)
		}
		last = a.CaseNo
	}
}

// Nodes that start at once on an empty database make its tables once.
func TestNodesStartAtOnce(t *testing.T) {
	url := pgtest.Shared(t).Database(t)
	nodes := make([]*store.Store, 6)
	errs := make([]error, len(nodes))
	var work sync.WaitGroup
	for i := range nodes {
		work.Go(func() { nodes[i], errs[i] = store.Open(context.Background(), url, store.Options{Server: true}) })
	}
	work.Wait()
	for i, s := range nodes {
		if errs[i] != nil {
			t.Errorf("node %d: %v", i, errs[i])
			continue
		}
		defer s.Close()
		addApp(t, s, fmt.Sprint(i))
	}
	if applied := pgQuery(t, url, "SELECT COUNT(*) FROM goose_db_version WHERE version_id = 1"); applied != 1 {
		t.Errorf("migrated %d times", applied)
	}
}

// pgQuery runs one statement beside the stores and returns its one number.
func pgQuery(t testing.TB, url, statement string, args ...any) (n int64) {
	t.Helper()
	c, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if err := c.QueryRow(context.Background(), statement, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return n
}

// The server notices within a second that a node is gone, even in the middle of a long statement: so the cases it had
// claimed are free. The durability suite kills one.
func TestServerLooksForDeadNodes(t *testing.T) {
	s := openServer(t, pgtest.Shared(t).Database(t))
	got, err := s.Setting(t.Context(), "client_connection_check_interval")
	if err != nil || got != "1s" {
		t.Errorf("%q, %v", got, err)
	}
}
