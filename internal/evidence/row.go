package evidence

import (
	"diaoxiao/api"
	"diaoxiao/internal/evidence/merkle"
)

// RowIndex is the place of a row in the tree of a case: the firms, numbered from 1, come first, and row 0, the texts of
// the case, is the last, because a body may have them after its list.
func RowIndex(row, items int) int64 {
	if row == 0 {
		return int64(items)
	}
	return int64(row) - 1
}

// TextsRow is row 0 of a case: what the case says about itself. It is shown with each firm.
type TextsRow struct {
	Salt             Hex    `json:"salt"`
	AcceptID         string `json:"acceptid"`
	Row              int    `json:"row"`
	CaseID           string `json:"caseid"`
	CaseName         string `json:"casename"`
	CaseIntroduction string `json:"caseintroduction"`
	Illegality       string `json:"illegality"`
	Penalty          string `json:"penalty"`
	PenaltyDate      string `json:"penaltydate"`
	PenaltyOrg       string `json:"penaltyorg"`
}

// NewTextsRow is row 0 of a case.
func NewTextsRow(salts RowSalts, acceptID string, c api.Case) TextsRow {
	return TextsRow{Hex(salts.Row(0)), acceptID, 0, c.CaseID, c.CaseName, c.CaseIntroduction, c.Illegality,
		c.Penalty, c.PenaltyDate, c.PenaltyOrg}
}

// FirmRow is a row of a case from 1 on: a firm of its list, as it was sent.
type FirmRow struct {
	Salt     Hex    `json:"salt"`
	AcceptID string `json:"acceptid"`
	Row      int    `json:"row"`
	PripID   string `json:"pripid"`
	UniscID  string `json:"uniscid"`
	Legal    string `json:"legal"`
	EntType  string `json:"enttype"`
}

// NewFirmRow is row n of a case.
func NewFirmRow(salts RowSalts, acceptID string, n int, e api.Entity) FirmRow {
	return FirmRow{Hex(salts.Row(n)), acceptID, n, e.PripID, e.UniscID, e.Legal, e.EntType}
}

// Rows makes the tree of a case, row by row in the order of RowIndex. The zero Rows has no row.
type Rows struct{ tree merkle.Tree }

// Add adds the next row and returns its hash.
func (r *Rows) Add(row any) (merkle.Pair, error) {
	b, err := Encode(row)
	if err != nil {
		return merkle.Pair{}, err
	}
	leaf := merkle.LeafPair(b)
	r.tree.Add(leaf)
	return leaf, nil
}

// Roots are the roots of the tree.
func (r *Rows) Roots() Digests { return NewDigests(r.tree.Root()) }
