package intake_test

import (
	"context"
	"errors"
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
)

// between is a store that lets something happen before each transaction that writes: after a long list was read, and
// before it is decided on.
type between struct {
	intake.Store
	happens func()
}

func (b *between) Update(ctx context.Context, f func(intake.Tx) error) error {
	b.happens()
	return b.Store.Update(ctx, f)
}

// longOf is one firm more than is read within the transaction that decides.
const longOf = 2001

// A long list is read before the transaction that decides on it. That transaction sees each change since: a decision on
// firms of which something new is known is refused, any other is made after the list was read anew, and one that never
// comes to rest is given up.
func TestLongListChangesBetween(t *testing.T) {
	var o *office
	var b *bureau
	var id string
	note := func(int) { must(t, o.AddNote(t.Context(), clerk, id, "备注")) }
	once := func(f func(int)) func(int) {
		return func(n int) {
			if n == 1 {
				f(n)
			}
		}
	}
	for name, c := range map[string]struct {
		happens func(n int)
		granted bool
	}{
		"nothing":           {func(int) {}, true},
		"a note, once":      {once(note), true},
		"a note, each time": {note, false},
		"a later case contradicts a firm": {once(func(int) {
			e := entity(1500)
			e.UniscID = entity(longOf + 5).UniscID
			o.send(t, b, caseOf("later", e))
			o.verify(t)
		}), false},
		"the register says something else": {once(func(int) {
			firms := firmsOf(entities(0, longOf)...)
			firms[1700].State = register.Deregistered
			newRegister(t, o.store, "2026-03-19", firms...)
			o.verify(t)
		}), false},
		"a new register is not compared with yet": {once(func(int) {
			newRegister(t, o.store, "2026-03-19", firmsOf(entities(0, longOf)...)...)
		}), true},
		"another person decides on it": {once(func(int) {
			must(t, o.RefuseProposal(t.Context(), intake.Actor("console:c"), 1, "再看"))
		}), false},
		"the case is checked": {once(func(int) {
			must(t, o.Check(t.Context(), clerk, id, "", nil))
		}), true},
	} {
		t.Run(name, func(t *testing.T) {
			o = openOffice(t)
			b = o.admit(t, "甲")
			newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, longOf)...)...)
			id = o.send(t, b, caseOf("1", entities(0, longOf)...)).AcceptID
			o.verify(t)
			no := o.propose(t, clerk, casework.Draft{AcceptID: id, Kind: release.Release, Ready: true})
			p, err := o.ProposalFile(t.Context(), reviewer, no)
			must(t, err)
			n := 0
			slow := receivertest.Decide(intake.NewDesk(intake.Config{Clock: o.now, Store: &between{o.store, func() {
				n++
				c.happens(n)
			}}}))
			err = slow.ConfirmProposal(t.Context(), reviewer, no, p.Now)
			if n == 0 || (err == nil) != c.granted || err != nil && !errors.Is(err, intake.ErrExists) {
				t.Errorf("after %d changes: %v", n, err)
			}
			want := 0
			if c.granted {
				want = longOf
			}
			if got := o.caseFile(t, id).Firms.Released; got != want {
				t.Errorf("%d are released, not %d", got, want)
			}
		})
	}
}
