//go:build linux

package durability

import "testing"

// mutation is an edit that makes a mutant: the product with one guard taken away. The scenario named with it must find
// the fault named with it; one that does not would find nothing in the product either.
type mutation struct {
	name  string
	why   string // what the guard is for
	edits []edit
	find  string // kind of fault
	run   func(t *testing.T, binary string) verdict
}

// mutantRounds is how often a mutant may get away: whether an answer falls into the time in which it is wrong is
// chance.
const mutantRounds = 8

// TestMutants: the scenarios can fail.
func TestMutants(t *testing.T) {
	begin(t)
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			binary := mutant(t, m.edits)
			for round := 1; round <= mutantRounds; round++ {
				v := m.run(t, binary)
				if v.count(m.find) > 0 {
					t.Logf("found in round %d: %v; first %v", round, v, v.faults[0])
					return
				}
				t.Logf("not found in round %d: %v %v", round, v, v.faults[:min(3, len(v.faults))])
			}
			t.Errorf("survived %d rounds: nothing would notice the loss of this guard: %s", mutantRounds, m.why)
		})
	}
}

const (
	caseSource    = "internal/receiver/intake/case.go"
	sessionSource = "internal/receiver/intake/session.go"
	runSource     = "internal/receiver/server/run.go"
	stopSource    = "internal/receiver/server/stop.go"
	folderSource  = "internal/receiver/store/sqlite/folder.go"
	markSource    = "internal/receiver/store/sqlite/mark.go"
	storeSource   = "internal/receiver/store/store.go"
	writerSource  = "internal/receiver/store/writer.go"
	logSource     = "internal/receiver/store/sqlite/log.go"
	buildSource   = "internal/receiver/store/sqlite/registerbuild.go"
	pgSource      = "internal/receiver/store/postgres/writer.go"
)

// mutations are textual edits of the product's source, which must match.
var mutations = []mutation{
	// Without noMark the database, which has lost its run too, would not be served from, and what it lost not be seen.
	{"no sync", "each commit is synced, by the log's own descriptor, before it is answered", []edit{noMark,
		{logSource, "{ return syncData(d.log) }", "{ return nil }"},
	}, lost, func(t *testing.T, binary string) verdict { return powerCuts(t, binary, "xfs", 1) }},

	{"early answer", "the writer answers after the commit", []edit{
		{writerSource, "	err = w.db.Commit()\n", `	for i, j := range b.jobs {
		j.done <- outcomes[i] // serve sends again, to nobody
	}
	err = w.db.Commit()
`},
	}, lost, func(t *testing.T, binary string) verdict { return diskErrors(t, binary, fullLog) }},

	{"early answer, killed", "the writer answers after the commit", []edit{
		{writerSource, "	err = w.db.Commit()\n", `	for i, j := range b.jobs {
		j.done <- outcomes[i]
	}
	time.Sleep(15 * time.Millisecond) // for a kill to fall into
	err = w.db.Commit()
`},
	}, lost, func(t *testing.T, binary string) verdict { return kills(t, binary, 3) }},

	{"no latch", "after a failed commit nothing is acknowledged until a restart", []edit{
		{writerSource, "	w.failed.CompareAndSwap(nil, &err)\n", ""},
	}, defiant, func(t *testing.T, binary string) verdict { return diskErrors(t, binary, oneSync) }},

	// A repeat from a plain SELECT alone is not enough for a loss with SQLite: what a running server reads has been
	// synced, and what a dead one left is synced by settle before anybody is answered. Nor is a start without settle
	// alone: the attempt that a repeat leaves is a commit of its own, and its sync takes the rest of the log along.
	// And a View waits for the sync that is under way, which at a start is soon the verifier's, and takes the log
	// along. With all three gone nothing stands between the row that recovery found and the answer, until somebody else
	// commits; see trap for those.
	{
		"read repeat, no settle",
		"a repeat is a commit of its own; a start makes durable what is visible",
		[]edit{noSettle, noMark, noWelcome, noWait, readRepeat},
		lost,
		func(t *testing.T, binary string) verdict { return trap(t, binary, "xfs", (*site).askByRepeat) },
	},

	// A query takes its turn among the commits, so that it too comes after the verifier's.
	{
		"read query, no settle",
		"a query takes its turn; a start makes durable what is visible",
		[]edit{noSettle, noMark, noWelcome, noWait, readQuery},
		lost,
		func(t *testing.T, binary string) verdict { return trap(t, binary, "xfs", (*site).askByQuery) },
	},

	{"hasty stop", "SIGTERM waits for the requests taken in", []edit{
		{stopSource, "s.public.Shutdown(ctx)", "errors.Join(ctx.Err(), s.public.Close())"},
	}, unheard, func(t *testing.T, binary string) verdict { return stops(t, binary, 2) }},

	{"any content", "other content under the same caseid is refused", []edit{
		{caseSource, "	case prev.Digest == c.Digest:\n", "	case true:\n"},
	}, doubled, func(t *testing.T, binary string) verdict { return histories(t, binary, 1) }},

	{"endless session", "a session ends at once for every client", []edit{
		{sessionSource, "return tx.EndSession(who.Token, now)", "return nil"},
	}, disorderly, func(t *testing.T, binary string) verdict { return histories(t, binary, 1) }},

	{"early register", "a register is published when all of its rows are durable", []edit{
		{buildSource, "	if err := d.buildFile(ctx, ",
			"	if err := steps.Publish(); err != nil {\n		return err\n	}\n	if err := d.buildFile(ctx, "},
		{buildSource, "	return steps.Publish()\n", "	return nil\n"},
	}, lost, func(t *testing.T, binary string) verdict { return imports(t, binary, 3) }},

	{"deaf", "PostgreSQL tells of a commit that no standby has by a notice alone", []edit{
		{pgSource, "if err == nil && len(w.notices.said) > 0 {", "if false {"},
	}, lost, func(t *testing.T, binary string) verdict { return breakOffs(t, binary, 1) }},

	{"fleeting names", "names taken back and set again let commits go as well", []edit{
		{pgSource, "if err == nil && s.loaded != loaded {", "if false {"},
	}, lost, func(t *testing.T, binary string) verdict { return takeBacks(t, binary, 1) }},

	{"unripe names", "names are in force only when the checkpointer has read them", []edit{
		{pgSource, "	s.ripen()\n", ""},
	}, lost, func(t *testing.T, binary string) verdict { return lateCheckpointers(t, binary) }},
}

var noSettle = edit{
	folderSource,
	"	if alone {\n		if err := settle(ctx, c); err != nil {",
	"	if false {\n		if err := settle(ctx, c); err != nil {",
}

// noMark and noWelcome leave out what a start writes into the database itself, the run and the code of the first
// administrator: their commits, too, would take the rest of the log along.
var noMark = edit{markSource, "	if !o.Server || o.Migrations != nil {", "	if o.Server || o.Migrations != nil {"}
var noWelcome = edit{runSource, "	s.welcome(ctx, out)\n", ""}

// noWait has a View return before what it has read is durable.
var noWait = edit{storeSource, "	if err == nil && s.writer != nil {", "	if false {"}

// readQuery answers a query from what can be read.
var readQuery = edit{
	caseSource,
	"(c Case, err error) {\n	err = d.store.Update(",
	"(c Case, err error) {\n	err = d.store.View(",
}

// readRepeat is the shortcut that suggests itself: look first, and write only what is new.
var readRepeat = edit{
	caseSource,
	"	var r Acceptance\n	var refusal error\n	err := d.store.Update(",
	`	var known Case
	if d.store.View(ctx, func(tx Tx) (err error) {
		known, err = tx.LatestCase(who.AppID, in.Decoded.Case.CaseID)
		return err
	}) == nil && known.Digest == in.Decoded.Digest && known.Returned.IsZero() {
		return Acceptance{known.AcceptID, Repeated}, nil
	}
	var r Acceptance
	var refusal error
	err := d.store.Update(`,
}
