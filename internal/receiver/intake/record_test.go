package intake_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

// caseRow is the record of a case.
func (o *office) caseRow(t testing.TB, acceptID string) intake.Case {
	t.Helper()
	c, err := o.CaseFile(t.Context(), intake.System, acceptID)
	if err != nil {
		t.Fatal(err)
	}
	return c.Case
}

// The body comes back as it was sent, and decodes to the same values again, in any charset and of any size.
func TestDecode(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i, n := range []int{1, 5, 700, 3000} {
		for charset, e := range map[charset.Charset]encoding.Encoding{
			charset.UTF8:    nil,
			charset.GBK:     simplifiedchinese.GBK,
			charset.GB18030: simplifiedchinese.GB18030,
		} {
			c := sandbox.Batch(uint64(i), n)
			c.CaseID += string(charset)
			data := encode(t, c)
			if e != nil {
				var err error
				if data, err = e.NewEncoder().Bytes(data); err != nil {
					t.Fatal(err)
				}
			}
			r, err := o.Submit(t.Context(), b.who, o.submission(t, data, charset))
			if err != nil {
				t.Fatal(err)
			}
			row := o.caseRow(t, r.AcceptID)
			body, err := o.Body(t.Context(), intake.System, row)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s, %d entities: %d bytes came back of %d, %v", charset, n, len(got), len(data), err)
			}
			body.Close()
			next := 0
			got, err := o.Decode(t.Context(), intake.System, row, func(i int, e api.Entity) error {
				if i != next || e != c.PenaltyList[i] {
					t.Errorf("%s: entity %d at %d is %+v", charset, i, next, e)
				}
				next++
				return nil
			})
			if err != nil || next != n || got.Items != n || got.Case.CaseID != c.CaseID || got.Digest != row.Digest {
				t.Errorf("%s: %+v, %d entities, %v", charset, got, next, err)
			}
			if _, err := o.Decode(t.Context(), intake.System, row, nil); err != nil {
				t.Error(err)
			}
		}
	}
}

// An error of the callback ends the reading and is passed on, at any entity.
func TestDecodeStopped(t *testing.T) {
	o := openOffice(t)
	r := o.send(t, o.admit(t, "甲"), sandbox.Batch(1, 3000))
	row, enough := o.caseRow(t, r.AcceptID), errors.New("enough")
	for _, last := range []int{0, 1, 1500, 2999} {
		seen := 0
		_, err := o.Decode(t.Context(), intake.System, row, func(i int, _ api.Entity) error {
			if seen++; i == last {
				return enough
			}
			return nil
		})
		if err != enough || seen != last+1 {
			t.Errorf("stopped at %d: %v after %d", last, err, seen)
		}
	}
}

// damage is the ways in which a stored body can be other than the one recorded. The first case is small, the second
// large.
var damage = map[string]string{
	"pack gone":         "DELETE FROM pack",
	"pack cut":          "UPDATE pack SET data = substr(data, 1, length(data) - 20)",
	"pack empty":        "UPDATE pack SET data = x''",
	"pack noise":        "UPDATE pack SET data = randomblob(length(data))",
	"pack of another":   "UPDATE cases SET pack_no = 77 WHERE case_no = 1",
	"offset":            "UPDATE cases SET pack_offset = pack_offset + 1 WHERE case_no = 1",
	"offset past":       "UPDATE cases SET pack_offset = 1000000 WHERE case_no = 1",
	"offset below":      "UPDATE cases SET pack_offset = -5 WHERE case_no = 1",
	"length":            "UPDATE cases SET bytes = bytes - 1 WHERE case_no = 1",
	"length below":      "UPDATE cases SET bytes = -1 WHERE case_no = 1",
	"hash":              "UPDATE cases SET sha256 = zeroblob(32) WHERE case_no = 1",
	"digest":            "UPDATE cases SET digest = zeroblob(32) WHERE case_no = 1",
	"items":             "UPDATE cases SET items = items + 1 WHERE case_no = 1",
	"fewer items":       "UPDATE cases SET items = items - 1 WHERE case_no = 1",
	"charset":           "UPDATE cases SET charset = 'gbk' WHERE case_no = 1",
	"part gone":         "DELETE FROM body_part WHERE part_no = 1",
	"all parts gone":    "DELETE FROM body_part",
	"last part gone":    "DELETE FROM body_part WHERE part_no = (SELECT MAX(part_no) FROM body_part)",
	"part noise":        "UPDATE body_part SET data = randomblob(length(data)) WHERE part_no = 1",
	"part cut":          "UPDATE body_part SET data = substr(data, 1, 1000) WHERE part_no = 1",
	"parts exchanged":   "UPDATE body_part SET part_no = CASE part_no WHEN 0 THEN 1000 WHEN 1 THEN 0 ELSE part_no END",
	"large one's hash":  "UPDATE cases SET sha256 = zeroblob(32) WHERE case_no = 2",
	"large one's bytes": "UPDATE cases SET bytes = bytes + 1 WHERE case_no = 2",
	"small for large":   "UPDATE cases SET pack_no = 1, pack_offset = 0 WHERE case_no = 2",
}

// damagedOffice has a small case, a large one and another small one, in this order; change is done to it while it is
// closed.
func damagedOffice(t *testing.T, change string) (o *office, acceptIDs []string) {
	t.Helper()
	o = openOffice(t)
	b := o.admit(t, "甲")
	var large []api.Entity // which cannot be compressed well, so that it takes several parts
	noise := rand.NewChaCha8([32]byte{1})
	text := func(n int) string {
		b := make([]byte, n)
		noise.Read(b)
		return hex.EncodeToString(b)
	}
	for range 1300 {
		large = append(large, api.Entity{PripID: text(32), UniscID: text(32), Legal: text(100), EntType: text(50)})
	}
	for _, c := range []api.Case{
		caseOf("a", entities(0, 5)...),
		caseOf("b", large...),
		caseOf("c", entity(1), entity(7000)),
	} {
		acceptIDs = append(acceptIDs, o.send(t, b, c).AcceptID)
	}
	o.store.Close()
	o.tamper(t, change)
	o.open(t)
	return o, acceptIDs
}

// A body that is not the one recorded is noticed wherever it is read again, raises its finding, and stops nobody
// else's.
func TestDamagedBody(t *testing.T) {
	for i, what := range slices.Sorted(maps.Keys(damage)) {
		if leftOut(i) {
			continue
		}
		t.Run(what, func(t *testing.T) {
			o, ids := damagedOffice(t, damage[what])
			o.verify(t)
			damaged := 0
			for i, id := range ids {
				row := o.caseRow(t, id)
				if row.Verified.IsZero() {
					t.Errorf("case %d was not verified", i+1)
				}
				_, err := o.Decode(t.Context(), intake.System, row, nil)
				if err != nil && !errors.Is(err, intake.ErrDamaged) {
					t.Errorf("case %d: %v", i+1, err)
				}
				raised := false
				for _, f := range o.found(t, id) {
					raised = raised || f.Rule == rules.BodyDamaged && f.Pos == -1
				}
				if (err != nil) != raised {
					t.Errorf("case %d: %v, finding raised: %t", i+1, err, raised)
				}
				if raised {
					damaged++
				}
			}
			faults, n := o.inspect(t)
			if damaged == 0 || len(faults) < damaged || n.Cases != 3 {
				t.Errorf("%d damaged, %+v: %v", damaged, n, faults)
			}
		})
	}
}

// A store that fails or is closed while a body is read says nothing of the body.
func TestUnavailableIsNotDamaged(t *testing.T) {
	o := openOffice(t)
	r := o.send(t, o.admit(t, "甲"), sandbox.Batch(1, 60_000))
	row := o.caseRow(t, r.AcceptID)
	_, err := o.Decode(t.Context(), intake.System, row, func(i int, _ api.Entity) error {
		if i == 0 {
			o.store.Close()
		}
		return nil
	})
	if !errors.Is(err, intake.ErrUnavailable) || errors.Is(err, intake.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}
