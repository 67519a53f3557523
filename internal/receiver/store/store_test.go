package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"diaoxiao/api"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// engines are the databases that the suite runs over. open returns an empty store that is closed when the test ends.
func engines() map[string]func(testing.TB) intake.Store {
	return map[string]func(testing.TB) intake.Store{
		"sqlite":   func(t testing.TB) intake.Store { return openServer(t, t.TempDir()) },
		"postgres": func(t testing.TB) intake.Store { return openServer(t, pgtest.Shared(t).Database(t)) },
	}
}

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestStore(t *testing.T) {
	for name, open := range engines() {
		t.Run(name, func(t *testing.T) { testStore(t, open) })
	}
}

// testStore is what the desk relies on, whatever the engine. Tests of SQLite alone are elsewhere.
func testStore(t *testing.T, open func(testing.TB) intake.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, intake.Store)
	}{
		{"apps", testApps},
		{"secrets", testSecrets},
		{"accounts", testAccounts},
		{"sessions", testSessions},
		{"sessions ended", testEndSessions},
		{"sessions of the disabled", testDisabledSessions},
		{"sessions swept", testSweepSessions},
		{"sessions counted and forgotten", testCountSessions},
		{"known browsers", testDevices},
		{"failed sign-ins", testGuesses},
		{"names seen one by one", testNameViews},
		{"sessions within a transaction", testSessionWithinTransaction},
		{"operators", testOperators},
		{"invitations", testInvitations},
		{"visits", testVisits},
		{"policies and preferences", testPolicies},
		{"case", testCase},
		{"case numbers", testCaseNumbers},
		{"case taken", testCaseTaken},
		{"case filter", testCaseFilter},
		{"case returned", testReturns},
		{"cases searched", testSearchCases},
		{"work", testWork},
		{"claims", testCaseClaims},
		{"refused proposals", testRefusedProposals},
		{"cases by rule", testCasesByRule},
		{"case events", testCaseEvents},
		{"worklist", testWorklist},
		{"worklist locked", testLockWorklist},
		{"overview", testOverview},
		{"attempts of a case", testAttemptsOfCase},
		{"names revealed", testReveals},
		{"bodies", testBodies},
		{"bodies of one commit", testBodiesOfOneCommit},
		{"bodies read side by side", testBodiesSideBySide},
		{"body not complete", testBodyNotComplete},
		{"attempts", testAttempts},
		{"audit", testAudit},
		{"audit searched", testSearchAudit},
		{"calls", testCalls},
		{"log of calls", testCallLog},
		{"calls of strangers", testPruneStrangers},
		{"entities", testEntities},
		{"keys", testKeys},
		{"keys walked", testKeysWalked},
		{"holdings", testHoldings},
		{"findings", testFindings},
		{"findings of the register", testRegisterFindings},
		{"verification", testVerification},
		{"verdicts", testVerdicts},
		{"cases that wait for a comparison", testStale},
		{"cases with worse verdicts", testWorsened},
		{"derived data cleared", testClearDerived},
		{"errors undo one update", testErrorsUndoOne},
		{"errors pass", testErrorsPass},
		{"snapshots", testSnapshots},
		{"register", testRegister},
		{"register without the rows", testRegisterErrors},
		{"register with changes", testRegisterChanges},
		{"register with numbers far apart", testRegisterFar},
		{"register built", testRegisterBuilds},
		{"register dropped", testRegisterDropped},
		{"register with a code of many", testManySharing},
		{"views cannot write", testViewsCannotWrite},
		{"context", testContext},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func openServer(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func update(t testing.TB, s intake.Store, f func(intake.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// read returns what f finds in a View.
func read[T any](t testing.TB, s intake.Store, f func(intake.Tx) (T, error)) (v T) {
	t.Helper()
	if err := s.View(t.Context(), func(tx intake.Tx) (err error) { v, err = f(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

func fails(t testing.TB, s intake.Store, want error, f func(intake.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(intake.Verification{})); diff != "" {
		t.Errorf("%s: -want +got\n%s", what, diff)
	}
}

// at is a moment n milliseconds after all others begin.
func at(n int) time.Time {
	return time.Date(2026, 3, 15, 1, 30, 0, 0, time.UTC).Add(time.Duration(n) * time.Millisecond)
}

func addApp(t testing.TB, s intake.Store, key string) (id int64) {
	t.Helper()
	update(t, s, func(tx intake.Tx) (err error) {
		id, err = tx.InsertApp(intake.App{Key: key, Name: "应用" + key, Dialect: api.All, Created: at(0)})
		return err
	})
	return id
}

// noise is data that cannot be compressed, the same for the same seed and length.
func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)}).Read(b)
	return b
}

// text is data that can.
func text(seed uint64, n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, `{"uniscid":"91150102MA0N%05d%d","legal":"苏日娜"},`, i, seed)
	}
	return b.Bytes()[:n]
}

// newBody writes data into a body, in pieces as they come from a network.
func newBody(t testing.TB, s intake.Store, data []byte) intake.Body {
	t.Helper()
	b := s.NewBody()
	t.Cleanup(func() { b.Close() })
	for rest := data; len(rest) > 0; {
		n := min(len(rest), 1+len(rest)%(40<<10))
		if _, err := b.Write(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	size, sum, err := b.Sum()
	if err != nil || size != int64(len(data)) || sum != sha256.Sum256(data) {
		t.Fatalf("Sum of %d bytes is %d, %x, %v", len(data), size, sum, err)
	}
	return b
}

// insert gives c the next number and inserts it.
func insert(tx intake.Tx, c intake.Case, b intake.Body) (intake.Case, error) {
	no, err := tx.NextCaseNo()
	if err != nil {
		return c, err
	}
	c.No, c.AcceptID = no, fmt.Sprintf("A%d", no)
	c.Bytes, c.SHA256, err = b.Sum()
	if err != nil {
		return c, err
	}
	ok, err := tx.InsertCase(c, b)
	if err == nil && !ok {
		err = fmt.Errorf("case %s revision %d is taken", c.CaseID, c.Revision)
	}
	return c, err
}

// accept inserts a case with a body and returns it as it is stored.
func accept(t testing.TB, s intake.Store, appID int64, caseID string, data []byte) (c intake.Case) {
	t.Helper()
	b := newBody(t, s, data)
	update(t, s, func(tx intake.Tx) (err error) {
		c, err = insert(tx, intake.Case{AppID: appID, CaseID: caseID, Received: at(0)}, b)
		return err
	})
	return read(t, s, func(tx intake.Tx) (intake.Case, error) { return tx.Case(c.No) })
}

// bodyOf reads a stored body.
func bodyOf(tx intake.Tx, c intake.Case) ([]byte, error) {
	r, err := tx.OpenBody(c)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func holdBody(t testing.TB, s intake.Store, no int64, want []byte) {
	t.Helper()
	got := read(t, s, func(tx intake.Tx) ([]byte, error) {
		c, err := tx.Case(no)
		if err != nil {
			return nil, err
		}
		return bodyOf(tx, c)
	})
	if !bytes.Equal(got, want) {
		t.Errorf("case %d: body of %d bytes came back as %d bytes, or with others", no, len(want), len(got))
	}
}
