package intake

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

// Acceptance is what a list kept elsewhere says was accepted.
type Acceptance struct {
	AcceptID string
	SHA256   [sha256.Size]byte // of the body as sent
}

// Compare proves that every one of these acceptances is in the store as it was accepted: a case with this acceptid, this
// SHA-256 recorded of it, and a stored body that has it. report gets each that is not. The error is that of reading the store.
// Changes nothing.
func (d *Desk) Compare(ctx context.Context, as []Acceptance, report func(Fault)) error {
	return d.store.View(ctx, func(tx Tx) error {
		for _, a := range as {
			if err := ctx.Err(); err != nil {
				return err
			}
			f, err := compare(tx, a)
			if err != nil {
				return fmt.Errorf("%s: %w", a.AcceptID, err)
			}
			if f.What != "" {
				report(f)
			}
		}
		return nil
	})
}

// compare returns a Fault of no text where all is well.
func compare(tx Tx, a Acceptance) (Fault, error) {
	c, err := caseByAcceptID(tx, a.AcceptID)
	switch {
	case errors.Is(err, ErrNotFound):
		return Fault{AcceptID: a.AcceptID, What: "清单中的这一件已丢失：没有该受理号"}, nil
	case err != nil:
		return Fault{}, err
	case c.SHA256 != a.SHA256:
		return Fault{a.AcceptID, c.No, fmt.Sprintf("清单中的这一件已改变：记录的SHA-256为%x，清单中为%x", c.SHA256, a.SHA256)}, nil
	}
	got, err := storedSum(tx, c)
	switch {
	case errors.Is(err, ErrDamaged):
		return Fault{a.AcceptID, c.No, fmt.Sprintf("清单中的这一件正文已损坏：%v", err)}, nil
	case err != nil:
		return Fault{}, err
	case got != a.SHA256:
		return Fault{a.AcceptID, c.No, fmt.Sprintf("清单中的这一件正文已改变：SHA-256为%x，清单中为%x", got, a.SHA256)}, nil
	}
	return Fault{}, nil
}

// storedSum is the SHA-256 of the body as it is stored now.
func storedSum(tx Tx, c Case) (sum [sha256.Size]byte, err error) {
	body, err := tx.OpenBody(c)
	if err != nil {
		return sum, err
	}
	defer body.Close()
	h := sha256.New()
	if _, err := io.Copy(h, body); errors.Is(err, ErrUnavailable) {
		return sum, err
	} else if err != nil {
		return sum, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}
