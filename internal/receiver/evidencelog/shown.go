package evidencelog

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// showEvents adds the steps on a case, where they are asked for.
func (t tip) showEvents(m maker, c intake.Case, content Content, r *evidence.Receipt) error {
	if !content.Events {
		return nil
	}
	events, err := t.tx.CaseEvents(c.No)
	for _, e := range events {
		if e.No > t.last.Upto.Events {
			break
		}
		if err := t.showEvent(m, c, e, content, &r.Show); err != nil {
			return fmt.Errorf("event %d: %w", e.No, err)
		}
	}
	return err
}

// showRows adds the rows that are asked for, with the texts of the case, and the hashes of the body. It returns what it
// read: a large body is read once.
func (m maker) showRows(c intake.Case, content Content, s *evidence.Shown) (read caseRead, err error) {
	for _, n := range content.Rows {
		if n < 1 || n > c.Items {
			return read, fmt.Errorf("firm %d of %d: %w", n, c.Items, intake.ErrNotFound)
		}
	}
	var leaves []merkle.Pair
	wanted := make(map[int]any)
	read, err = m.readCase(c, func(row any, leaf merkle.Pair) {
		leaves = append(leaves, leaf)
		if content.unhurried && len(leaves)%rowsAtOnce == 0 {
			time.Sleep(breath)
		}
		if n := rowNo(row); n == 0 || slices.Contains(content.Rows, n) {
			wanted[n] = row
		}
	})
	if err != nil {
		return read, err
	}
	if len(leaves) != c.Items+1 {
		return read, fmt.Errorf("case %s has %d firms of %d: %w", c.AcceptID, len(leaves)-1, c.Items, ErrAltered)
	}
	for _, n := range append([]int{0}, content.Rows...) {
		row, err := rowShown(wanted[n], n, leaves)
		if err != nil {
			return read, err
		}
		s.Rows = append(s.Rows, row)
	}
	if content.Whole {
		salt, body, values := evidence.Hex(m.salt.Case(c.AcceptID)), evidence.NewDigests(read.sums),
			evidence.Hex(read.decoded.Digest)
		s.CaseSalt, s.Body, s.Values = &salt, &body, &values
	}
	return read, nil
}

// An unhurried receipt rests after some rows. Without that its goroutine, busy for half a second, makes cases wait
// several milliseconds for a processor where there are two.
const (
	rowsAtOnce = 128
	breath     = 200 * time.Microsecond
)

// opens says whether what was written at a step is shown.
func (c Content) opens(e intake.CaseEvent) bool {
	return c.Texts && (c.Whole || slices.ContainsFunc(c.Rows, func(n int) bool {
		return string(e.Rows) == strconv.Itoa(n)
	}))
}

// rowNo is the number of a row.
func rowNo(row any) int {
	if f, ok := row.(evidence.FirmRow); ok {
		return f.Row
	}
	return 0
}

func rowShown(row any, n int, leaves []merkle.Pair) (r evidence.RowShown, err error) {
	r.No = n
	path := merkle.PathOf(leaves, int(evidence.RowIndex(n, len(leaves)-1)))
	r.SHA256, r.SM3 = evidence.Split(path)
	b, err := evidence.Encode(row)
	r.Row = b
	return r, err
}

// showEvent adds an event with its path, and its texts where they are shown.
func (t tip) showEvent(m maker, c intake.Case, e intake.CaseEvent, content Content, to *evidence.Shown) error {
	batch, before, err := t.batchOf(0, e.No)
	if err != nil {
		return err
	}
	leaf, err := evidence.Encode(m.eventLeaf(batch, e))
	if err != nil {
		return err
	}
	s := evidence.EventShown{Leaf: leaf, Index: before.Size + batch.indexOfEvent(e.No)}
	path, err := t.path(leaf, s.Index)
	if err != nil {
		return err
	}
	s.SHA256, s.SM3 = evidence.Split(path)
	to.Events = append(to.Events, s)
	if content.opens(e) {
		to.Details = append(to.Details, evidence.TextOfEvent{No: e.No, Text: e.Detail,
			Salt: evidence.Hex(m.salt.Case(c.AcceptID).Event(e.No)), Reason: batch.proposed[e.ProposalNo].Reason})
	}
	return nil
}
