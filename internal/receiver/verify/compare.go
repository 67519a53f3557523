package verify

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// Acceptance is an accepted case as a list that is kept elsewhere names it.
type Acceptance struct {
	AcceptID string
	SHA256   [sha256.Size]byte // of the body as sent

	// The list may also have these; zero: it does not.
	Received time.Time // to the second, or to the millisecond
	AppKey   string
	Account  string
	CaseID   string
	State    string
	Revision *int
}

// Compare proves that each of these acceptances is in the store as it was accepted: there is a case with this acceptid,
// its record has this SHA-256, and the stored body has it too. report gets each one that is not. The error is that of
// reading the store. Changes nothing.
func (d *Examiner) Compare(ctx context.Context, by intake.By, as []Acceptance, report func(Fault)) error {
	return d.desk.Look(ctx, by, intake.Maintain, func(tx intake.Tx) error {
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

// differs names the first column in which the list differs from a case. A case that the list has as returned cannot
// have another state later.
func (a Acceptance) differs(c intake.Case) (what, want, have string) {
	switch {
	case !a.Received.IsZero() && !a.Received.Equal(c.Received) && !a.Received.Equal(c.Received.Truncate(time.Second)):
		return "受理时间", a.Received.In(beijingtime.Zone).
			Format(time.DateTime), c.Received.In(beijingtime.Zone).Format(time.DateTime)
	case a.AppKey != "" && a.AppKey != c.AppKey:
		return "报送应用", a.AppKey, c.AppKey
	case a.Account != "" && a.Account != c.Account:
		return "报送账户", a.Account, c.Account
	case a.CaseID != "" && a.CaseID != c.CaseID:
		return "案件编号", intake.Clip(a.CaseID, 60), intake.Clip(c.CaseID, 60)
	case a.Revision != nil && *a.Revision != c.Revision:
		return "报送次数", fmt.Sprint(*a.Revision), fmt.Sprint(c.Revision)
	case a.State == api.StateReturned && c.Returned.IsZero():
		return "状态", a.State, c.State()
	}
	return "", "", ""
}

// Listing is the set of cases that a list has, for Unlisted. The zero value is an empty list.
type Listing struct {
	cases  caseSet
	first  int64 // the lowest number
	last   int64
	caseID string // of all cases, while they have the same one
	many   bool
	days   map[appDay]bool
	newest string // the latest day
}

type appDay struct{ app, day string }

// Add adds the next acceptance of the list. It ignores one that does not name its app, because that proves nothing
// about missing cases.
func (l *Listing) Add(a Acceptance) {
	no, ok := acceptid.CaseNo(a.AcceptID)
	if !ok || a.AppKey == "" {
		return
	}
	if l.days == nil {
		l.days, l.first, l.caseID = map[appDay]bool{}, no, a.CaseID
	}
	l.cases.add(no)
	l.first, l.last = min(l.first, no), max(l.last, no)
	l.many = l.many || a.CaseID != l.caseID
	day := a.AcceptID[:8]
	l.days[appDay{a.AppKey, day}], l.newest = true, max(l.newest, day)
}

// Unlisted reports the stored cases that the list should have but has not: cases of an app and a day that are in the
// list, where the list was made later, because it has cases of a later day or with higher numbers. A list of one caseid
// proves nothing. Changes nothing.
func (d *Examiner) Unlisted(ctx context.Context, by intake.By, l *Listing, report func(Fault)) error {
	if !l.many {
		return nil
	}
	return d.desk.Look(ctx, by, intake.Maintain, func(tx intake.Tx) error {
		for k := range l.days {
			if err := l.unlisted(ctx, tx, k, report); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *Listing) unlisted(ctx context.Context, tx intake.Tx, k appDay, report func(Fault)) error {
	app, err := tx.AppByKey(k.app)
	if err != nil {
		return intake.IgnoreMissing(err) // its cases are reported as lost
	}
	day, err := time.ParseInLocation("20060102", k.day, beijingtime.Zone)
	if err != nil {
		return nil
	}
	for f := (intake.CaseFilter{
		AppID: app.ID,
		Since: day,
		Until: day.AddDate(0, 0, 1),
		After: l.first,
		Limit: 1000,
	}); ; {
		cs, err := tx.Cases(f)
		if err != nil || len(cs) == 0 {
			return errors.Join(err, ctx.Err())
		}
		for _, c := range cs {
			if f.After = c.No; !l.cases.has(c.No) && (k.day < l.newest || c.No < l.last) {
				report(faultOf(FaultList, c, "清单中没有这一件，而清单载有该应用当日的案件，并取于其后"))
			}
		}
	}
}

// compare returns a Fault without a text where all is well.
func compare(tx intake.Tx, a Acceptance) (Fault, error) {
	c, err := intake.CaseByAcceptID(tx, a.AcceptID)
	at := intake.Case{AcceptID: a.AcceptID, No: c.No}
	switch {
	case errors.Is(err, intake.ErrNotFound):
		return faultOf(FaultList, at, "清单中的这一件已丢失：没有该受理号"), nil
	case err != nil:
		return Fault{}, err
	case c.SHA256 != a.SHA256:
		return faultOf(FaultList, at, "清单中的这一件已改变：记录的SHA-256为%x，清单中为%x", c.SHA256, a.SHA256), nil
	}
	if what, want, have := a.differs(c); what != "" {
		return faultOf(FaultList, at, "清单中的这一件已改变：%s", what).of("", want, have), nil
	}
	got, err := storedSum(tx, c)
	switch {
	case errors.Is(err, intake.ErrDamaged):
		return faultOf(FaultList, at, "清单中的这一件正文已损坏：%v", err), nil
	case err != nil:
		return Fault{}, err
	case got != a.SHA256:
		return faultOf(FaultList, at, "清单中的这一件正文已改变：SHA-256为%x，清单中为%x", got, a.SHA256), nil
	}
	return Fault{}, nil
}

// storedSum is the SHA-256 of the body as it is stored now.
func storedSum(tx intake.Tx, c intake.Case) (sum [sha256.Size]byte, err error) {
	body, err := tx.OpenBody(c)
	if err != nil {
		return sum, err
	}
	defer body.Close()
	h := sha256.New()
	if _, err := io.Copy(h, body); errors.Is(err, intake.ErrUnavailable) {
		return sum, err
	} else if err != nil {
		return sum, fmt.Errorf("%w: %w", intake.ErrDamaged, err)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}
