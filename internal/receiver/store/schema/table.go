// Package schema is the registry of the tables, the same for every engine: of each its columns, its key and what its
// rows are. From it follows what a copy between engines moves, what a rebuild empties, what a backup leaves out, and
// what the role of a node may do (deploy/grants.sql).
//
// The decision you could not guess: the registry is written by hand beside the migrations, which stay what they are. A
// test holds it against the databases that the migrations of each engine make.
package schema

// Table is one table.
type Table struct {
	Name    string
	Columns []string // those of the primary key first
	Key     int      // how many columns the primary key has
	Kind    Kind
	Rights  Rights
	Engine  string // the only engine that has it; "": every one

	// The rest is what a copy has to know of a record.
	Numbered bool // the database numbers the rows by itself, in the first column
	Large    bool // a row holds up to half a MiB
	Seeded   bool // a new database has rows of it already
	InPlace  bool // that a row was changed shows neither in the number of rows nor in the last of them
}

// Kind says what the rows of a table are.
type Kind uint8

// The kinds.
const (
	// Record is what was received and decided. A copy moves it and a backup keeps it.
	Record Kind = iota + 1
	// Derived is made of records, and can be emptied and made anew.
	Derived
	// Passing ends with the database: sessions, links, what is counted for a while, and the rows of the register, which
	// its extract brings back. A copy and a dump leave it out.
	Passing
	// Own belongs to this one database: its schema, its state.
	Own
)

// Rights say what the role of a node may do with the rows of a table, on an engine that has roles.
type Rights uint8

// The rights.
const (
	Change Rights = iota // all
	Append               // read and insert
	Forget               // read, insert and delete: rows are never changed
	Read                 // read alone
)

// PrimaryKey are the columns of the primary key.
func (t Table) PrimaryKey() []string { return t.Columns[:t.Key] }

// Of lists the tables of a kind, in the order of All.
func Of(kind Kind) (found []Table) {
	for _, t := range All() {
		if t.Kind == kind {
			found = append(found, t)
		}
	}
	return found
}
