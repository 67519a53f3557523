package intake_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// hitsOf writes where hits are: case by its caseid, and position.
func hitsOf(hits []casework.EntityHit) string {
	var where []string
	for _, h := range hits {
		where = append(where, fmt.Sprintf("%s/%d", h.Case.CaseID, h.Pos))
	}
	return strings.Join(where, " ")
}

func TestSearchEntities(t *testing.T) {
	o := openOffice(t)
	a, b := o.admit(t, "甲"), o.admit(t, "乙")
	o.send(
		t,
		a,
		caseOf("一", api.Entity{PripID: "1501-04", UniscID: "91150104MA0N967166", Legal: "阿拉坦.仓", EntType: "1151"},
			api.Entity{PripID: "150105", UniscID: "91150104MA0N96716X", Legal: "张三", EntType: "1151"}),
	)
	o.send(t, b, caseOf("二", api.Entity{PripID: "x", UniscID: "９１150104ma0n967166", Legal: "阿拉坦·仓布", EntType: "1151"}))
	o.verify(t)
	search := func(kind intake.KeyKind, text string, prefix bool) string {
		t.Helper()
		hits, err := o.SearchEntities(
			t.Context(),
			intake.Actor("cli:x"),
			casework.EntityQuery{Kind: kind, Text: text, Prefix: prefix},
		)
		if err != nil {
			t.Error(err)
		}
		return hitsOf(hits)
	}
	for _, c := range []struct {
		kind   intake.KeyKind
		text   string
		prefix bool
		want   string
	}{
		{intake.ByUniscID, " 91150104-MA0N967166", false, "一/0 二/0"},
		{intake.ByUniscID, "9115", true, "一/0 二/0 一/1"},
		{intake.ByUniscID, "9115", false, ""},
		{intake.ByPripID, "15", true, "一/0 一/1"},
		{intake.ByPripID, "150104", false, "一/0"},
		{intake.ByLegal, "阿拉", true, "一/0 二/0"},
		{intake.ByLegal, "阿拉坦•仓", false, "一/0"},
		{intake.ByLegal, "zhang", true, ""},
	} {
		if got := search(c.kind, c.text, c.prefix); got != c.want {
			t.Errorf("%d %q %t: %s, want %s", c.kind, c.text, c.prefix, got, c.want)
		}
	}
	hits, err := o.SearchEntities(t.Context(), intake.Actor("cli:x"), casework.EntityQuery{
		Kind: intake.ByUniscID,
		Text: "91150104MA0N96716X",
	})
	if err != nil || len(hits) != 1 || hits[0].Worst != rules.Warning || hits[0].Case.AppName != "甲" ||
		hits[0].Legal != "张三" {
		t.Errorf("%+v, %v", hits, err)
	}
	for _, q := range []casework.EntityQuery{
		{},
		{Kind: 4, Text: "91"},
		{Kind: 1, Text: " - "},
		{Kind: 3, Text: "张", Prefix: true},
		{Kind: 3, Text: "\xff"},
	} {
		if _, err := o.SearchEntities(t.Context(), intake.Actor("cli:x"), q); !errors.Is(err, intake.ErrInvalid) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// A company revoked twice, or under two codes, is seen from whichever of its codes one comes; what was returned alarms
// nobody.
func TestEntityFile(t *testing.T) {
	const codeA, codeB, codeC = "91150104MA0N967166", "91150104MA0N967174", "91150104MA0N967182"
	row := func(pripid, code string) api.Entity {
		return api.Entity{PripID: pripid, UniscID: code, Legal: "张三", EntType: "1151"}
	}
	alarm := func(a casework.EntityAlarm) string { return fmt.Sprint(a.Kind, " ", a.Value, " ", a.Others) }
	for _, c := range []struct {
		name   string
		cases  []api.Entity
		back   int // which case is returned, from one
		hits   int
		alarms []string
	}{
		{"once", []api.Entity{row("P1", codeA), row("P9", codeC)}, 0, 1, nil},
		{"in two cases", []api.Entity{row("P1", codeA), row("p 1", codeA)}, 0, 2, []string{"3 " + codeA + " [#1 #2]"}},
		{"in two cases, one returned", []api.Entity{row("P1", codeA), row("P1", codeA)}, 2, 2, nil},
		{"under two codes", []api.Entity{row("P1", codeA), row("P1", codeB)}, 0, 2, []string{
			"1 P1 [" + codeA + " " + codeB + "]",
			"4 P1 [#1 #2]",
		}},
		{"with two pripids", []api.Entity{row("P1", codeA), row("P2", codeA)}, 0, 2, []string{
			"2 " + codeA + " [P1 P2]",
			"3 " + codeA + " [#1 #2]",
		}},
		{
			"around two corners",
			[]api.Entity{row("P1", codeA), row("P1", codeB), row("P2", codeB), row("P3", codeC)},
			0,
			3,
			[]string{
				"1 P1 [" + codeA + " " + codeB + "]",
				"2 " + codeB + " [P1 P2]",
				"3 " + codeB + " [#2 #3]",
				"4 P1 [#1 #2]",
			},
		},
		{"placeholders join nobody", []api.Entity{row("无", codeA), row("无", codeB), row("0", codeC)}, 0, 1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := openOffice(t)
			var pairs []string
			for i, e := range c.cases {
				b := o.admit(t, fmt.Sprint("局", i))
				r := o.send(t, b, caseOf("案", e))
				pairs = append(pairs, r.AcceptID, fmt.Sprint("#", i+1))
				if c.back == i+1 {
					if err := o.ReturnCase(t.Context(), r.AcceptID, "试"); err != nil {
						t.Fatal(err)
					}
				}
			}
			name := strings.NewReplacer(pairs...)
			o.verify(t)
			f, err := o.EntityFile(t.Context(), intake.Actor("cli:x"), intake.ByUniscID, strings.ToLower(codeA))
			if err != nil || len(f.Hits) != c.hits || f.More {
				t.Fatalf("%d hits, %+v, %v", len(f.Hits), f, err)
			}
			var got []string
			for _, a := range f.Alarms {
				got = append(got, name.Replace(alarm(a)))
			}
			if !slices.Equal(got, c.alarms) {
				t.Errorf("%q, want %q", got, c.alarms)
			}
		})
	}
}

// A code that thousands of rows share is no entity: its file says that there are more rows, and stays quick.
func TestEntityFileBounded(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	list := randomEntities(1, 1000)
	for i := range list {
		list[i].PripID = "TEST1"
	}
	o.send(t, b, caseOf("一", list...))
	o.verify(t)
	f, err := o.EntityFile(t.Context(), intake.Actor("cli:x"), intake.ByPripID, "TEST1")
	if err != nil || !f.More || len(f.Hits) != 200 {
		t.Errorf("%d hits, more %t, %v", len(f.Hits), f.More, err)
	}
	if _, err := o.EntityFile(t.Context(), intake.Actor("cli:x"), intake.ByLegal, "张三"); !errors.Is(
		err,
		intake.ErrInvalid,
	) {
		t.Error(err)
	}
}
