package sandbox

import (
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/iso7064"
	"diaoxiao/internal/rules"
)

// BadRows tells which rows of Batch(seed, n) are bad: zero-based position to the number of a rule that the row raises.
// A row may raise others beside it. The rules of the 4xx group need the rows before it, the others nothing but the row.
func BadRows(n int) map[int]int {
	rows := make(map[int]int)
	for _, bad := range placeBad(n) {
		rows[bad.pos] = bad.rule
	}
	return rows
}

// badRow is one way of going wrong: spoil changes list[i].
type badRow struct {
	rule  int
	spoil func(d *draw, list []api.Entity, i int)
}

var badRows = []badRow{
	{rules.CreditCodeOuterCheck, wrongCheck},
	{rules.CreditCodeForm, lowerCase},
	{rules.CreditCodePersonID, personID},
	{rules.RegNo15, regNo},
	{rules.TwiceByCreditCode, twice},
	{rules.LegalIsCode, shifted},
	{rules.EntTypeName, typeName},
	{rules.EntTypeCategory, otherCategory},
	{rules.PripIDOtherCreditCode, otherFirm},
}

// placedRow is a bad row at its place.
type placedRow struct {
	pos int
	badRow
}

// placeBad spreads the bad rows evenly; a list of fewer than 100 has none. The row that stands neighbour rows above a
// bad one is always good.
func placeBad(n int) (placed []placedRow) {
	if n < 100 {
		return nil
	}
	for i, bad := range badRows {
		placed = append(placed, placedRow{n * (i + 1) / (len(badRows) + 1), bad})
	}
	return placed
}

// neighbour is how far above a row stands the one that it repeats.
const neighbour = 7

// regionOf is the region in a pripid that pripID made.
func regionOf(e api.Entity) string { return e.PripID[:6] }

func wrongCheck(_ *draw, list []api.Entity, i int) {
	code := list[i].UniscID
	wrong := "8"
	if code[17:] == wrong {
		wrong = "3"
	}
	list[i].UniscID = code[:17] + wrong
}

func lowerCase(d *draw, list []api.Entity, i int) {
	code := d.creditCode("91", regionOf(list[i]))
	for !strings.ContainsAny(code, "MLX") {
		code = d.creditCode("91", regionOf(list[i]))
	}
	list[i].UniscID, list[i].EntType = strings.ToLower(code), "1130"
}

// personID: no county has the number 99 and no sequence begins at 000, so that nobody can have been given this number.
func personID(_ *draw, list []api.Entity, i int) {
	for _, check := range digits + "X" {
		if id := "15019919000101000" + string(check); rules.ValidPersonID(id) {
			list[i].UniscID = id
		}
	}
}

func regNo(d *draw, list []api.Entity, i int) {
	no := regionOf(list[i]) + "0000" + d.chars(4, digits)
	list[i].UniscID, list[i].EntType = no+string(iso7064.Mod11_10(no)), "1130"
}

func twice(_ *draw, list []api.Entity, i int) { list[i] = list[i-neighbour] }

// shifted: the row's cells have moved one column on, as when a cell was inserted in a spreadsheet.
func shifted(_ *draw, list []api.Entity, i int) {
	e := list[i]
	list[i] = api.Entity{PripID: e.EntType, UniscID: e.PripID, Legal: e.UniscID, EntType: "苏日娜"}
}

func typeName(d *draw, list []api.Entity, i int) {
	list[i].UniscID, list[i].EntType = d.creditCode("91", regionOf(list[i])), "有限责任公司（自然人独资）"
}

func otherCategory(d *draw, list []api.Entity, i int) {
	list[i].UniscID, list[i].EntType = d.creditCode("91", regionOf(list[i])), "9500"
}

func otherFirm(_ *draw, list []api.Entity, i int) { list[i].PripID = list[i-neighbour].PripID }
