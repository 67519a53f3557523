// Package receipt fetches the receipts (受理回执) of accepted cases, verifies them by a trust policy, holds them against
// the bodies in the outbox, and keeps them there.
//
// The decision you could not guess: it works after the cases were sent, never between them. A case is accepted whether
// or not there is a receipt, and what could not be fetched is fetched by a later run.
package receipt

import (
	"fmt"
	"io"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/sender/outbox"
)

// Mismatch is a receipt that holds, but is of something else than what was sent.
type Mismatch struct {
	Field        Field
	Proved, Sent string
}

// Field is what a receipt proves of a case, as a sender knows it too.
type Field int

// The fields, in the order in which they are compared.
const (
	Kind     Field = iota + 1 // a receipt of an acceptance, with the hashes of the body
	AcceptID                  // 业务受理号
	CaseID                    // 案件编号
	App                       // appKey
	Account                   // the account that sent it
	Bytes                     // length of the body
	SHA256                    // of the body
	SM3                       // of the body
)

// Error is for logs; people are told by the field.
func (m *Mismatch) Error() string {
	return fmt.Sprintf("the receipt is of another case or body: field %d is %s, sent was %s", m.Field, m.Proved, m.Sent)
}

// Check verifies the file of a receipt by a policy and holds it against a case of the outbox and its body, which it
// reads to the end. Nil: the receiver has accepted just this body, under this acceptid, from this account. An
// *evidence.Fault or evidence.ErrReceipt: it is no receipt under the policy. A *Mismatch: it is one of something else.
// Any other error is that of the body.
func Check(p evidence.Policy, file []byte, e outbox.Entry, body io.Reader) error {
	r, err := evidence.ParseReceipt(file)
	if err != nil {
		return err
	}
	v, err := p.Verify(r)
	if err != nil {
		return err
	}
	if v.Case == nil || v.Body == nil {
		return &Mismatch{Kind, "", ""}
	}
	sm3 := merkle.SM3.New()
	if _, err := io.Copy(sm3, body); err != nil {
		return err
	}
	for _, f := range []struct {
		field        Field
		proved, sent any
	}{
		{AcceptID, v.Case.AcceptID, e.AcceptID},
		{CaseID, v.Case.CaseID, e.CaseID},
		{App, v.Case.App, e.AppKey},
		{Account, v.Case.Account, knownOr(e.Account, v.Case.Account)},
		{Bytes, v.Case.Bytes, e.Bytes},
		{SHA256, text(v.Body.SHA256), text(evidence.Hex(e.SHA256))},
		{SM3, text(v.Body.SM3), text(evidence.Hex(sm3.Sum(nil)))},
	} {
		if f.proved != f.sent {
			return &Mismatch{f.field, fmt.Sprint(f.proved), fmt.Sprint(f.sent)}
		}
	}
	return nil
}

// knownOr is the account that a case was accepted from, or any where an older version did not record it.
func knownOr(account, other string) string {
	if account == "" {
		return other
	}
	return account
}

func text(h evidence.Hex) string { return fmt.Sprintf("%x", h[:]) }
