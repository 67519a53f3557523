package store

import (
	"context"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/postgres"
	"diaoxiao/internal/receiver/store/sqlite"
)

// systems are the database systems. The first that has a place opens it: the folder comes last, because any name can be
// one.
var systems = []engine.System{postgres.System{}, sqlite.System{}}

// systemOf is the system of a place.
func systemOf(place string) engine.System {
	for _, s := range systems {
		if s.Has(place) {
			return s
		}
	}
	panic("no system has " + place) // a folder has every name
}

// IsURL reports whether a place is a database at a server rather than a folder.
func IsURL(place string) bool { return systemOf(place) != sqlite.System{} }

// Durability says what a commit must survive before it is acknowledged, where there is a choice.
type Durability = engine.Durability

// The durabilities.
const (
	Replicated = engine.Replicated
	Local      = engine.Local
	Auto       = engine.Auto
)

// ParseDurability returns the durability of that name; "" is Auto.
func ParseDurability(s string) (Durability, error) { return engine.ParseDurability(s) }

// Errors of Open, Restore and Backup that a caller can act on.
var (
	ErrLocked     = engine.ErrLocked
	ErrNoData     = engine.ErrNoData
	ErrSchema     = engine.ErrSchema
	ErrWeak       = engine.ErrWeak
	ErrNotEmpty   = engine.ErrNotEmpty
	ErrUnfinished = engine.ErrUnfinished
	ErrNoRoom     = engine.ErrNoRoom
	ErrTool       = engine.ErrTool
	ErrBackup     = engine.ErrBackup
	ErrStale      = engine.ErrStale
)

// around is a store as its engine sees it.
type around struct{ *Store }

// Position implements engine.Store.
func (a around) Position(c engine.Conn) (p engine.Position, err error) {
	if p.CaseNo, err = engine.Value[int64](c, lastNoQuery); err != nil {
		return p, err
	}
	head, err := a.audit(c).AuditHead()
	if head.No > 0 {
		p.AuditNo, p.Chain = head.No, head.Chain[:]
	}
	return p, err
}

// ChainAt implements engine.Store.
func (a around) ChainAt(c engine.Conn, no int64) ([]byte, error) {
	es, err := a.audit(c).Audit(no-1, 1)
	if err != nil || len(es) == 0 || es[0].No != no {
		return nil, err
	}
	return append([]byte{}, es[0].Chain...), nil
}

func (a around) audit(c engine.Conn) auditTx { return auditTx{&handle{Conn: c, store: a.Store}} }

// Failure implements engine.Store.
func (a around) Failure() error { return a.writer.failure() }

// Prove implements engine.Store.
func (a around) Prove(ctx context.Context) {
	a.Update(ctx, func(intake.Tx) error { return nil })
}
