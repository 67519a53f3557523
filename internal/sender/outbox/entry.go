package outbox

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"diaoxiao/api"
)

// State says where a case stands. The numbers are stored.
type State int

// The states.
const (
	Pending  State = iota + 1 // 待发送: recorded, never sent
	Sending                   // 发送中: may be on its way
	Accepted                  // 已受理: has an acceptid
	Refused                   // 被拒绝: the receiver said no, and has not got it
	Unknown                   // 结果未知: may be at the receiver; to be sent again as it is
	Returned                  // 已退回: was accepted, and an operator of the receiver gave it back
	Dropped                   // 已放弃: never sent, and will not be; never current
)

var stateWords = [...]string{"", "待发送", "发送中", "已受理", "被拒绝", "结果未知", "已退回", "已放弃"}

// String is the word that people read.
func (s State) String() string { return stateWords[s] }

// States lists the states.
func States() []State {
	return []State{Pending, Sending, Accepted, Refused, Unknown, Returned, Dropped}
}

// StateOf finds a state by its word.
func StateOf(word string) (State, bool) {
	for _, s := range States() {
		if s.String() == word {
			return s, true
		}
	}
	return 0, false
}

// Target is where cases go: the receiver's address and the app they are sent as. Together with the caseid it is a
// case's identity, because it is the receiver's (S17).
type Target struct{ URL, AppKey string }

// Canonical has one spelling for one receiver.
func (t Target) Canonical() Target {
	if u, err := url.Parse(t.URL); err == nil {
		u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
		if u.Scheme == "https" {
			u.Host = strings.TrimSuffix(u.Host, ":443")
		}
		if u.Scheme == "http" {
			u.Host = strings.TrimSuffix(u.Host, ":80")
		}
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		t.URL = u.String()
	}
	t.URL = strings.TrimRight(t.URL, "/")
	return t
}

// Source is the place a case was read from. Row counts from one; 0: the whole file.
type Source struct {
	File, Sheet string
	Row         int
}

// Entry is one case in the outbox.
type Entry struct {
	No int64
	Target
	CaseID, CaseName string
	Digest           api.Digest
	SHA256           [sha256.Size]byte // of the body as sent
	Bytes            int64             // of the body as sent
	Items            int
	Source
	Recorded   time.Time
	Superseded int64  // the entry that took its place, itself where it was dropped; 0: it is current
	Held       string // why it waits for consent, a line for each reason, in Chinese; "": it does not
	Origin     string // the URL it was recorded for where that was declared to be Target's since; else ""

	State
	// an attempt ended without an outcome, so the receiver may have the case even if another was refused
	Doubt   bool
	Tries   int       // attempts, as Attempts lists them
	Settled time.Time // when the last outcome was known; zero: none yet
	// Of the last answer:
	AcceptID, RequestID, Codes, Message string
	Account                             string // that it was accepted from; "": not recorded

	body, offset int64
}

// entryColumns are those of an Entry, in an outbox of the present version.
const (
	entryColumns  = entryColumns3 + `, e.account`
	entryColumns3 = entryColumns2 + `, e.held, COALESCE(o.url, '')`
)

const entryColumns2 = `e.no, t.url, t.app_key, e.caseid, e.casename, e.digest, e.sha256, e.bytes, e.items, e.body,
	e.body_offset,
	e.file, e.sheet, e.row, e.recorded_at, e.superseded, e.state, e.doubt, e.tries, e.settled_at, e.acceptid,
	e.request_id, e.codes, e.message`

const entryTables = " FROM entry e" + entryJoins

const (
	entryJoins  = entryJoins2 + "LEFT JOIN target o ON o.id = e.origin "
	entryJoins2 = " JOIN target t ON t.id = e.target "
)

// selectEntries begins a query for entries. One that is only read may be of a version before.
func (b *Outbox) selectEntries() string {
	if b.schema < withFolds {
		return "SELECT " + entryColumns2 + ", '', '', '' FROM entry e" + entryJoins2
	}
	if b.schema < withReceipts {
		return "SELECT " + entryColumns3 + ", ''" + entryTables
	}
	return "SELECT " + entryColumns + entryTables
}

func (e *Entry) scan(row interface{ Scan(...any) error }) error {
	var digest, sum []byte
	var recorded, settled int64
	err := row.Scan(
		&e.No, &e.URL, &e.AppKey, &e.CaseID, &e.CaseName, &digest, &sum, &e.Bytes, &e.Items, &e.body, &e.offset,
		&e.File, &e.Sheet, &e.Row, &recorded, &e.Superseded, &e.State, &e.Doubt, &e.Tries, &settled, &e.AcceptID,
		&e.RequestID, &e.Codes, &e.Message, &e.Held, &e.Origin, &e.Account,
	)
	if err != nil {
		return err
	}
	if copy(e.Digest[:], digest) != len(e.Digest) || copy(e.SHA256[:], sum) != len(e.SHA256) || e.State < Pending ||
		e.State > Dropped {
		return fmt.Errorf("%w：第%d条", ErrDamaged, e.No)
	}
	e.Recorded, e.Settled = fromMilli(recorded), fromMilli(settled)
	return nil
}

func fromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// Filter selects entries. Zero fields do not select.
type Filter struct {
	Target   Target
	CaseID   string
	AcceptID string
	States   []State
	History  bool // also those whose place another has taken
}

func (f Filter) where() (string, []any) {
	text, args := "WHERE e.no > ?", []any{}
	if !f.History {
		text += " AND e.superseded = 0"
	}
	if f.CaseID != "" {
		text, args = text+" AND e.caseid = ?", append(args, f.CaseID)
	}
	if f.AcceptID != "" {
		text, args = text+" AND e.acceptid = ? AND e.acceptid <> ''", append(args, f.AcceptID)
	}
	if f.Target != (Target{}) {
		t := f.Target.Canonical()
		text, args = text+" AND t.url = ? AND t.app_key = ?", append(args, t.URL, t.AppKey)
	}
	if len(f.States) > 0 {
		text += " AND e.state IN (?" + strings.Repeat(", ?", len(f.States)-1) + ")"
		for _, s := range f.States {
			args = append(args, s)
		}
	}
	return text + " ORDER BY e.no LIMIT ?", args
}

// pageSize is how many entries are read at once: each page is a snapshot of its own, so that a long look holds nothing
// up.
const pageSize = 500

// Entries calls each for every entry that f selects, in the order in which they were recorded. It ends with the error
// of each or of ctx.
func (b *Outbox) Entries(ctx context.Context, f Filter, each func(Entry) error) (err error) {
	f.Target, err = b.live(f.Target)
	if err != nil {
		return err
	}
	where, args := f.where()
	for after := int64(0); ; {
		page, err := b.page(ctx, b.selectEntries()+where, append(append([]any{after}, args...), pageSize)...)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := each(e); err != nil {
				return err
			}
			after = e.No
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

func (b *Outbox) page(ctx context.Context, query string, args ...any) ([]Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rows, err := b.db.Query(query, args...)
	if err != nil {
		return nil, err
	}
	return scanEntries(rows)
}

func scanEntries(rows *sql.Rows) (page []Entry, err error) {
	defer rows.Close()
	for rows.Next() {
		var e Entry
		if err := e.scan(rows); err != nil {
			return nil, err
		}
		page = append(page, e)
	}
	return page, rows.Err()
}

// Entry returns the entry no, or ErrNotFound.
func (b *Outbox) Entry(no int64) (e Entry, err error) {
	err = e.scan(b.db.QueryRow(b.selectEntries()+"WHERE e.no = ?", no))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return e, err
}

// Counts is how many current cases are in each state.
func (b *Outbox) Counts() (map[State]int, error) {
	rows, err := b.db.Query("SELECT state, COUNT(*) FROM entry WHERE superseded = 0 GROUP BY state")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := make(map[State]int)
	for rows.Next() {
		var s State
		var n int
		if err := rows.Scan(&s, &n); err != nil {
			return nil, err
		}
		counts[s] = n
	}
	return counts, rows.Err()
}
