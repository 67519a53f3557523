package store

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/store/engine"
)

// registerTx reads the rows of snapshots of the register.
type registerTx struct{ *handle }

// rowsOf has f read the rows of a snapshot.
func (t registerTx) rowsOf(snapshot int64, f func(registerRows) error) error {
	err := t.store.engine.Register(t.Conn, snapshot, func(a engine.Asker, under int64) error {
		return f(registerRows{a, under})
	})
	if errors.Is(err, engine.ErrNoRegister) {
		return intake.ErrNotFound
	}
	return t.store.engine.Classify(err)
}

// HasRegister implements intake.RegisterTx.
func (t registerTx) HasRegister(snapshot int64) (bool, error) {
	err := t.rowsOf(snapshot, func(registerRows) error { return nil })
	if errors.Is(err, intake.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// FirmsByPripID implements intake.RegisterTx.
func (t registerTx) FirmsByPripID(snapshot int64, pripids []string) (found map[string][]register.Firm, err error) {
	found = make(map[string][]register.Firm, len(pripids))
	err = t.rowsOf(snapshot, func(r registerRows) error { return r.find(byPripID, pripids, found) })
	return found, err
}

// FirmsByCode implements intake.RegisterTx.
func (t registerTx) FirmsByCode(snapshot int64, codes []string) (found map[string][]register.Firm, err error) {
	found = make(map[string][]register.Firm, len(codes))
	err = t.rowsOf(snapshot, func(r registerRows) error { return r.findCodes(codes, found) })
	return found, err
}

// findCodes looks each code up as what its length lets it be, so that a credit code costs one seek.
func (r registerRows) findCodes(codes []string, found map[string][]register.Firm) error {
	if err := r.find(byUniscID, codes, found); err != nil {
		return err
	}
	var organisations, others []string
	for _, c := range codes {
		switch {
		case len(c) == 9:
			organisations, others = append(organisations, c), append(others, c)
		case len(c) != 18 || len(found[c]) == 0: // an extract may have a credit code in the column of the others
			others = append(others, c)
		}
	}
	if err := r.find(byOrganisation, organisations, found); err != nil {
		return err
	}
	return r.find(byRegNo, others, found)
}

// FirmsByLegal implements intake.RegisterTx.
func (t registerTx) FirmsByLegal(snapshot int64, legal string, after, n int) (firms []register.Firm, err error) {
	err = t.rowsOf(snapshot, func(r registerRows) error {
		firms, err = r.list(firmColumns+"WHERE f.snapshot = $1 AND f.legal_key = $2 AND f.legal_key <> '' "+
			"AND f.row_no > $3 ORDER BY f.row_no LIMIT $4", r.under, legal, after, n)
		return err
	})
	return firms, err
}

// Firm implements intake.RegisterTx.
func (t registerTx) Firm(snapshot int64, rowNo int) (f register.Firm, err error) {
	err = t.rowsOf(snapshot, func(r registerRows) error {
		f, err = one(r, scanFirm, firmColumns+"WHERE f.snapshot = $1 AND f.row_no = $2", r.under, rowNo)
		return err
	})
	return f, err
}

// destOf is where the values of firmValues go.
func destOf(f *register.Firm) []any {
	return []any{&f.RowNo, &f.PripID, &f.UniscID, &f.RegNo, &f.Name, &f.Legal, &f.EntType, &f.State, &f.StateText,
		&f.Organ, &f.Founded, &f.Approved}
}

// registerRows are the rows of one snapshot.
type registerRows struct {
	engine.Asker
	under int64
}

const (
	firmValues = "f.row_no, f.pripid, f.uniscid, f.regno, f.name, f.legal, f.enttype, f.state, f.state_text, " +
		"f.organ, f.founded, f.approved "
	firmColumns = "SELECT " + firmValues + "FROM register_firm f "
)

func scanFirm(scan func(...any) error) (f register.Firm, err error) {
	err = scan(destOf(&f)...)
	return f, err
}

func (r registerRows) list(query string, args ...any) ([]register.Firm, error) {
	return engine.List(r, scanFirm, query, args...)
}

// Conditions on a firm by a value, each of which an index answers.
const (
	byPripID       = "f.pripid <> '' AND f.pripid = "
	byUniscID      = "f.uniscid <> '' AND f.uniscid = "
	byRegNo        = "f.regno <> '' AND f.regno = "
	byOrganisation = "length(f.uniscid) = 18 AND substr(f.uniscid, 9, 9) = "
)

// valuesJoined joins values with firms, and has SQLite begin with the values.
var valuesJoined = "FROM (VALUES (" + strings.ReplaceAll(parameters(1, holdingValues), ", ", "), (") +
	")) n CROSS JOIN register_firm f WHERE f.snapshot = " + parameters(holdingValues+1, 1) + " AND "

// mostFound is how many rows are read for holdingValues values at once. Where there are more, some value is shared by
// many, and each is looked up alone.
const mostFound = 4 * holdingValues

// find adds the firms that values lead to by a condition, in order of row, each once.
func (r registerRows) find(by string, values []string, found map[string][]register.Firm) error {
	for chunk := range slices.Chunk(slices.Sorted(slices.Values(values)), holdingValues) { // neighbours share pages
		all, err := r.together(by, chunk)
		if err == nil && len(all) == mostFound {
			all, err = r.oneByOne(by, chunk)
		}
		if err != nil {
			return err
		}
		for _, h := range all {
			found[h.value] = addFirm(found[h.value], h.Firm)
		}
	}
	return nil
}

// addFirm adds a firm to those that share a code.
func addFirm(firms []register.Firm, f register.Firm) []register.Firm {
	at, there := slices.BinarySearchFunc(firms, f.RowNo, func(x register.Firm, rowNo int) int {
		return cmp.Compare(x.RowNo, rowNo)
	})
	if there {
		return firms
	}
	firms = slices.Insert(firms, at, f)
	return firms[:min(len(firms), intake.MostSharing)]
}

// hit is a firm with the value that led to it.
type hit struct {
	value string
	register.Firm
}

// together looks up several values by one statement.
func (r registerRows) together(by string, values []string) ([]hit, error) {
	args := make([]any, holdingValues+2)
	for i, v := range values {
		args[i] = v
	}
	args[holdingValues], args[holdingValues+1] = r.under, mostFound
	return engine.List(r, func(scan func(...any) error) (h hit, err error) {
		err = scan(append([]any{&h.value}, destOf(&h.Firm)...)...)
		return h, err
	}, "SELECT n.column1, "+firmValues+valuesJoined+by+"n.column1 LIMIT "+parameters(holdingValues+2, 1), args...)
}

// oneByOne looks up each value by a statement of its own.
func (r registerRows) oneByOne(by string, values []string) (all []hit, err error) {
	for _, v := range values {
		firms, err := r.list(firmColumns+"WHERE f.snapshot = $1 AND "+by+"$2 ORDER BY f.row_no LIMIT $3", r.under, v,
			intake.MostSharing)
		if err != nil {
			return nil, err
		}
		for _, f := range firms {
			all = append(all, hit{v, f})
		}
	}
	return all, nil
}
