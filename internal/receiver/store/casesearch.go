package store

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/receiver/intake"
)

// searchTx reads and writes searches of cases.
type searchTx struct{ *handle }

// start is from where a search reaches the cases of a state: the table that knows them, whose case numbers are in
// order.
type start struct {
	from  string // the table, with cases as c or without
	which string // of its rows
	no    string // the case number there
	date  string // penaltydate where it is in an index together with the number; "": it has to be sorted
}

// starts are those of all states. The worklist knows the penaltydate of what is to be published.
var starts = map[intake.CaseState]start{
	intake.AnyState: {"cases c", "1 = 1", "c.case_no", "c.penaltydate"},
	intake.StateUnverified: {"cases c LEFT JOIN verification v ON v.case_no = c.case_no", "v.case_no IS NULL",
		"c.case_no", ""},
	intake.StateSevere: {"(SELECT case_no FROM verification WHERE severe > 0 UNION " + severelyMarked + ") d",
		"1 = 1", "d.case_no", ""},
	intake.StateChecked:    {"case_work d", "d.checked_ms > 0", "d.case_no", ""},
	intake.StatePublished:  {"case_work d", "d.published <> ''", "d.case_no", ""},
	intake.StateReturned:   {"case_return d", "1 = 1", "d.case_no", ""},
	intake.StateToCheck:    worklisted(intake.ToCheck, "d.since = ''", ""), // which puts the numbers in order
	intake.StateToConfirm:  worklisted(intake.ToConfirm, "d.since = ''", ""),
	intake.StateAlarmed:    worklisted(intake.Alarmed, "d.since = ''", ""),
	intake.StateToRelease:  worklisted(intake.ToRelease, "d.since = ''", ""),
	intake.StateToPublish:  worklisted(intake.ToPublish, "1 = 1", "d.since"),
	intake.StateUnfinished: worklisted(intake.Unfinished, "1 = 1", "d.since"),
	intake.StateOverdue:    startOverdue,
	intake.StateSoon:       startSoon,
}

// severelyMarked are the cases of which a later one that is not returned says something severe.
const severelyMarked = `SELECT p.other_no FROM counterpart_case p LEFT JOIN case_return q ON q.case_no = p.case_no
	WHERE p.severe > 0 AND q.case_no IS NULL`

// startOverdue finds overdue cases by the penaltydate that the worklist knows: the cases themselves are not looked at.
var startOverdue = worklisted(intake.Unfinished, "d.since <= ?", "d.since")

// startSoon finds what is not overdue yet, in the same way.
var startSoon = worklisted(intake.Unfinished, "d.since > ? AND d.since <= ?", "d.since")

func worklisted(kind intake.WorklistKind, which, date string) start {
	return start{"docket d", fmt.Sprintf("d.kind = %d AND %s", kind, which), "d.case_no", date}
}

// Where there is no state to start from, a caseid or an app has an index.
var (
	// not in order of the table
	startCaseID  = start{"cases c", "c.app_id IN (SELECT app_id FROM app) AND c.caseid = ?", "c.case_no + 0", ""}
	startClaimed = start{"case_claim d", "d.claimed_by = ?", "d.case_no", ""}
	startApp     = start{"cases c", "c.app_id = ?", "c.case_no", ""}
	// startPart is the cases of which an end of the folded caseid begins with the part.
	startPart = start{"(SELECT DISTINCT " + partly + ") k", "1 = 1", "k.case_no", ""}
	// startItems and startSevere are all verified cases, in order of what their lists have.
	startItems  = start{"verification d", "1 = 1", "d.case_no", "d.items"}
	startSevere = start{"verification d", "1 = 1", "d.case_no", "d.severe"}
)

// partly selects the cases with a part of a folded caseid. Its parameters are the part and what comes after all texts
// that begin with it.
var partly = fmt.Sprintf("case_no FROM entity_key WHERE kind = %d AND value >= ? AND value < ?", intake.ByCaseIDEnd)

// afterPart is greater than every text that begins with the part.
func afterPart(part string) string { return part + string(utf8.MaxRune) }

func (s start) hasCases() bool { return strings.HasPrefix(s.from, "cases c") }

// begin adds where the search starts, and the cases only where they are looked at. CROSS JOIN has SQLite begin on the
// left.
func (w *statement) begin(s start, q intake.CaseQuery) {
	w.add("SELECT " + s.no + " AS case_no FROM ")
	w.table(s, q)
	if s.hasCases() || !siftsTexts(q) && !siftsTimes(q) && (q.Sort == intake.ByReceived || s.date != "" && s.sorts(q)) {
		w.add(" WHERE ")
	} else {
		w.add(" CROSS JOIN cases c WHERE c.case_no = " + s.no + " AND ")
	}
	w.which(s, q)
}

// table adds the table where the search starts.
func (w *statement) table(s start, q intake.CaseQuery) {
	if s == startPart {
		w.add(s.from, q.Part, afterPart(q.Part))
		return
	}
	w.add(s.from)
}

// which adds the rows of the table where the search starts.
func (w *statement) which(s start, q intake.CaseQuery) {
	w.add(s.which, s.args(q)...)
	if q.Part != "" && s != startPart {
		w.add(" AND "+s.no+" IN (SELECT "+partly+")", q.Part, afterPart(q.Part))
	}
	if q.Handler != "" {
		w.add(" AND "+s.no+handled, string(q.Handler), string(q.Handler))
	}
	if q.Rule != 0 {
		w.add(" AND EXISTS (SELECT 1 FROM finding f WHERE f.case_no = "+s.no+" AND f.rule = ?)", q.Rule)
	}
	if q.Claimer != "" && s != startClaimed {
		w.add(" AND "+s.no+" IN (SELECT k.case_no FROM case_claim k WHERE k.claimed_by = ?)", string(q.Claimer))
	}
}

// handled are the cases with which somebody did something, or that somebody has claimed.
const handled = " IN (SELECT e.case_no FROM case_event e WHERE e.actor = ? " +
	"UNION SELECT k.case_no FROM case_claim k WHERE k.claimed_by = ?)"

// sorts reports whether date is what the list is sorted by.
func (s start) sorts(q intake.CaseQuery) bool {
	return !q.Sort.Costly() || s == startItems || s == startSevere
}

// Conditions that a search checks in every case it visits, where it asks for any of them: texts, and times. There
// are no more texts than these, for each text is a prepared statement that is kept. Sums and concatenations keep an
// index from being taken that is not in the order of the list. Parts of texts are found by REPLACE, which has no
// letters of its own and minds case, whatever the engine.
const (
	siftTexts = ` AND (CAST(? AS BIGINT) = 0 OR c.app_id + 0 = ?) AND (CAST(? AS TEXT) = '' OR c.caseid || '' = ?)
	AND (CAST(? AS TEXT) = '' OR c.acceptid = ?) AND (CAST(? AS TEXT) = '' OR c.account = ?)
	AND (CAST(? AS TEXT) = '' OR REPLACE(c.casename, ?, '') <> c.casename)
		AND (CAST(? AS TEXT) = '' OR REPLACE(c.penaltyorg, ?, '') <> c.penaltyorg)
		AND (CAST(? AS TEXT) = '' OR c.penaltyorg = ?)`
	siftTimes = " AND c.received_ms + 0 >= ? AND c.received_ms + 0 < ? AND c.penaltydate || '' >= ? " +
		"AND c.penaltydate || '' <= ?"
)

func siftsTexts(q intake.CaseQuery) bool {
	return q.AppID != 0 || q.CaseID+q.AcceptID+q.Account+q.Name+q.Org+q.OrgIs != ""
}

func siftsTimes(q intake.CaseQuery) bool {
	return !q.ReceivedFrom.IsZero() || !q.ReceivedTo.IsZero() || q.PenaltyFrom != "" || to(q) != lastDay
}

func (w *statement) sift(q intake.CaseQuery) {
	if siftsTexts(q) {
		w.add(siftTexts, q.AppID, q.AppID, q.CaseID, q.CaseID, q.AcceptID, q.AcceptID, q.Account, q.Account, q.Name,
			q.Name, q.Org, q.Org, q.OrgIs, q.OrgIs)
	}
	if siftsTimes(q) {
		w.add(siftTimes, ms(q.ReceivedFrom), until(q), q.PenaltyFrom, to(q))
	}
}

// lastDay is after every penaltydate.
const lastDay = "9999-99-99"

func until(q intake.CaseQuery) int64 {
	if q.ReceivedTo.IsZero() {
		return math.MaxInt64
	}
	return ms(q.ReceivedTo)
}

// to is the last penaltydate.
func to(q intake.CaseQuery) string {
	if q.PenaltyTo != "" {
		return q.PenaltyTo
	}
	return lastDay
}

// SearchCases finds the numbers of a page in as few columns as it takes, then reads those rows.
func (t searchTx) SearchCases(q intake.CaseQuery) ([]intake.CaseRow, error) {
	s := startOf(q)
	low, high, err := t.numberRange(q)
	if err != nil || low > high {
		return nil, err
	}
	w := statement{}
	w.begin(s, q)
	w.sift(q)
	var order string
	if q.Sort.Costly() {
		order, err = t.costly(&w, s, q, low, high)
	} else {
		order = w.order(s, q, low, high)
	}
	if err != nil {
		return nil, err
	}
	w.add(" LIMIT ?", limit(q.Limit))
	return t.marked(caseRowColumns+"WHERE c.case_no IN ("+w.String()+") ORDER BY "+order, w.args...)
}

func startOf(q intake.CaseQuery) start {
	switch {
	case q.Indexed && q.Sort == intake.ByItems:
		return startItems
	case q.Indexed && q.Sort == intake.BySevere:
		return startSevere
	case q.State != intake.AnyState:
		return starts[q.State]
	case q.Claimer != "":
		return startClaimed
	case q.CaseID != "":
		return startCaseID
	case q.Part != "":
		return startPart
	case q.AppID != 0:
		return startApp
	}
	return starts[intake.AnyState]
}

// CountCases implements intake.SearchTx. Without a condition all cases are counted, which their smallest index does.
func (t searchTx) CountCases(q intake.CaseQuery, most int) (n int, more bool, err error) {
	q.Sort, q.Indexed = intake.ByReceived, false
	low, high, err := t.numberRange(q)
	if err != nil || low > high {
		return 0, false, err
	}
	s, sifts := startOf(q), siftsTexts(q) || siftsTimes(q)
	if s == starts[intake.AnyState] && !sifts && q.Handler == "" && q.Rule == 0 {
		err = t.Row([]any{&n}, "SELECT COUNT(*) FROM cases")
		return n, false, err
	}
	w := statement{}
	w.add("SELECT " + s.no + " AS case_no FROM ")
	w.table(s, q)
	w.add(" WHERE ")
	w.which(s, q)
	w.add(" AND "+s.no+" >= ? AND "+s.no+" <= ?", low, high)
	if sifts {
		w.add(" ORDER BY " + s.no + " DESC") // the newest are asked for most
	}
	w.add(" LIMIT ?", most+1)
	if err = t.Row([]any{&n}, "SELECT COUNT(*) FROM ("+w.String()+") AS n", w.args...); err != nil || !sifts {
		return min(n, most), n > most, err
	}
	more = n > most
	all := statement{}
	all.add("SELECT COUNT(*) FROM (")
	all.WriteString(w.String())
	all.args = append(all.args, w.args...)
	all.add(") AS n CROSS JOIN cases c WHERE c.case_no = n.case_no")
	all.sift(q)
	err = t.Row([]any{&n}, all.String(), all.args...)
	return n, more, err
}

func (s start) args(q intake.CaseQuery) []any {
	switch s {
	case startCaseID:
		return []any{q.CaseID}
	case startApp:
		return []any{q.AppID}
	case startClaimed:
		return []any{string(q.Claimer)}
	case startOverdue:
		return []any{q.DueBy}
	case startSoon:
		return []any{q.DueBy, q.SoonBy}
	}
	return nil
}

// numberRange is between which case numbers all that q selects lie: acceptids hold them, and they are nearly in order
// of time.
func (t searchTx) numberRange(q intake.CaseQuery) (low, high int64, err error) {
	if q.AcceptID != "" {
		no, ok := acceptid.CaseNo(q.AcceptID)
		if !ok {
			return 1, 0, nil
		}
		return no, no, nil
	}
	if q.State == intake.StateUnverified { // mostly there are none, which takes long to find out one by one
		var n int64
		if err := t.Row([]any{&n}, "SELECT (SELECT COUNT(*) FROM cases) - (SELECT COUNT(*) "+
			"FROM verification)"); err != nil || n == 0 {
			return 1, 0, err
		}
	}
	if q.ReceivedFrom.IsZero() && q.ReceivedTo.IsZero() {
		return 0, math.MaxInt64, nil
	}
	err = t.Row([]any{&low, &high}, "SELECT COALESCE(MIN(case_no), 1), COALESCE(MAX(case_no), 0) FROM cases "+
		"WHERE received_ms >= $1 AND received_ms < $2",
		ms(q.ReceivedFrom), until(q))
	return low, high, err
}

// statement is a query text that grows; its parameters are written ? and numbered as they come.
type statement struct {
	strings.Builder
	args []any
}

func (w *statement) add(text string, args ...any) {
	for i, part := range strings.Split(text, "?") {
		if i > 0 {
			w.args = append(w.args, args[i-1])
			fmt.Fprintf(w, "$%d", len(w.args))
		}
		w.WriteString(part)
	}
}

// order adds the order, and from where on; it returns the order of the rows themselves.
func (w *statement) order(s start, q intake.CaseQuery, low, high int64) string {
	direction := ""
	if q.Desc {
		direction = " DESC"
	}
	if q.Sort == intake.ByReceived {
		low, high = numbersAfter(q, low, high)
		w.add(" AND "+s.no+" >= ? AND "+s.no+" <= ? ORDER BY "+s.no+direction, low, high)
		return "c.case_no" + direction
	}
	date := s.date
	switch {
	case s.hasCases() && (date == "" || narrow(q)):
		date = "c.penaltydate || ''"
	case date == "":
		date = "c.penaltydate"
	}
	pair := "(" + date + ", " + s.no + ")"
	from, last := daysAfter(q)
	w.add(" AND "+s.no+" + 0 >= ? AND "+s.no+" + 0 <= ? AND "+pair+" > (?, ?) AND "+pair+" < (?, ?) "+
		"ORDER BY "+date+direction+", "+s.no+direction,
		low, high, from.PenaltyDate, from.No, last.PenaltyDate, last.No)
	return "c.penaltydate" + direction + ", c.case_no" + direction
}

// costlyValues are by what lists are sorted for which cases have no index: as it is written in the search, in the
// search by an index, and for the rows.
var costlyValues = map[intake.CaseSort][3]string{
	intake.ByItems: {"c.items + 0", "d.items", "c.items"},
	intake.BySevere: {"COALESCE((SELECT e.severe FROM verification e WHERE e.case_no = c.case_no), 0)", "d.severe",
		"COALESCE(v.severe, 0)"},
	intake.ByOrg: {"c.penaltyorg || ''", "", "c.penaltyorg"},
}

// costly adds an order without an index of cases, and from where on, as order does. The row that the page comes after
// is known by its number alone.
func (t searchTx) costly(w *statement, s start, q intake.CaseQuery, low, high int64) (string, error) {
	values := costlyValues[q.Sort]
	value, direction, beyond := values[0], "", ">"
	if q.Indexed {
		value = values[1]
	}
	if q.Desc {
		direction, beyond = " DESC", "<"
	}
	w.add(" AND "+s.no+" + 0 >= ? AND "+s.no+" + 0 <= ?", low, high)
	if q.After.No != 0 {
		after, err := t.valueOf(q)
		if err != nil {
			return "", err
		}
		w.add(" AND ("+value+", "+s.no+") "+beyond+" (?, ?)", after, q.After.No)
	}
	w.add(" ORDER BY " + value + direction + ", " + s.no + direction)
	return values[2] + direction + ", c.case_no" + direction, nil
}

// valueOf is by what the row is sorted that the page comes after.
func (t searchTx) valueOf(q intake.CaseQuery) (any, error) {
	var items, severe int64
	var org string
	err := t.Row([]any{&items, &severe, &org}, `SELECT c.items, COALESCE(v.severe, 0), c.penaltyorg FROM cases c
		LEFT JOIN verification v ON v.case_no = c.case_no WHERE c.case_no = $1`, q.After.No)
	switch q.Sort {
	case intake.ByItems:
		return items, notFound(err)
	case intake.BySevere:
		return severe, notFound(err)
	}
	return org, notFound(err)
}

// narrow: so few cases are likely to be left that going through all of them in order of the table, and sorting, is
// quicker than fetching each in order of its penaltydate.
func narrow(q intake.CaseQuery) bool {
	return q.AcceptID != "" || q.Account != "" || q.Name != "" || q.Org+q.OrgIs != "" || !q.ReceivedFrom.IsZero() ||
		!q.ReceivedTo.IsZero()
}

func numbersAfter(q intake.CaseQuery, low, high int64) (int64, int64) {
	switch {
	case q.After.No == 0:
	case q.Desc:
		high = min(high, q.After.No-1)
	default:
		low = max(low, q.After.No+1)
	}
	return low, high
}

// daysAfter is between which places the rows lie, neither included.
func daysAfter(q intake.CaseQuery) (from, last intake.CaseKey) {
	from, last = intake.CaseKey{PenaltyDate: q.PenaltyFrom}, intake.CaseKey{PenaltyDate: to(q), No: math.MaxInt64}
	switch {
	case q.After.No == 0:
	case q.Desc:
		last = q.After
	default:
		from = q.After
	}
	return from, last
}
