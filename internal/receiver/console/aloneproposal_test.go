package console_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// waits reports whether nothing is decided on a case, and its proposal still waits.
func (h *house) waits(id string) bool {
	h.Helper()
	f, err := h.CaseFile(h.Context(), intake.Actor("cli:test"), id)
	h.must(err)
	return f.Waiting != 0 && f.Returned.IsZero() && f.Firms.Released+f.Firms.Withheld == 0
}

// become gives an operator a role or the identifier of another, behind the desk's back, and begins a new visit.
func (h *house) become(name string, change func(tx intake.Tx, o *intake.Operator) error) *visitor {
	h.Helper()
	h.must(h.store.Update(h.Context(), func(tx intake.Tx) error {
		o, err := tx.Operator(name)
		if err != nil {
			return err
		}
		return errors.Join(change(tx, &o), tx.UpdateOperator(o))
	}))
	h.wait(time.Minute)
	v := h.stranger()
	v.token = h.letIn(name)
	v.present()
	return v
}

func (h *house) asRole(name string, role intake.Role) *visitor {
	return h.become(name, func(_ intake.Tx, o *intake.Operator) error { o.Role = role; return nil })
}

// holderOf is an account that belongs to the person of another.
func (h *house) holderOf(name, other string) *visitor {
	return h.become(name, func(tx intake.Tx, o *intake.Operator) error {
		real, err := tx.Operator(other)
		o.Identity = real.Identity
		return err
	})
}

// No form gets a proposal through by one person, or by what another page showed; each way leaves the proposals waiting.
// The same forms by a second person then decide, once.
func TestNoFormDecidesAlone(t *testing.T) {
	r := openRegulator(t)
	b := r.admit("甲局")
	one, other := b.send(aCase("案1")), b.send(aCase("案2"))
	r.verify()
	for _, id := range []string{one, other} {
		r.clerk.propose("/cases/"+id, "return", "text", "报错")
	}
	p := r.reviewer.proposalOf("/cases/" + one)
	shown, wrong := shownFor(r.reviewer.see(p)), shownFor(r.reviewer.see(r.reviewer.proposalOf("/cases/"+other)))
	no := strings.TrimPrefix(p, "/proposals/")
	agree := form("choice", "agree", "sure", "1", "shown", shown)
	many := form("choice", "agree", "sure", "1", "no", no, "shown."+no, shown)
	r.longKnown("clerk")
	r.enter(intake.Reviewer, "twin")
	gone := r.enter(intake.Reviewer, "gone")
	r.admin.post("/operators/standing", "name", "gone", "to", "disabled")
	by := func(v *visitor, path string, f map[string][]string) func() answer {
		return func() answer { return v.do("POST", path, f) }
	}
	for _, way := range []struct {
		name string
		do   func() answer
		says string // part of the page, or where it leads
	}{
		{"the form by the one who proposed", by(r.clerk, p+"/decide", agree), "没有"},
		{"by several, by the one", by(r.clerk, "/proposals/decide", many), "没有"},
		{"in a second visit", by(r.asRole("clerk", intake.Clerk), p+"/decide", agree), "没有"},
		{"by another account of the one", by(r.holderOf("twin", "clerk"), p+"/decide", agree), "同一人"},
		{"by several, by that account", by(r.holderOf("twin", "clerk"), "/proposals/decide", many), "同一人"},
		{"by an administrator", by(r.admin, p+"/decide", agree), "没有"},
		{"by an auditor", by(r.auditor, p+"/decide", agree), "没有"},
		{"by a disabled account", by(gone, p+"/decide", agree), "登录已失效"},
		{"with what another proposal shows", by(r.reviewer, p+"/decide",
			form("choice", "agree", "sure", "1", "shown", wrong)), "变化"},
		{"by several, with what another shows", by(r.reviewer, "/proposals/decide",
			form("choice", "agree", "sure", "1", "no", no, "shown."+no, wrong)), "逐件打开"},
		{"by several, without its own", by(r.reviewer, "/proposals/decide",
			form("choice", "agree", "sure", "1", "no", no, "shown", shown)), "逐件打开"},
		{"of no proposal", by(r.reviewer, "/proposals/99/decide", agree), "没有"},
		{"with a role that came later", func() answer {
			return r.asRole("clerk", intake.Reviewer).do("POST", p+"/decide", agree)
		}, "同一人"},
	} {
		a := way.do()
		if !strings.Contains(text(a.Body)+a.Location, way.says) || strings.HasPrefix(a.Location, "/proposals/") {
			t.Errorf("%s: %d %s %s", way.name, a.Status, a.Location, text(a.Body))
		}
		if !r.waits(one) || !r.waits(other) {
			t.Fatalf("%s: it is decided", way.name)
		}
	}
	r.onceOnly(p, agree, one, other)
}

// onceOnly has a second person decide by the form, and sends the form again.
func (r *regulator) onceOnly(path string, agree map[string][]string, one, other string) {
	r.Helper()
	if a := r.reviewer.do("POST", path+"/decide", agree); a.Status != 303 || r.waits(one) || !r.waits(other) {
		r.Errorf("by a second person: %d %s", a.Status, text(a.Body))
	}
	events := func() string {
		f, err := r.CaseFile(r.Context(), intake.Actor("cli:test"), one)
		r.must(err)
		return fmt.Sprint(f.Events)
	}
	was := events()
	if a := r.reviewer.do("POST", path+"/decide", agree); a.Status == 303 || !strings.Contains(text(a.Body), "已") ||
		events() != was {
		r.Errorf("the form again: %d %s", a.Status, text(a.Body))
	}
}
