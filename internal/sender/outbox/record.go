package outbox

import (
	"crypto/sha256"
	"encoding/json"
	"errors"

	"diaoxiao/api"
	"diaoxiao/internal/bodies"
	"diaoxiao/internal/rules"
)

// Draft is a case to be recorded.
type Draft struct {
	CaseID, CaseName string
	Fold             string // rules.FoldCaseID of CaseID where the caller has it; else ""
	Digest           api.Digest
	Items            int
	Source
	Body *Body
	// Held says why the case has to wait for consent, a line for each reason; like is an earlier case whose caseid is
	// the same but for what no reader minds (rules.FoldCaseID), nil where there is none. nil, and "": it need not wait.
	Held func(like *Entry) string
}

// Verdict is what the outbox says to a draft.
type Verdict int

// The verdicts.
const (
	// ToSend: the case is in the outbox, now or from before, and is to be sent.
	ToSend Verdict = iota + 1
	// Done: these very values were accepted before; there is nothing to send.
	Done
	// Clash: other values under this caseid were accepted, or may have been, or stand earlier among the drafts. The
	// draft was not recorded.
	Clash
)

// Recorded is the answer to a draft: the verdict and the entry it is about, for Clash the one that stands in the way.
type Recorded struct {
	Verdict
	Entry
	Like *Entry // of ToSend: as Draft.Held has it
}

// Record decides on drafts and makes those that are to be sent durable, in one transaction; when it returns they are.
// Safe to repeat: the same values under the same caseid are one case (S17), which keeps the body that was recorded
// first. Other values take the place of a case that was never sent, was refused, or was returned; the entry replaced
// stays, marked. The text of Draft.Held of a case that is to be sent and that the receiver cannot have is durable with
// it: until Release nothing sends the case.
func (b *Outbox) Record(target Target, drafts []Draft) (out []Recorded, err error) {
	sums := make([][sha256.Size]byte, len(drafts))
	for i, d := range drafts {
		if sums[i], err = d.Body.end(); err != nil {
			return nil, err
		}
	}
	r := recorder{Outbox: b, target: target.Canonical(), at: b.now().UnixMilli()}
	r.makeRoom(drafts)
	err = b.update(func() error {
		if err := r.begin(drafts); err != nil {
			return err
		}
		for i, d := range drafts {
			if err := r.one(d, sums[i]); err != nil {
				return err
			}
		}
		return r.flush()
	})
	if err != nil {
		return nil, err
	}
	for _, d := range r.kept {
		d.kept = true
	}
	return r.out, nil
}

// recorder is one Record.
type recorder struct {
	*Outbox
	target   Target
	targetNo int64
	at       int64
	current  map[string]Entry   // by caseid
	alike    map[string][]Entry // the same, by the fold of the caseid
	folds    map[string]string  // of the caseids of drafts
	fresh    map[string]bool    // caseids recorded by this very transaction
	out      []Recorded
	rows     []Entry
	kept     []*Body
	pack     []byte
	packNo   int64
}

// makeRoom has nothing grow while the drafts are taken.
func (r *recorder) makeRoom(drafts []Draft) {
	small := 0
	for _, d := range drafts {
		small += len(d.Body.Small())
	}
	r.pack = make([]byte, 0, min(small, bodies.MaxPack))
	r.rows, r.out = make([]Entry, 0, len(drafts)), make([]Recorded, 0, len(drafts))
	r.kept = make([]*Body, 0, len(drafts))
}

// begin looks up what is there under the caseids of drafts.
func (r *recorder) begin(drafts []Draft) error {
	if err := r.findTarget(); err != nil {
		return err
	}
	folds := make([]string, len(drafts))
	r.folds = make(map[string]string, len(drafts))
	for i, d := range drafts {
		if folds[i] = d.Fold; d.Fold == "" {
			folds[i] = rules.FoldCaseID(d.CaseID)
		}
		r.folds[d.CaseID] = folds[i]
	}
	list, err := json.Marshal(folds)
	if err != nil {
		return err
	}
	rows, err := r.conn.Query(
		"SELECT "+entryColumns+entryTables+
			"WHERE e.superseded = 0 AND e.target = ? AND e.folded IN (SELECT value FROM json_each(?))",
		r.targetNo,
		string(list),
	)
	if err != nil {
		return err
	}
	there, err := scanEntries(rows)
	r.current, r.fresh = make(map[string]Entry, len(there)), make(map[string]bool)
	r.alike = make(map[string][]Entry, len(there))
	for _, e := range there {
		r.remember(e)
	}
	return err
}

func (r *recorder) findTarget() error {
	if _, err := r.conn.Exec(
		"INSERT OR IGNORE INTO target (url, app_key) VALUES (?, ?)",
		r.target.URL,
		r.target.AppKey,
	); err != nil {
		return err
	}
	return r.conn.Row(
		[]any{&r.targetNo, &r.target.URL},
		`SELECT t.id, t.url FROM target o JOIN target t ON t.id = CASE o.same_as WHEN 0 THEN o.id ELSE o.same_as END
		WHERE o.url = ? AND o.app_key = ?`,
		r.target.URL,
		r.target.AppKey,
	)
}

// fold is rules.FoldCaseID, which takes its time.
func (r *recorder) fold(caseID string) string {
	if f, ok := r.folds[caseID]; ok {
		return f
	}
	return rules.FoldCaseID(caseID)
}

// remember takes e for what stands under its caseid.
func (r *recorder) remember(e Entry) {
	fold := r.fold(e.CaseID)
	r.alike[fold] = append(r.alike[fold], e)
	r.current[e.CaseID] = e
}

// like is what stands under a caseid that no reader would take for another than id; one that was accepted before
// others.
func (r *recorder) like(id string) (found *Entry) {
	for _, e := range r.alike[r.fold(id)] {
		if e.CaseID != id && (found == nil || found.AcceptID == "" && e.AcceptID != "") {
			found = &e
		}
	}
	return found
}

// one decides on one draft.
func (r *recorder) one(d Draft, sum [sha256.Size]byte) error {
	prev, found := r.current[d.CaseID]
	v := decide(prev, found, d.Digest)
	if v == 0 && r.fresh[d.CaseID] {
		v = Clash
	}
	var like *Entry
	if v == 0 || v == ToSend {
		like = r.like(d.CaseID)
	}
	held := ""
	if d.Held != nil {
		held = d.Held(like)
	}
	if v == ToSend {
		return r.again(prev, held, like)
	}
	if v != 0 {
		r.out = append(r.out, Recorded{Verdict: v, Entry: prev})
		return nil
	}
	e, err := r.add(d, sum, held)
	if err != nil {
		return err
	}
	if found {
		err = r.supersede(prev, e.No)
	}
	r.remember(e)
	r.fresh[d.CaseID] = true
	r.out = append(r.out, Recorded{ToSend, e, like})
	return err
}

// again is one for a case that is there already. Anything that may be at the receiver is not held: its outcome has to
// be found.
func (r *recorder) again(e Entry, held string, like *Entry) (err error) {
	if e.Held != held && (e.State == Pending || e.State == Refused) {
		_, err = r.conn.Exec("UPDATE entry SET held = ? WHERE no = ?", held, e.No)
		e.Held = held
	}
	r.out = append(r.out, Recorded{ToSend, e, like})
	return err
}

// decide is the rule of Record for a draft with digest where prev stands under its caseid; 0: record it.
func decide(prev Entry, found bool, digest api.Digest) Verdict {
	same := found && prev.Digest == digest
	switch {
	case !found:
		return 0
	case same && (prev.State == Accepted || prev.State == Returned):
		return Done
	case same:
		return ToSend
	case prev.State == Accepted || prev.State == Sending || prev.State == Unknown:
		return Clash
	}
	return 0
}

// supersede marks prev as replaced. It comes before its successor is inserted: only one may be current.
func (r *recorder) supersede(prev Entry, by int64) error {
	n, err := r.conn.Exec("UPDATE entry SET superseded = ? WHERE no = ? AND superseded = 0", by, prev.No)
	if err == nil && n != 1 {
		err = errors.New("outbox: entry was replaced meanwhile")
	}
	return err
}

// add gives a draft its number and its body its place.
func (r *recorder) add(d Draft, sum [sha256.Size]byte, held string) (Entry, error) {
	r.lastNo++
	e := Entry{
		No:       r.lastNo,
		Target:   r.target,
		CaseID:   d.CaseID,
		CaseName: d.CaseName,
		Digest:   d.Digest,
		SHA256:   sum,
		Bytes:    d.Body.Size(),
		Items:    d.Items,
		Source:   d.Source,
		Recorded: fromMilli(r.at),
		State:    Pending,
		Held:     held,
	}
	r.kept = append(r.kept, d.Body)
	if d.Body.no != 0 {
		e.body = d.Body.no
		r.rows = append(r.rows, e)
		return e, r.finished(e.body)
	}
	if len(r.pack)+len(d.Body.Small()) > bodies.MaxPack {
		if err := r.finishPack(); err != nil {
			return e, err
		}
	}
	if r.packNo == 0 {
		r.lastBody++
		r.packNo = r.lastBody
	}
	e.body, e.offset = r.packNo, int64(len(r.pack))
	r.pack = append(r.pack, d.Body.Small()...)
	r.rows = append(r.rows, e)
	return e, nil
}

func (r *recorder) finishPack() error {
	if r.packNo == 0 {
		return nil
	}
	err := r.insertPart(r.packNo, 0, packer().EncodeAll(r.pack, nil))
	r.packNo, r.pack = 0, r.pack[:0]
	return err
}

// flush writes what was gathered.
func (r *recorder) flush() error {
	if err := r.finishPack(); err != nil {
		return err
	}
	return r.conn.Put("INSERT INTO entry (no, target, caseid, casename, digest, sha256, bytes, items, body, "+
		"body_offset, file, sheet, row, recorded_at, state, folded, held)",
		17, len(r.rows), func(i int, to []any) []any {
			e := r.rows[i]
			return append(
				to, e.No, r.targetNo, e.CaseID, e.CaseName, e.Digest[:], e.SHA256[:], e.Bytes, e.Items, e.body,
				e.offset, e.File, e.Sheet, e.Row, r.at, e.State, r.fold(e.CaseID), e.Held,
			)
		})
}
