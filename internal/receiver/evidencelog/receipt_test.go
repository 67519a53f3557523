package evidencelog_test

import (
	"context"
	"errors"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// TestReceipt has cases accepted, signed and proved, on both engines: whole, one firm, with a later return.
func TestReceipt(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, place(t))
			var ids []string
			for i, id := range []string{"一号", "二号", "三号", "四号", "五号"} {
				ids = append(ids, o.send(id, receivertest.Entities(10*i, i*i+1)...))
				if i == 2 {
					o.sign()
				}
			}
			if _, err := o.log.Receipt(t.Context(), intake.Actor("cli:x"), ids[4],
				evidencelog.Content{}); !errors.Is(err, evidencelog.ErrNotYet) {
				t.Errorf("before it was signed: %v", err)
			}
			o.sign()
			for i, id := range ids {
				o.checkWhole(id, i*i+1)
			}
			o.checkFirm(ids[4], 12)
			o.checkReturn(ids[3])
		})
	}
}

func (o *office) checkWhole(id string, items int) {
	o.Helper()
	v, err := verifyFile(o.policy(), o.receipt(id, evidencelog.Content{Whole: true}))
	o.must(err)
	c := o.caseOf(id)
	if v.Case.AcceptID != id || v.Case.Items != items || v.Case.CaseID != c.CaseID ||
		v.Case.App != o.sender.App.AppKey ||
		v.Case.Account != c.Account || v.Case.Received != c.Received.UnixMilli() || v.Case.RequestID == "" ||
		v.Body.SHA256 != evidence.Hex(c.SHA256) || *v.Values != evidence.Hex(c.Digest) || len(v.Signed.By) != 2 {
		o.Errorf("proved %+v of case %+v", v.Case, c)
	}
}

// checkFirm proves one firm, and sees that nothing of the others is in the file, nor what opens them.
func (o *office) checkFirm(id string, row int) {
	o.Helper()
	file := o.receipt(id, evidencelog.Content{Rows: []int{row}})
	v, err := verifyFile(o.policy(), file)
	o.must(err)
	want := receivertest.Entities(40, 17)[row-1]
	if len(v.Firms) != 1 || v.Firms[0].UniscID != want.UniscID || v.Firms[0].Row != row || v.Texts.CaseID != "五号" {
		o.Errorf("proved %+v", v.Firms)
	}
	r, err := evidence.ParseReceipt(file)
	o.must(err)
	if r.Show.CaseSalt != nil || r.Show.Body != nil || len(r.Show.Rows) != 2 {
		o.Errorf("more is shown than one firm: %+v", r.Show)
	}
}

// checkReturn returns a case: the old receipt holds as before, a new one proves the return as well.
func (o *office) checkReturn(id string) {
	o.Helper()
	before := o.receipt(id, evidencelog.Content{Whole: true, Events: true})
	o.giveBack(id)
	o.sign()
	v, err := verifyFile(o.policy(), before)
	o.must(err)
	if len(v.Events) != 0 {
		o.Errorf("events before there were any: %+v", v.Events)
	}
	v, err = verifyFile(o.policy(), o.receipt(id, evidencelog.Content{Whole: true, Events: true, Texts: true}))
	o.must(err)
	last := v.Events[len(v.Events)-1]
	if last.Deed != string(intake.EventReturn) || v.Details[last.No].Reason != "法定代表人有误" {
		o.Errorf("proved %d events, the last %q, %q", len(v.Events), last.Deed, v.Details[last.No].Reason)
	}
	v, err = verifyFile(o.policy(), o.receipt(id, evidencelog.Content{Whole: true, Events: true}))
	o.must(err)
	if len(v.Events) == 0 || len(v.Details) > 0 {
		o.Errorf("the receipt for a sender has %d events and the deliberation %+v", len(v.Events), v.Details)
	}
}

func (o *office) caseOf(id string) (c intake.Case) {
	o.Helper()
	o.must(o.store.View(o.Context(), func(tx intake.Tx) (err error) {
		c, err = intake.CaseByAcceptID(tx, id)
		return err
	}))
	return c
}

// TestAlteredReceipts flips a bit of each byte of a receipt: each flip is noticed, at least as a signature by an
// unknown key.
func TestAlteredReceipts(t *testing.T) {
	o := openOffice(t, t.TempDir())
	id := o.send("一号", receivertest.Entities(0, 3)...)
	o.sign()
	file := o.receipt(id, evidencelog.Content{Whole: true, Rows: []int{2}})
	p := o.policy()
	was, err := verifyFile(p, file)
	o.must(err)
	passed := 0
	for at := range file {
		bit := byte(1) << (at % 8)
		file[at] ^= bit
		if v, err := verifyFile(p, file); err == nil && v.Signed.Unknown == was.Signed.Unknown {
			passed++
		}
		file[at] ^= bit
	}
	if passed > 0 {
		t.Errorf("%d altered files verify", passed)
	}
}

// TestUntrusted refuses a receipt under the keys of others.
func TestUntrusted(t *testing.T) {
	o := openOffice(t, t.TempDir())
	id := o.send("一号", receivertest.Entities(0, 1)...)
	o.sign()
	file := o.receipt(id, evidencelog.Content{})
	others := openOffice(t, t.TempDir())
	if _, err := verifyFile(others.policy(), file); !isFault(err, evidence.PartCheckpoint) {
		t.Errorf("under the keys of others: %v", err)
	}
	for _, vkey := range o.keys.VerifierKeys() {
		if _, err := verifyFile(o.policy(vkey), file); err != nil {
			t.Errorf("under one key of two: %v", err)
		}
	}
}

// TestTwoNodes signs with two nodes by turns and at the same moment: there is one log.
func TestTwoNodes(t *testing.T) {
	o := openOffice(t, t.TempDir())
	other := evidencelog.NewSigner(o.desk, nil, evidencelog.KeysOf(o.keys), evidencelog.NewMemory(t.TempDir()))
	var id string
	for i := range 20 {
		id = o.send(string(rune('一'+i))+"号", receivertest.Entities(i, 1)...)
		done := make(chan error)
		go func() { done <- other.Pass(context.Background()) }()
		o.sign()
		o.must(<-done)
	}
	if _, err := verifyFile(o.policy(), o.receipt(id, evidencelog.Content{})); err != nil {
		t.Error(err)
	}
}
