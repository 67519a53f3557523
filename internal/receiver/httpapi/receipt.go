package httpapi

import (
	"errors"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
)

// receipt answers the extension of S26.
func (d *door) receipt(e *exchange) api.Answer {
	in, who, a, ok := ask(d, e, api.ReadReceipt)
	if !ok {
		return a
	}
	file, a, ok := d.makeReceipt(e, who, in.AcceptID)
	if !ok {
		return a
	}
	e.rec.AcceptID = in.AcceptID
	return api.Answer{AcceptID: in.AcceptID, Receipt: string(file)}
}

// makeReceipt makes a receipt in one of the slots for that, which is free again before the answer is sent: a receipt
// needs the processor, its reader only patience.
func (d *door) makeReceipt(e *exchange, who intake.Caller, acceptID string) (file []byte, a api.Answer, ok bool) {
	done := peer.Waiting(e.r)
	on, p := d.receipts.take(who.AppID, slotTimeout, func() {})
	done()
	if p != nil {
		return nil, api.Answer{Problems: []api.Problem{*p}}, false
	}
	defer on.release()
	r, err := evidencelog.New(d.Desk).OwnReceipt(e.ctx(), who, acceptID)
	if err == nil {
		file, err = r.Marshal()
	}
	if err != nil {
		return nil, e.fail(receiptRefusal(err)), false
	}
	return file, a, true
}

// receiptRefusal is what is told of an error of the evidence log.
func receiptRefusal(err error) error {
	code := api.NoReceiptYet
	switch {
	case errors.Is(err, evidencelog.ErrNoLog):
		code = api.NoEvidenceLog
	case !errors.Is(err, evidencelog.ErrNotYet):
		return err
	}
	return &api.Refusal{Problems: []api.Problem{{Code: code}}}
}
