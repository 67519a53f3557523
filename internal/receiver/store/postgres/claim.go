package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"

	"diaoxiao/internal/receiver/store/engine"
)

// claim is one transaction that holds locks on its cases and in which all is written. Its end, be it that of the
// process, gives the locks back; what it wrote is there in the whole or not at all.
type claim struct {
	cluster *cluster
	pooled  *pgxpool.Conn
	buffer  *copying
	cases   []int64
	server  string
	engine.Wanted
	upTo    int64 // every case up to here was verified when the claim began
	awaited bool
}

const (
	// claimItems bounds the entities of one claim, but for one case alone.
	claimItems = 16 << 10
	// claimsAhead is how many times the limit is looked past the cases of other verifiers for some that are free.
	claimsAhead = 8
)

// Claim implements engine.Concurrent.
func (c *cluster) Claim(ctx context.Context, w engine.Wanted) (engine.Claim, error) {
	pooled, err := c.acquire(ctx)
	if err != nil {
		return nil, engine.Fault(err)
	}
	t, err := beginOn(ctx, pooled.Conn(), "BEGIN ISOLATION LEVEL READ COMMITTED")
	p := &claim{cluster: c, pooled: pooled, buffer: &copying{conn: t}, server: serverOf(pooled.Conn()), Wanted: w}
	if w.InOrder {
		p.After = c.done.least(p.server, w.After)
	}
	if err == nil {
		err = p.begin()
	}
	if err != nil || len(p.cases) == 0 {
		_, ended := p.End(ctx, false)
		return nil, errors.Join(err, ended)
	}
	return p, nil
}

// begin takes what is wanted, unless a newer program keeps this one away.
func (p *claim) begin() error {
	if err := p.byIndex(); err != nil {
		return err
	}
	oldest, err := engine.Value[int64](p.buffer, "SELECT "+oldestQuery)
	if err != nil {
		return err
	}
	if err := p.cluster.checkOldest(oldest); err != nil {
		return err
	}
	return p.take()
}

// byIndex has every look-up go through an index: of tables that have just grown PostgreSQL has no figures yet, and
// reads the whole of them for each handful of values.
func (p *claim) byIndex() error {
	for _, way := range []string{"seqscan", "hashjoin", "mergejoin"} {
		if _, err := p.buffer.Exec("SET LOCAL enable_" + way + " = off"); err != nil {
			return err
		}
	}
	return nil
}

// waiting is a case that waits for verification.
type waiting struct {
	no    int64
	items int
}

func scanWaiting(scan func(...any) error) (w waiting, err error) {
	err = scan(&w.no, &w.items)
	return w, err
}

// list lists what the claim wants, after a case and by more conditions.
func (p *claim) list(after int64, more string, args ...any) ([]waiting, error) {
	return engine.List(p.buffer, scanWaiting, `SELECT c.case_no, c.items FROM cases c
		LEFT JOIN verification v ON v.case_no = c.case_no
		WHERE c.case_no > $1 AND `+p.Which+more, append([]any{after, p.Bound}, args...)...)
}

// take locks the first cases that wait and that no other verifier has.
func (p *claim) take() error {
	from := p.After
	for range claimsAhead {
		all, err := p.list(from, " ORDER BY c.case_no LIMIT $3", p.Limit)
		if err != nil || len(all) == 0 {
			return err
		}
		if from == p.After {
			p.upTo = all[0].no - 1
		}
		from = all[len(all)-1].no
		if err := p.takeOf(all); err != nil || len(p.cases) > 0 {
			return err
		}
	}
	return nil
}

// takeOf locks as many of the listed cases as make one claim, from the first on that is free.
func (p *claim) takeOf(all []waiting) error {
	for len(all) > 0 && len(p.cases) == 0 {
		n := enough(all)
		if err := p.lock(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// enough is how many of the cases, from the first on, make one claim.
func enough(all []waiting) int {
	items := 0
	for i, w := range all {
		if items += w.items; items > claimItems {
			return max(i, 1)
		}
	}
	return len(all)
}

// lock takes the first of the listed cases that are free, without a gap: claims that lie between each other's cases
// would wait for one another.
func (p *claim) lock(listed []waiting) error {
	if _, err := p.buffer.Exec("SAVEPOINT taking"); err != nil {
		return err
	}
	got, err := p.lockFree(listed)
	if err != nil {
		return err
	}
	run := leading(listed, got)
	if run == len(got) {
		if err := p.read(listed[:run]); err != nil || len(p.cases) > 0 {
			return err
		}
		// all were verified meanwhile: a verifier that had listed them before waits for their locks, and must not wait
		// for this claim
		run = 0
	}
	if _, err := p.buffer.Exec("ROLLBACK TO SAVEPOINT taking"); err != nil || run == 0 {
		return err
	}
	return p.lock(listed[:run])
}

// lockFree locks those of the listed cases that no other verifier has.
func (p *claim) lockFree(listed []waiting) ([]int64, error) {
	return engine.Values[int64](p.buffer,
		"SELECT case_no FROM cases WHERE case_no = ANY($1) ORDER BY case_no FOR NO KEY UPDATE SKIP "+
			"LOCKED", numbersOf(listed))
}

func numbersOf(listed []waiting) (nos []int64) {
	for _, w := range listed {
		nos = append(nos, w.no)
	}
	return nos
}

// leading is how many of the listed cases, from the first on, were got.
func leading(listed []waiting, got []int64) (n int) {
	for n < len(got) && got[n] == listed[n].no {
		n++
	}
	return n
}

// read reads the cases taken. Another verifier may have verified them between the listing and the locking.
func (p *claim) read(taken []waiting) (err error) {
	if len(taken) == 0 {
		return nil
	}
	p.cases, err = p.Read(p.buffer, taken[0].no, taken[len(taken)-1].no)
	return err
}

// Conn implements engine.Claim: it reads what others have committed, and its own.
func (p *claim) Conn() engine.Conn { return p.buffer }

// errOvertaken: the verifier of earlier cases gave them up, so they must be verified first.
var errOvertaken = errors.New("earlier cases are not verified yet")

// Await implements engine.Claim. It waits for the verifiers that hold earlier cases: their locks end with their
// transactions. It takes shared locks, so that a verifier waits for those of earlier cases alone, and never in a
// circle.
func (p *claim) Await() error {
	if p.awaited || !p.InOrder { // the verifier of these had waited for the earlier ones
		return nil
	}
	before, err := p.earlier()
	if err == nil && len(before) > 0 {
		_, err = p.buffer.Exec("SELECT case_no FROM cases WHERE case_no = ANY($1) ORDER BY case_no FOR SHARE",
			numbersOf(before))
		if err == nil {
			before, err = p.earlier()
		}
	}
	if err == nil && len(before) > 0 {
		err = engine.Fault(errOvertaken)
	}
	p.awaited = err == nil
	return err
}

// earlier lists the cases that wait before those of the claim.
func (p *claim) earlier() ([]waiting, error) {
	return p.list(p.After, " AND c.case_no < $3 ORDER BY c.case_no", p.cases[0])
}

// End implements engine.Claim.
func (p *claim) End(ctx context.Context, done bool) (int64, error) {
	defer p.pooled.Release()
	if !done {
		p.pooled.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		return p.upTo, nil
	}
	err := commitOn(ctx, p.pooled.Conn())
	if err == nil && p.InOrder {
		p.cluster.done.learn(p.server, p.upTo)
	}
	return p.upTo, err
}
