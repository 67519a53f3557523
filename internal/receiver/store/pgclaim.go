package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"diaoxiao/internal/receiver/intake"
)

// pgClaim is a claim on PostgreSQL: one transaction that holds locks on its cases and in which all is written. Its end,
// be it that of the process, gives the locks back; what it wrote is there in the whole or not at all.
type pgClaim struct {
	cluster *cluster
	conn    *pgxpool.Conn
	tx      *handle
	buffer  *copying
	cases   []intake.Case
	server  string
	wanted
	upTo    int64 // every case up to here was verified when the claim began
	awaited bool
	store   *Store
	began   time.Time
}

const (
	// claimItems bounds the entities of one claim, but for one case alone.
	claimItems = 16 << 10
	// claimsAhead is how many times the limit is looked past the cases of other verifiers for some that are free.
	claimsAhead = 8
	// claimShare: while Updates keep coming to this node, its verifier works one part in claimShare of the time.
	claimShare = 10
)

func (c *cluster) claim(ctx context.Context, s *Store, w wanted, limit int) (intake.Claim, error) {
	if err := s.writer.waitQuiet(ctx); err != nil {
		return nil, err
	}
	conn, err := c.acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", intake.ErrUnavailable, err)
	}
	t, err := beginOn(ctx, conn.Conn(), "BEGIN ISOLATION LEVEL READ COMMITTED")
	p := &pgClaim{cluster: c, conn: conn, tx: t, server: serverOf(conn.Conn()), wanted: w, store: s, began: time.Now()}
	if w.what == unverified {
		p.after = c.done.least(p.server, w.after)
	}
	if err == nil {
		p.buffer = &copying{pgConn: t.conn.(*pgConn)}
		t.conn, t.store, t.group = p.buffer, s, &group{}
		err = p.byIndex()
	}
	var oldest int64
	if err == nil {
		err = p.tx.row([]any{&oldest}, "SELECT "+oldestQuery)
	}
	if err == nil {
		err = c.checkOldest(oldest)
	}
	if err == nil {
		err = p.take(limit)
	}
	if err != nil || len(p.cases) == 0 {
		_, ended := p.End(ctx, false)
		return nil, errors.Join(c.classify(err), ended)
	}
	return p, nil
}

// byIndex has every look-up go through an index: of tables that have just grown PostgreSQL has no figures yet, and
// reads the whole of them for each handful of values.
func (p *pgClaim) byIndex() error {
	for _, way := range []string{"seqscan", "hashjoin", "mergejoin"} {
		if _, err := p.tx.exec("SET LOCAL enable_" + way + " = off"); err != nil {
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
func (p *pgClaim) list(after int64, more string, args ...any) ([]waiting, error) {
	return list(p.tx, scanWaiting, `SELECT c.case_no, c.items FROM cases c LEFT JOIN verification v ON v.case_no = c.case_no
		WHERE c.case_no > $1 AND `+p.what+more, append([]any{after, p.bound}, args...)...)
}

// take locks the first cases that wait and that nobody else has.
func (p *pgClaim) take(limit int) error {
	from := p.after
	for range claimsAhead {
		all, err := p.waitingAfter(from, limit)
		if err != nil || len(all) == 0 {
			return err
		}
		if from == p.after {
			p.upTo = all[0].no - 1
		}
		from = all[len(all)-1].no
		if err := p.takeOf(all); err != nil || len(p.cases) > 0 {
			return err
		}
	}
	return nil
}

func (p *pgClaim) waitingAfter(after int64, limit int) ([]waiting, error) {
	return p.list(after, " ORDER BY c.case_no LIMIT $3", limit)
}

// takeOf locks as many of the listed cases as make one claim, from the first on that is free.
func (p *pgClaim) takeOf(all []waiting) error {
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
func (p *pgClaim) lock(listed []waiting) error {
	if _, err := p.tx.exec("SAVEPOINT taking"); err != nil {
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
		run = 0 // all were verified meanwhile: who looked before that waits for their locks, and must not wait for this claim
	}
	if _, err := p.tx.exec("ROLLBACK TO SAVEPOINT taking"); err != nil || run == 0 {
		return err
	}
	return p.lock(listed[:run])
}

func (p *pgClaim) lockFree(listed []waiting) ([]int64, error) {
	return list(p.tx, func(scan func(...any) error) (no int64, err error) { err = scan(&no); return no, err },
		"SELECT case_no FROM cases WHERE case_no = ANY($1) ORDER BY case_no FOR NO KEY UPDATE SKIP LOCKED", numbersOf(listed))
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

// read reads the cases taken. Who had them before may have verified them between the listing and the taking.
func (p *pgClaim) read(taken []waiting) (err error) {
	if len(taken) == 0 {
		return nil
	}
	p.cases, err = list(p.tx, scanCase, caseColumns+"WHERE c.case_no > $1 AND c.case_no <= $3 AND "+p.what+" ORDER BY c.case_no",
		taken[0].no-1, p.bound, taken[len(taken)-1].no)
	return err
}

func (p *pgClaim) Cases() []intake.Case { return p.cases }

// View reads in the claim's own transaction: what others have committed, and its own.
func (p *pgClaim) View(_ context.Context, f func(intake.Tx) error) error {
	return p.cluster.classify(f(newTx(p.tx)))
}

func (p *pgClaim) Write(_ context.Context, f func(intake.Tx) error) error {
	err := f(newTx(p.tx))
	if err == nil {
		err = p.buffer.flush()
	}
	return p.cluster.classify(err)
}

// errOvertaken: the verifier of earlier cases gave them up, so they must be verified first.
var errOvertaken = fmt.Errorf("%w: earlier cases are not verified yet", intake.ErrUnavailable)

// Await waits for those who hold earlier cases: their locks go with the end of their transactions. It takes locks that
// all who wait can have together, so that nobody waits but for verifiers of earlier cases, and never in a circle.
func (p *pgClaim) Await(context.Context) error {
	if p.awaited || p.what == outdated { // who verified these had waited for the earlier ones
		return nil
	}
	before, err := p.earlier()
	if err == nil && len(before) > 0 {
		_, err = p.tx.exec("SELECT case_no FROM cases WHERE case_no = ANY($1) ORDER BY case_no FOR SHARE", numbersOf(before))
		if err == nil {
			before, err = p.earlier()
		}
	}
	if err == nil && len(before) > 0 {
		err = errOvertaken
	}
	p.awaited = err == nil
	return p.cluster.classify(err)
}

// earlier lists the cases that wait before those of the claim.
func (p *pgClaim) earlier() ([]waiting, error) {
	return p.list(p.after, " AND c.case_no < $3 ORDER BY c.case_no", p.cases[0].No)
}

// End implements intake.Claim.
func (p *pgClaim) End(ctx context.Context, done bool) (int64, error) {
	defer p.conn.Release()
	defer func() { p.store.writer.pause(claimShare * time.Since(p.began)) }()
	if !done {
		p.conn.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		return p.upTo, nil
	}
	err := p.cluster.classify(commitOn(ctx, p.conn.Conn()))
	if err == nil && p.what == unverified {
		p.cluster.done.learn(p.server, p.upTo)
	}
	return p.upTo, err
}
