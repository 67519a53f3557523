package outbox

import (
	"cmp"
	"database/sql"
	"errors"
)

// ErrSame: the two are one receiver already.
var ErrSame = errors.New("两个地址已是同一接收方")

// Merged is what came of Merge. With Conflicts nothing was changed.
type Merged struct {
	Moved     int // current cases that were the other's
	Joined    int // of them: the case was there under both, as one and the same
	Conflicts []Conflict
}

// Conflict is two current cases that one receiver cannot both have: one caseid with two contents or two acceptids, or
// one acceptid of two caseids.
type Conflict struct{ From, To Entry }

// Merge declares that from is to: one receiver whose address has changed. Cases of from are to's from now on, and
// whatever is recorded for from later as well, so nothing that was accepted at the one is sent to the other. It is
// durable, kept in the table merge, and cannot be undone; the entries keep the address they were recorded for
// (Entry.Origin). Where both have a case, the better known outcome stays current. ErrNotFound where nothing was
// recorded for from, ErrSame where it was done before; dry only looks.
func (b *Outbox) Merge(from, to Target, dry bool) (m Merged, err error) {
	if from, err = b.live(from.Canonical()); err != nil {
		return m, err
	}
	err = b.update(func() error {
		g := merger{Outbox: b}
		if err := g.find(from, to.Canonical()); err != nil {
			return err
		}
		if err := g.look(); err != nil {
			return err
		}
		if m = g.Merged; len(m.Conflicts) > 0 || dry {
			return errUndo
		}
		return g.move()
	})
	if errors.Is(err, errUndo) {
		err = nil
	}
	return m, err
}

// errUndo undoes a transaction in which all went well.
var errUndo = errors.New("outbox: only looked")

// merger is one Merge.
type merger struct {
	*Outbox
	Merged
	from, to int64
	losers   [][2]int64 // entry and the one that takes its place
}

func (g *merger) find(from, to Target) error {
	if from.AppKey != to.AppKey {
		return errors.New("outbox: another app is another sender")
	}
	err := g.conn.Row([]any{&g.from}, "SELECT id FROM target WHERE url = ? AND app_key = ?", from.URL, from.AppKey)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	r := recorder{Outbox: g.Outbox, target: to}
	if err := r.findTarget(); err != nil {
		return err
	}
	if g.to = r.targetNo; g.to == g.from {
		return ErrSame
	}
	return nil
}

// look finds what is there under both.
func (g *merger) look() error {
	if err := g.conn.Row(
		[]any{&g.Moved},
		"SELECT COUNT(*) FROM entry WHERE target = ? AND superseded = 0",
		g.from,
	); err != nil {
		return err
	}
	pairs, err := g.pairs(
		`SELECT f.no, t.no FROM entry f CROSS JOIN entry t ON t.target = ? AND t.caseid = f.caseid AND t.superseded = 0
		WHERE f.target = ? AND f.superseded = 0 ORDER BY f.no`,
	)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		winner, loser, ok := oneCase(p.From, p.To)
		if !ok {
			g.Conflicts = append(g.Conflicts, p)
			continue
		}
		g.losers = append(g.losers, [2]int64{loser, winner})
	}
	g.Joined = len(g.losers)
	twice, err := g.pairs(
		`SELECT f.no, t.no FROM entry f CROSS JOIN entry t ON t.target = ?
		AND t.acceptid = f.acceptid AND t.acceptid <> ''
		AND t.caseid <> f.caseid
		WHERE f.target = ? AND f.acceptid <> '' ORDER BY f.no`,
	)
	g.Conflicts = append(g.Conflicts, twice...)
	return err
}

// pairs runs a query for two numbers of entries, of which the second is of g.to and the first of g.from.
func (g *merger) pairs(query string) (pairs []Conflict, err error) {
	rows, err := g.conn.Query(query, g.to, g.from)
	if err != nil {
		return nil, err
	}
	var nos [][2]int64
	for rows.Next() {
		var p [2]int64
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		nos = append(nos, p)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	for _, p := range nos {
		var c Conflict
		err := c.From.scan(g.conn.QueryRowContext(background, g.selectEntries()+"WHERE e.no = ?", p[0]))
		if err == nil {
			err = c.To.scan(g.conn.QueryRowContext(background, g.selectEntries()+"WHERE e.no = ?", p[1]))
		}
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, c)
	}
	return pairs, nil
}

// oneCase decides which of two entries of one caseid stays current; not ok: they are two cases.
func oneCase(a, b Entry) (winner, loser int64, ok bool) {
	if a.Digest != b.Digest || a.AcceptID != "" && b.AcceptID != "" && a.AcceptID != b.AcceptID {
		return 0, 0, false
	}
	if cmp.Or(known(a)-known(b), 1) < 0 {
		a, b = b, a
	}
	return a.No, b.No, true
}

// known ranks entries by how much their state says of the receiver.
func known(e Entry) int {
	switch {
	case e.State == Returned:
		return 4
	case e.State == Accepted:
		return 3
	case e.State == Unknown || e.State == Sending || e.Doubt:
		return 2
	case e.State == Refused:
		return 1
	}
	return 0
}

// move makes it so.
func (g *merger) move() error {
	for _, p := range g.losers {
		if _, err := g.conn.Exec("UPDATE entry SET superseded = ?, held = '' WHERE no = ?", p[1], p[0]); err != nil {
			return err
		}
	}
	for _, s := range []struct {
		text string
		args []any
	}{
		{
			"UPDATE entry SET origin = CASE origin WHEN 0 THEN target ELSE origin END, target = ? WHERE target = ?",
			[]any{g.to, g.from},
		},
		{"UPDATE target SET same_as = ? WHERE id = ? OR same_as = ?", []any{g.to, g.from, g.from}},
		{"UPDATE target SET same_as = 0 WHERE id = ?", []any{g.to}},
		{
			"INSERT INTO merge (at, from_target, to_target, moved, joined) VALUES (?, ?, ?, ?, ?)",
			[]any{g.now().UnixMilli(), g.from, g.to, g.Moved, g.Joined},
		},
	} {
		if _, err := g.conn.Exec(s.text, s.args...); err != nil {
			return err
		}
	}
	return nil
}
