package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// SchemaState is how an object of the database differs from what the migrations make.
type SchemaState uint8

// The states of a SchemaFault.
const (
	Foreign SchemaState = iota + 1 // no migration makes it
	Missing                        // the migrations make it, and it is not there
	Altered                        // it is not as the migrations make it
)

// SchemaFault is an object of the database that is not as the migrations of this program make it. A trigger, a rule, a
// policy or a view can drop or alter rows that this program writes, while every check of the rows passes.
type SchemaFault struct {
	Kind  string // of the object: table, column, index, trigger, rule, policy, view, "row security"
	Name  string
	Table string // that it belongs to
	State SchemaState
	// Harmless: it can make the program slow, not wrong: an index that is not unique.
	Harmless bool
}

// String says it to an operator.
func (f SchemaFault) String() string {
	kind := map[string]string{"table": "表", "column": "列", "index": "索引", "trigger": "触发器", "rule": "规则",
		"policy": "行级策略",
		"view":   "视图", "row security": "行级安全开关"}[f.Kind]
	state := map[SchemaState]string{Foreign: "不是本程序建立的", Missing: "不见了", Altered: "与本程序建立的不同"}[f.State]
	if f.Table != "" && f.Table != f.Name {
		return fmt.Sprintf("数据库结构：表 %s 的%s %s %s", f.Table, kind, f.Name, state)
	}
	return fmt.Sprintf("数据库结构：%s %s %s", kind, f.Name, state)
}

// ErrForeign: the schema is not as the migrations make it.
var ErrForeign = errors.New("数据库中有不属于本程序的对象，或本程序的对象被改动，可能丢弃或改动记录")

// Schema compares the objects of the database with those that the migrations of this program make, and returns the
// differences, at most 100. In a database with a newer, compatible schema only objects that act by themselves count.
// Changes nothing.
func (s *Store) Schema(ctx context.Context) ([]SchemaFault, error) {
	have, want, err := s.engine.Objects(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", unavailable(err))
	}
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return differences(have, want, version > s.engine.Newest()), nil
}

// refuseForeign refuses to serve from a database whose objects may act on what is written.
func (s *Store) refuseForeign(ctx context.Context, o Options) error {
	if !o.Server || o.migrations != nil {
		return nil
	}
	faults, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(faults, func(f SchemaFault) bool { return !f.Harmless }); i >= 0 {
		return fmt.Errorf("%w：%s", ErrForeign, faults[i])
	}
	return nil
}

// schemaVersion is the number of the newest migration that the database has.
func (s *Store) schemaVersion(ctx context.Context) (version int64, err error) {
	err = s.view(ctx, func(t *handle) error {
		version, err = engine.Value[int64](t, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version")
		return err
	})
	return version, err
}

// object is an object of a schema.
type object struct{ schema.Object }

// key names an object.
func (o object) key() [3]string { return [3]string{o.Kind, o.Table, o.Name} }

// acts reports whether an object can do something to rows by itself.
func (o object) acts() bool {
	return o.Kind == "trigger" || o.Kind == "rule" || o.Kind == "policy" || o.Kind == "view" || o.Kind == "row security"
}

// maxSchemaFaults bounds the differences that are named.
const maxSchemaFaults = 100

// differences compares what is there with what there should be.
func differences(have, want []schema.Object, newer bool) (faults []SchemaFault) {
	expected := make(map[[3]string]string, len(want))
	for _, o := range want {
		expected[(object{o}).key()] = o.Text
	}
	for _, found := range have {
		o := object{found}
		text, known := expected[o.key()]
		delete(expected, o.key())
		switch {
		case !known && (o.acts() || !newer):
			faults = append(faults, o.fault(Foreign))
		case known && text != o.Text && !newer:
			faults = append(faults, o.fault(Altered))
		}
	}
	for _, wanted := range want {
		o := object{wanted}
		if _, missing := expected[o.key()]; missing && !newer {
			faults = append(faults, o.fault(Missing))
		}
	}
	return faults[:min(len(faults), maxSchemaFaults)]
}

func (o object) fault(state SchemaState) SchemaFault {
	harmless := o.Kind == "index" && !strings.HasPrefix(o.Text, "CREATE UNIQUE")
	return SchemaFault{Kind: o.Kind, Name: o.Name, Table: o.Table, State: state, Harmless: harmless}
}
