package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// Place is a database and the password it may need.
type Place struct {
	Name     string // as Open takes it
	Password string
}

// Copied is what a copy has moved and proved.
type Copied struct {
	Tables []CopiedTable `json:"tables"`
	Rows   int64         `json:"rows"`
	Bytes  int64         `json:"bytes"`
	Moved  int64         `json:"moved"` // rows that this run moved; the others were there from one broken off
}

// CopiedTable is one table of it, the same in source and target.
type CopiedTable struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of all its rows
}

// Progress is how far a copy has come with a table.
type Progress struct {
	Table    string
	Rows     int64
	Bytes    int64
	Checking bool // what was moved is being read again
}

// Errors of Copy.
var (
	// ErrSourceChanged: the source is not what it was when the copy began.
	ErrSourceChanged = errors.New("来源与开始搬迁时不同")
	// ErrNotEqual: source and target do not hold the same.
	ErrNotEqual = errors.New("目标与来源不一致")
)

// Copy moves everything that was received and decided from one place to another, which must be empty or hold a copy of
// the same source that was broken off: it goes on where that one ended. No server may use either. Until all was moved
// and read again the target cannot be opened; finish runs in the transaction that makes it usable. Sessions are not
// moved, and what is derived is not: the verifier makes it anew.
func Copy(ctx context.Context, from, to Place, progress func(Progress),
	finish func(intake.Tx) error) (_ Copied, err error) {
	source, err := Open(ctx, from.Name, Options{MustExist: true, Alone: true, Readers: 1, Password: from.Password})
	if err != nil {
		return Copied{}, fmt.Errorf("来源：%w", err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := openTarget(ctx, to)
	if err != nil {
		return Copied{}, fmt.Errorf("目标：%w", err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	for _, s := range []*Store{source, target} {
		if err := s.onlyOurSchema(ctx); err != nil {
			return Copied{}, err
		}
	}
	c := copier{ctx: ctx, from: source, to: target, progress: progress}
	return c.run(finish)
}

// onlyOurSchema refuses a newer schema, on which this program might work: it may have columns that we would not move.
func (s *Store) onlyOurSchema(ctx context.Context) error {
	known := s.engine.Newest()
	have, err := s.schemaVersion(ctx)
	if err == nil && have != known {
		err = fmt.Errorf("%w：数据库为%d，本程序为%d，请用与数据库相同版本的程序搬迁", ErrSchema, have, known)
	}
	return err
}

func openTarget(ctx context.Context, to Place) (*Store, error) {
	o := Options{Alone: true, target: true, Readers: 1, Password: to.Password}
	if err := systemOf(to.Name).Vacant(ctx, to.Name, o.forEngine()); err != nil {
		return nil, err
	}
	return Open(ctx, to.Name, o)
}

// refuseUnfinished keeps everybody but a copy out of what a copy has begun.
func (s *Store) refuseUnfinished(ctx context.Context, o Options) error {
	if o.target {
		return nil
	}
	var n int
	err := s.view(ctx, func(t *handle) (err error) {
		n, err = engine.Value[int](t, "SELECT COUNT(*) FROM copying")
		return err
	})
	if err == nil && n > 0 {
		err = fmt.Errorf("%w：这是 diaoxiao db copy 的目标；再次执行同一命令即接着做，或另用一个空的目标", ErrUnfinished)
	}
	return err
}

// copier is one copy.
type copier struct {
	ctx      context.Context
	from, to *Store
	progress func(Progress)
	Copied
}

func (c *copier) run(finish func(intake.Tx) error) (Copied, error) {
	source, err := c.fingerprint()
	if err != nil {
		return c.Copied, err
	}
	if err := c.begin(source); err != nil {
		return c.Copied, err
	}
	for _, r := range records() {
		if err := c.move(r); err != nil {
			return c.Copied, fmt.Errorf("%s: %w", r.Name, err)
		}
	}
	for _, r := range records() {
		if err := c.prove(r); err != nil {
			return c.Copied, fmt.Errorf("%s: %w", r.Name, err)
		}
	}
	if again, err := c.fingerprint(); err != nil || !bytes.Equal(again, source) {
		return c.Copied, errors.Join(err, ErrSourceChanged)
	}
	return c.Copied, c.end(finish)
}

// begin sees that the target is this copy's, and marks an empty one as such.
func (c *copier) begin(source []byte) error {
	return c.to.Update(c.ctx, func(x intake.Tx) error {
		t := x.(*tx).handle
		var begun []byte
		err := notFound(t.Row([]any{&begun}, "SELECT source FROM copying"))
		switch {
		case err == nil && bytes.Equal(begun, source):
			return nil
		case err == nil:
			return fmt.Errorf("%w：目标中是另一来源、或来源改变以前没有做完的搬迁；请另用一个空的目标", ErrSourceChanged)
		case !errors.Is(err, intake.ErrNotFound):
			return err
		}
		if err := refuseFull(t); err != nil {
			return err
		}
		_, err = t.change("INSERT INTO copying (id, source, begun_ms) VALUES (1, $1, $2)", source, ms(t.Now()))
		return err
	})
}

// refuseFull: nothing is mixed with what a target holds.
func refuseFull(t *handle) error {
	for _, r := range records() {
		n, err := r.count(t)
		if err != nil {
			return err
		}
		if n > 0 && !r.Seeded {
			return fmt.Errorf("%w：目标的表 %s 中有%d行；请另用一个空的目标", ErrNotEmpty, r.Name, n)
		}
	}
	return nil
}

// move moves the rows of a table that are not there yet.
func (c *copier) move(r record) error {
	after := r.beginning()
	if !r.Seeded {
		if err := c.to.view(c.ctx, func(t *handle) (err error) { after, err = r.last(t); return err }); err != nil {
			return err
		}
	}
	p := Progress{Table: r.Name}
	return c.each(c.from, r, after, func(rows [][]any) error {
		err := c.to.Update(c.ctx, func(x intake.Tx) error {
			return x.(*tx).putting(r.into(), len(rows), func(i int, to []any) []any { return append(to, rows[i]...) })
		})
		if err != nil {
			return err
		}
		c.Moved += int64(len(rows))
		p.add(rows)
		c.progress(p)
		return nil
	})
}

func (p *Progress) add(rows [][]any) {
	p.Rows += int64(len(rows))
	for _, row := range rows {
		for _, v := range row {
			p.Bytes += int64(len(encoded(nil, v)))
		}
	}
}

// each calls f for the pages after a key; a page is read in a transaction of its own.
func (c *copier) each(s *Store, r record, after []any, f func([][]any) error) error {
	for {
		var rows [][]any
		if err := s.view(c.ctx, func(t *handle) (err error) { rows, err = r.read(t, after); return err }); err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if err := f(rows); err != nil {
			return err
		}
		after = r.keyOf(rows[len(rows)-1])
	}
}

// prove reads a table again on both sides.
func (c *copier) prove(r record) error {
	source, err := c.digest(c.from, r)
	if err != nil {
		return err
	}
	target, err := c.digest(c.to, r)
	if err != nil {
		return err
	}
	if source != target {
		return fmt.Errorf("%w：来源%d行，摘要%.12s；目标%d行，摘要%.12s", ErrNotEqual, source.Rows, source.SHA256, target.Rows,
			target.SHA256)
	}
	c.Tables = append(c.Tables, target)
	c.Rows += target.Rows
	c.Bytes += target.Bytes
	return nil
}

func (c *copier) digest(s *Store, r record) (CopiedTable, error) {
	p := Progress{Table: r.Name, Checking: true}
	sum := sha256.New()
	err := c.each(s, r, r.beginning(), func(rows [][]any) error {
		hashRows(sum, rows)
		p.add(rows)
		c.progress(p)
		return nil
	})
	return CopiedTable{r.Name, p.Rows, p.Bytes, hex.EncodeToString(sum.Sum(nil))}, err
}

func hashRows(sum hash.Hash, rows [][]any) {
	var b []byte
	for _, row := range rows {
		for _, v := range row {
			b = encoded(b[:0], v)
			sum.Write(binary.AppendUvarint(nil, uint64(len(b))))
			sum.Write(b)
		}
	}
}

// encoded is a value, the same from either engine and of no other value.
func encoded(b []byte, v any) []byte {
	switch v := v.(type) {
	case int64:
		return binary.AppendVarint(append(b, 'i'), v)
	case string:
		return append(append(b, 's'), v...)
	case []byte:
		return append(append(b, 'b'), v...)
	}
	panic(fmt.Sprintf("no column holds a %T", v))
}

// fingerprint tells the source from every other, and from itself after a change: the whole of what can change, and of
// what is only added to the number of rows and the last of them.
func (c *copier) fingerprint() ([]byte, error) {
	sum := sha256.New()
	err := c.from.view(c.ctx, func(t *handle) error {
		for _, r := range records() {
			n, err := r.count(t)
			if err != nil {
				return err
			}
			last, err := r.last(t)
			if err != nil {
				return err
			}
			hashRows(sum, [][]any{{r.Name, n}, last})
		}
		return nil
	})
	for _, r := range records() {
		if err == nil && r.InPlace {
			err = c.each(c.from, r, r.beginning(), func(rows [][]any) error { hashRows(sum, rows); return nil })
		}
	}
	return sum.Sum(nil), err
}

// end makes the target usable.
func (c *copier) end(finish func(intake.Tx) error) error {
	return c.to.Update(c.ctx, func(x intake.Tx) error {
		t := x.(*tx).handle
		for _, r := range records() {
			if !r.Numbered {
				continue
			}
			if err := c.to.engine.ContinueAfter(t.Conn, r.Name, r.Columns[0]); err != nil {
				return err
			}
		}
		if _, err := t.change("DELETE FROM copying"); err != nil {
			return err
		}
		if err := (gapTx{t}).Acknowledge(); err != nil {
			return err
		}
		return finish(x)
	})
}
