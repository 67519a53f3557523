package intake_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/intake"
)

// modelWork is the state of one case in the model.
type modelWork struct {
	id, caseID               string
	known, bad               bool // verified; with a warning
	returned, asked, checked bool
	released                 bool
	behind                   bool // checked before the warning was found
	askedBy                  intake.Actor
	published                string
	events                   int
}

// settled: nothing but a decision on the return, or notes, is left to do.
func (m *modelWork) settled() bool { return m.returned || m.asked }

// worklist is which worklist rows there should be.
func (m *modelWork) worklist() (kinds []string) {
	if m.returned {
		return nil
	}
	if m.known && !m.released && (m.bad && (!m.checked || m.behind)) {
		kinds = append(kinds, "1")
	}
	if m.known && m.published == "" {
		kinds = append(kinds, "7 2026-03-16")
	}
	if m.released && m.published == "" {
		kinds = append(kinds, "2 2026-03-16")
	}
	if m.known && !m.released && m.checked && !(m.bad && m.behind) {
		kinds = append(kinds, "6") // without a register, nothing but a check of the case makes its firms ready
	}
	if m.asked {
		kinds = append(kinds, "3")
	}
	return kinds
}

// Whatever operators and the verifier do, in any order: a refused step changes nothing, each step that succeeds leaves
// one event and one entry of the audit, and the worklist follows from it all.
func TestWorkAgainstModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := openOffice(t)
		defer o.store.Close()
		sender := o.admit(t, "甲")
		var cases []*modelWork
		audited, again := 1, 0
		one := func(rt *rapid.T) *modelWork {
			if len(cases) == 0 {
				rt.Skip("no case")
			}
			return rapid.SampledFrom(cases).Draw(rt, "case")
		}
		who := func(rt *rapid.T) intake.Actor {
			return rapid.SampledFrom([]intake.Actor{"console:a", "console:b"}).Draw(rt, "who")
		}
		did := func(rt *rapid.T, m *modelWork, err error, may bool) bool {
			if (err == nil) != may {
				rt.Fatalf("%v; allowed: %t; %+v", err, may, m)
			}
			if may {
				m.events++
				audited++
			}
			return may
		}
		ctx := t.Context()
		rt.Repeat(map[string]func(*rapid.T){
			"send": func(rt *rapid.T) {
				list := entities(20*len(cases), 20*len(cases)+2)
				bad := rapid.Bool().Draw(rt, "bad")
				if bad {
					list[1].UniscID = list[1].UniscID[:17] + "?"
				}
				m := &modelWork{caseID: fmt.Sprint("案", len(cases)), bad: bad}
				m.id = o.send(t, sender, caseOf(m.caseID, list...)).AcceptID
				cases = append(cases, m)
			},
			"verify": func(rt *rapid.T) {
				o.verify(t)
				for _, m := range cases {
					m.known = true
				}
			},
			"more is found": func(rt *rapid.T) { // as by a rule that came after the check
				m := one(rt)
				if !m.bad || !m.checked {
					rt.Skip("nothing was known")
				}
				o.tamper(t, "UPDATE case_work SET severe = 0, doubts = 0 WHERE case_no = (SELECT case_no FROM cases "+
					"WHERE acceptid = '"+m.id+"')")
				o.reverify(t)
				audited++
				m.behind = true
				for _, m := range cases {
					m.known = true
				}
			},
			"note": func(rt *rapid.T) { m := one(rt); did(rt, m, o.AddNote(ctx, who(rt), m.id, "电话核实"), true) },
			"check": func(rt *rapid.T) {
				m := one(rt)
				if did(
					rt,
					m,
					o.Check(ctx, who(rt), m.id, "", nil),
					m.known && !m.settled() && (!m.checked || m.behind),
				) {
					m.checked, m.behind = true, false
				}
			},
			"reopen": func(rt *rapid.T) {
				m := one(rt)
				if did(rt, m, o.Reopen(ctx, who(rt), m.id, "再看"), m.checked && !m.settled()) {
					m.checked, m.behind = false, false
				}
			},
			"publish": func(rt *rapid.T) {
				m := one(rt)
				day := rapid.SampledFrom([]string{
					"2026-03-15", "2026-03-16", "2026-03-20", "2026-03-21", "2026-3-20", "",
				}).Draw(rt, "day")
				right := day == "2026-03-16" || day == "2026-03-20" // neither before the decision nor after today
				if did(
					rt,
					m,
					o.Publish(ctx, who(rt), m.id, day),
					right && m.released && m.published == "" && !m.settled(),
				) {
					m.published = day
				}
			},
			"release": func(rt *rapid.T) {
				m := one(rt)
				if did(rt, m, o.Release(ctx, m.id), m.known && !m.released && !m.settled()) {
					m.released = true
					m.events, audited = m.events+1, audited+1 // asked for, and agreed to
				}
			},
			"unpublish": func(rt *rapid.T) {
				m := one(rt)
				if did(rt, m, o.Unpublish(ctx, who(rt), m.id, "处罚决定撤销"), m.published != "" && !m.settled()) {
					m.published = ""
				}
			},
			"ask": func(rt *rapid.T) {
				m, by := one(rt), who(rt)
				if did(rt, m, o.AskReturn(ctx, by, m.id, "报错主体", ""), m.published == "" && !m.settled()) {
					m.asked, m.askedBy = true, by
				}
			},
			"withdraw": func(rt *rapid.T) {
				m, by := one(rt), who(rt)
				if did(rt, m, o.WithdrawReturn(ctx, by, m.id), m.asked && m.askedBy == by) {
					m.asked = false
				}
			},
			"refuse": func(rt *rapid.T) {
				m, by := one(rt), who(rt)
				if did(rt, m, o.RefuseReturn(ctx, by, m.id, "主体无误"), m.asked && m.askedBy != by) {
					m.asked = false
				}
			},
			"confirm": func(rt *rapid.T) {
				m, by := one(rt), who(rt)
				if did(rt, m, o.ConfirmReturn(ctx, by, m.id), m.asked && m.askedBy != by) {
					m.asked, m.returned = false, true
				}
			},
			"return": func(rt *rapid.T) {
				m := one(rt)
				if did(rt, m, o.ReturnCase(ctx, m.id, "重报"), m.published == "" && !m.settled()) {
					m.returned = true
					m.events, audited = m.events+1, audited+1 // asked for, and agreed to
				}
			},
			"send again": func(rt *rapid.T) {
				m := one(rt)
				latest := m
				for _, n := range cases {
					if n.caseID == m.caseID {
						latest = n
					}
				}
				again++
				r, err := o.Submit(
					ctx,
					sender.who,
					o.submission(t, encode(t, caseOf(m.caseID, entity(100_000+again))), charset.UTF8),
				)
				if (err == nil) != latest.returned {
					rt.Fatalf("sent again: %v; %+v", err, latest)
				}
				if err == nil {
					cases = append(cases, &modelWork{id: r.AcceptID, caseID: m.caseID})
				}
			},
			"rebuild": func(rt *rapid.T) {
				if err := o.Rebuild(ctx, intake.Actor("cli:root")); err != nil {
					rt.Fatal(err)
				}
				o.verify(t)
				audited++
				for _, m := range cases {
					m.known = true
				}
			},
			"": func(rt *rapid.T) { o.holdWork(t, rt, cases, audited) },
		})
	})
}

func (o *office) reverify(t testing.TB) {
	t.Helper()
	if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
		t.Fatal(err)
	}
	o.verify(t)
}

// holdWork holds every case and the worklist against the model.
func (o *office) holdWork(t *testing.T, rt *rapid.T, cases []*modelWork, audited int) {
	var want []string
	for i, m := range cases {
		f, err := o.CaseFile(t.Context(), intake.Actor("cli:x"), m.id)
		if err != nil {
			rt.Fatal(err)
		}
		w := f.Work
		if len(f.Events) != m.events || w.Published != m.published || !w.Checked.IsZero() != m.checked ||
			len(f.Waits) > 0 != m.asked ||
			!f.Returned.IsZero() != m.returned || f.Return.At != f.Returned || m.asked && f.Waits[0].By != m.askedBy {
			rt.Fatalf("%+v, want %+v", f, m)
		}
		for _, kind := range m.worklist() {
			want = append(want, fmt.Sprint(kind, " ", i+1))
		}
	}
	slices.Sort(want)
	got := o.query(t, "SELECT TRIM(kind || ' ' || since) || ' ' || case_no FROM docket ORDER BY 1")
	slices.Sort(got)
	if !slices.Equal(got, want) {
		rt.Fatalf("worklist %q, want %q", got, want)
	}
	if es, err := o.EntriesAfter(t.Context(), intake.System, 0, 10_000); err != nil || len(es) != audited {
		rt.Fatalf("%d entries of the audit, want %d; %v", len(es), audited, err)
	}
}

// A return takes two people; then the sender may send the caseid again, and everybody can see the history.
func TestReturnByTwo(t *testing.T) {
	o := openOffice(t)
	ctx, sender := t.Context(), o.admit(t, "甲")
	a, b := intake.Actor("console:a"), intake.Actor("console:b")
	first := o.send(t, sender, caseOf("案1", entity(1)))
	fails := func(what string, err, want error, words string) {
		t.Helper()
		if !errors.Is(err, want) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %v %q", what, err, want, words)
		}
	}
	fails("none asked", o.ConfirmReturn(ctx, b, first.AcceptID), intake.ErrInvalid, "没有待复核的退回申请")
	fails("no reason", o.AskReturn(ctx, a, first.AcceptID, " \n", ""), intake.ErrInvalid, "须写明退回理由")
	fails("control characters", o.AskReturn(ctx, a, first.AcceptID, "a\x00", ""), intake.ErrInvalid, "不含控制字符")
	fails("no case", o.AskReturn(ctx, a, "202603200000000011", "由", ""), intake.ErrNotFound, "受理号")
	o.wait(time.Minute)
	if err := o.AskReturn(ctx, a, first.AcceptID, "报错主体", ""); err != nil {
		t.Fatal(err)
	}
	fails("twice", o.AskReturn(ctx, b, first.AcceptID, "同上", ""), intake.ErrExists, "案件已申请退回，等待复核")
	fails("published meanwhile", o.Publish(ctx, b, first.AcceptID, "2026-03-20"), intake.ErrExists, "等待复核")
	fails("by the same", o.ConfirmReturn(ctx, a, first.AcceptID), intake.ErrSamePerson, "同一人")
	fails("withdrawn by another", o.WithdrawReturn(ctx, b, first.AcceptID), intake.ErrForbidden, "只有申请人")
	o.wait(time.Minute)
	if err := o.ConfirmReturn(ctx, b, first.AcceptID); err != nil {
		t.Fatal(err)
	}
	fails("worked on", o.Check(ctx, a, first.AcceptID, "", nil), intake.ErrInvalid, "尚未核验")
	o.verify(t)
	fails("worked on", o.Check(ctx, a, first.AcceptID, "", nil), intake.ErrExists, "案件已退回，只能添加备注")
	if c, err := o.Status(ctx, sender.who, api.QueryRequest{CaseID: "案1"}); err != nil || c.State() != "已退回" {
		t.Errorf("%+v, %v", c, err)
	}
	if again := o.send(t, sender, caseOf("案1", entity(2))); again.Outcome != intake.Accepted ||
		again.AcceptID == first.AcceptID {
		t.Errorf("sent again: %+v", again)
	}
	f, err := o.CaseFile(ctx, a, first.AcceptID)
	if err != nil || len(f.Events) != 2 || f.Return.Reason != "报错主体" || f.Return.By != b ||
		!f.Return.At.Equal(opening.Add(2*time.Minute)) {
		t.Errorf("%+v, %v", f, err)
	}
	as, err := o.AttemptsOf(ctx, a, first.AcceptID)
	if err != nil || len(as) != 2 || as[0].CaseNo != 1 || as[1].CaseNo != 2 {
		t.Errorf("%+v, %v", as, err)
	}
	holdClean(t, o)
}
