package evidence

import (
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/evidence/merkle"
)

// Proved is what a receipt proves under a policy.
type Proved struct {
	Kind       Kind
	Index      int64
	Checkpoint Checkpoint
	Signed     Signatures
	Case       *CaseLeaf // of a receipt of an acceptance
	Event      *EventLeaf
	Texts      *TextsRow // shown, and proved to be of this case
	Firms      []FirmRow
	Body       *Digests // of the body as sent, opened; nil: not shown
	Values     *Hex
	Salt       *Salt // of the case, where the receipt has it
	Events     []EventLeaf
	Details    map[int64]TextOfEvent // texts of events, opened
	Existed    *Existed              `json:",omitzero"` // by time-stamps, where there are any: see Stamps
}

// Existed says since when a checkpoint existed at the latest, by the first time-stamp of it.
type Existed struct {
	At       time.Time
	By       string // the authority
	Renewals int    // later stamps that cover it
	Renewed  time.Time
	Until    time.Time // the certificate of the last
}

// Fault is a part of a receipt that does not hold.
type Fault struct {
	Part Part
	Err  error
}

// Part is a part of a receipt.
type Part int

// The parts, in the order in which they are verified.
const (
	PartCheckpoint Part = iota + 1 // its signatures
	PartLeaf                       // is not in the tree
	PartForm                       // the leaf can't be read
	PartShown                      // something shown isn't what the leaf commits to
)

func (f *Fault) Error() string { return fmt.Sprintf("part %d: %v", f.Part, f.Err) }
func (f *Fault) Unwrap() error { return f.Err }

// Verify verifies a receipt. The error is a *Fault, and then nothing is proved.
func (p Policy) Verify(r Receipt) (v Proved, err error) {
	c, signed, err := p.Open(r.Note)
	if err != nil {
		return v, &Fault{PartCheckpoint, err}
	}
	v, err = r.Against(c)
	v.Signed = signed
	return v, err
}

// Against is what a receipt proves to those who trust the checkpoint in it, without its signatures. The error is a
// *Fault, and then nothing is proved.
func (r Receipt) Against(c Checkpoint) (v Proved, err error) {
	v.Checkpoint = c
	v.Index = r.Index
	if err := Included(v.Checkpoint, r.Leaf, r.Index, r.Path); err != nil {
		return v, &Fault{PartLeaf, err}
	}
	if err := v.read(r.Leaf); err != nil {
		return v, &Fault{PartForm, err}
	}
	if err := v.open(r.Show); err != nil {
		return v, &Fault{PartShown, err}
	}
	return v, nil
}

// Included fails unless a leaf is at index of the log of a checkpoint, in both trees.
func Included(c Checkpoint, leaf []byte, index int64, path []merkle.Pair) error {
	for _, s := range merkle.Suites() {
		err := merkle.VerifyInclusion(s, index, c.Size, s.Leaf(leaf), merkle.Slices(s, path), c.Roots[s])
		if err != nil {
			return fmt.Errorf("%v: %w", s, err)
		}
	}
	return nil
}

// read reads the leaf.
func (v *Proved) read(leaf []byte) (err error) {
	if v.Kind, err = KindOf(leaf); err != nil {
		return err
	}
	switch v.Kind {
	case KindCase:
		v.Case = new(CaseLeaf)
		return decode(leaf, v.Case)
	case KindEvent:
		v.Event = new(EventLeaf)
		return decode(leaf, v.Event)
	}
	return fmt.Errorf("a leaf of kind %q has no receipt", v.Kind)
}

var errNotCommitted = errors.New("is not what the leaf commits to")

// open checks all that is shown.
func (v *Proved) open(s Shown) error {
	if v.Case == nil {
		if s.CaseSalt != nil || len(s.Rows)+len(s.Events) > 0 {
			return errors.New("a step on a case shows parts of a case")
		}
		return v.openDetails(s.Details, []EventLeaf{*v.Event})
	}
	return errors.Join(v.openBody(s), v.openRows(s.Rows), v.openEvents(s.Events), v.openDetails(s.Details, v.Events))
}

func (v *Proved) openBody(s Shown) error {
	if s.CaseSalt == nil {
		if s.Body != nil || s.Values != nil {
			return errors.New("a hash of the body is shown without its salt")
		}
		return nil
	}
	salt := Salt(*s.CaseSalt)
	v.Salt, v.Body, v.Values = &salt, s.Body, s.Values
	if s.Body != nil && salt.CommitPair(s.Body.Pair()) != v.Case.Body {
		return fmt.Errorf("the hash of the body %w", errNotCommitted)
	}
	if s.Values != nil && Hex(salt.Commit(merkle.SHA256, merkle.Hash(*s.Values))) != v.Case.Values {
		return fmt.Errorf("the digest of the values %w", errNotCommitted)
	}
	return nil
}

func (v *Proved) openRows(rows []RowShown) error {
	for _, r := range rows {
		path, err := join(r.SHA256, r.SM3)
		if err != nil {
			return err
		}
		c := Checkpoint{Size: int64(v.Case.Items) + 1, Roots: v.Case.Rows.Pair()}
		if err := Included(c, r.Row, RowIndex(r.No, v.Case.Items), path); err != nil {
			return fmt.Errorf("row %d %w: %w", r.No, errNotCommitted, err)
		}
		if err := v.readRow(r); err != nil {
			return fmt.Errorf("row %d: %w", r.No, err)
		}
	}
	return nil
}

func (v *Proved) readRow(r RowShown) error {
	if r.No == 0 {
		v.Texts = new(TextsRow)
		return errors.Join(decode(r.Row, v.Texts), v.own(v.Texts.AcceptID, v.Texts.Row, 0))
	}
	var f FirmRow
	err := decode(r.Row, &f)
	v.Firms = append(v.Firms, f)
	return errors.Join(err, v.own(f.AcceptID, f.Row, r.No))
}

// own fails for a row of another case, or of another number.
func (v *Proved) own(acceptID string, row, no int) error {
	if row != no || acceptID != v.Case.AcceptID {
		return errors.New("it is the row of another case, or has another number")
	}
	return nil
}

func (v *Proved) openEvents(all []EventShown) error {
	for _, e := range all {
		path, err := join(e.SHA256, e.SM3)
		if err != nil {
			return err
		}
		var leaf EventLeaf
		if err := errors.Join(Included(v.Checkpoint, e.Leaf, e.Index, path), decode(e.Leaf, &leaf)); err != nil {
			return fmt.Errorf("event at leaf %d: %w", e.Index, err)
		}
		if leaf.Kind != KindEvent || leaf.AcceptID != v.Case.AcceptID {
			return fmt.Errorf("event at leaf %d is of another case", e.Index)
		}
		v.Events = append(v.Events, leaf)
	}
	return nil
}

func (v *Proved) openDetails(texts []TextOfEvent, events []EventLeaf) error {
	v.Details = make(map[int64]TextOfEvent)
	for _, t := range texts {
		if !committed(t, events) {
			return fmt.Errorf("the text of event %d %w", t.No, errNotCommitted)
		}
		v.Details[t.No] = t
	}
	return nil
}

func committed(t TextOfEvent, events []EventLeaf) bool {
	for _, e := range events {
		if e.No == t.No {
			salt := Salt(t.Salt)
			return salt.CommitText(t.Text) == e.Detail && salt.CommitText(t.Reason) == e.Reason
		}
	}
	return false
}
