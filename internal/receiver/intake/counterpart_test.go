package intake_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// caseFile is a case as operators see it.
func (o *office) caseFile(t testing.TB, acceptID string) casework.CaseFile {
	t.Helper()
	f, err := o.CaseFile(t.Context(), intake.Actor("cli:x"), acceptID)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// onWorklist are the cases on the worklist for a kind of work.
func (o *office) onWorklist(t testing.TB, state intake.CaseState) (ids []string) {
	t.Helper()
	p, err := o.SearchCases(t.Context(), intake.Actor("cli:x"), intake.CaseQuery{State: state, DueBy: "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		ids = append(ids, r.AcceptID)
	}
	return ids
}

// rowsFound are the rows of a case that are listed as having findings, as people count, each with the rules found and
// those that other rows say of it, these with a minus.
func (o *office) rowsFound(t testing.TB, acceptID string) (lines []string) {
	t.Helper()
	f := o.caseFile(t, acceptID)
	es, err := o.CaseEntities(t.Context(), intake.Actor("cli:x"), f.No, 0, 1000,
		casework.EntityFilter{Doubted: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		line := fmt.Sprint(e.Pos + 1)
		for _, x := range e.Findings {
			line += fmt.Sprint(" ", x.Rule)
		}
		for _, m := range e.Marks {
			line += fmt.Sprintf(" -%d@%d", m.Rule, m.Place.Pos+1)
		}
		lines = append(lines, line)
	}
	return lines
}

func hold(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// Within a list both rows of a pair are marked and listed, in either order and whatever lies between.
func TestBothRowsOfAList(t *testing.T) {
	o := openOffice(t)
	list := entities(0, 40)
	list[19].UniscID = list[18].UniscID // 20 with 19: the credit code
	list[20].PripID = list[18].PripID   // 21 with 19: another firm's pripid
	list[22] = list[21]                 // 23 with 22: the whole row
	r := o.send(t, o.admit(t, "甲"), caseOf("a", list...))
	for range 2 {
		o.verify(t)
		hold(t, "rows", o.rowsFound(t, r.AcceptID), []string{
			"19 -401@20 -405@21", "20 401", "21 405", "22 -401@23", "23 401",
		})
		o.reverify(t)
	}
	holdClean(t, o)
}

// Across cases and apps the earlier case comes back to be checked, whatever was done with it, and first of all where it
// was published. A return of the later one settles it.
func TestEarlierCaseComesBack(t *testing.T) {
	x, y := entity(1), entity(2)
	contradicts := x
	contradicts.UniscID = y.UniscID
	byPripID := x
	byPripID.UniscID = "150102000000001"
	a := intake.Actor("console:a")
	for _, later := range []struct {
		name   string
		c      api.Case
		severe bool
		mark   string
	}{
		{"another credit code", caseOf("later", entity(30), contradicts), true, "2 -405@2"},
		{"the same firm", caseOf("later", entity(30), x), false, "2 -403@2"},
		{"the same pripid", caseOf("later", entity(30), byPripID), false, "2 -404@2"},
	} {
		for _, before := range []string{"nothing", "checked", "published"} {
			o := openOffice(t)
			ctx, first, second := t.Context(), o.admit(t, "甲"), o.admit(t, "乙")
			earlier := o.send(t, first, caseOf("earlier", entity(0), x)).AcceptID
			o.verify(t)
			o.wait(time.Minute)
			switch before {
			case "checked":
				must(t, o.Check(ctx, a, earlier, "", nil))
			case "published":
				must(t, o.PublishAll(ctx, a, earlier, "2026-03-18"))
			}
			hold(t, "before", o.onWorklist(t, intake.StateToCheck), nil)
			o.wait(time.Minute)
			next := o.send(t, second, later.c).AcceptID
			what := later.name + ", " + before
			for _, how := range []string{"", ", again", ", rebuilt"} {
				switch how {
				case ", again":
					must(t, o.Reverify(ctx, intake.Actor("cli:root")))
				case ", rebuilt":
					must(t, o.Rebuild(ctx, intake.Actor("cli:root")))
				}
				o.verify(t)
				hold(t, what+how+": to check", o.onWorklist(t, intake.StateToCheck), []string{earlier, next})
				hold(t, what+how+": rows", o.rowsFound(t, earlier), []string{later.mark})
				var alarmed, severe []string
				if later.severe {
					severe = []string{earlier, next}
					if before != "nothing" {
						alarmed = severe[:1]
					}
				}
				hold(t, what+how+": alarmed", o.onWorklist(t, intake.StateAlarmed), alarmed)
				hold(t, what+how+": severe", o.onWorklist(t, intake.StateSevere), severe)
				holdClean(t, o)
			}
			f := o.caseFile(t, earlier)
			if len(f.Marked) != 1 || f.Marked[0].AcceptID != next || !f.Marked[0].Returned.IsZero() {
				t.Errorf("%s: the reason is %+v", what, f.Marked)
			}
			must(t, o.ReturnCase(ctx, next, "报错主体"))
			hold(t, what+", returned: to check", o.onWorklist(t, intake.StateToCheck), nil)
			hold(t, what+", returned: alarmed", o.onWorklist(t, intake.StateAlarmed), nil)
			hold(t, what+", returned: rows", o.rowsFound(t, earlier), nil)
			if f := o.caseFile(t, earlier); len(f.Marked) != 1 || f.Marked[0].Returned.IsZero() ||
				f.AllSevere()+f.AllWarnings() != 0 {
				t.Errorf("%s: %+v is not settled", what, f.Marked)
			}
			holdClean(t, o)
		}
	}
}

// Two case numbers that are written alike mark both cases.
func TestLikeCaseIDMarksBoth(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	earlier := o.send(t, b, caseOf("内市监处〔2026〕1号", entity(0))).AcceptID
	o.verify(t)
	must(t, o.PublishAll(t.Context(), intake.Actor("console:a"), earlier, "2026-03-18"))
	o.wait(time.Minute)
	later := o.send(t, b, caseOf("内市监处[2026] 1 号", entity(1))).AcceptID
	o.verify(t)
	hold(t, "to check", o.onWorklist(t, intake.StateToCheck), []string{earlier, later})
	own, err := o.CaseFindings(t.Context(), intake.Actor("cli:x"), o.caseFile(t, earlier).No)
	if err != nil || len(own.Marks) != 1 || own.Marks[0].Rule != rules.LikeCaseID ||
		own.Marks[0].Place.AcceptID != later {
		t.Errorf("%+v, %v", own.Marks, err)
	}
	holdClean(t, o)
}

// Findings that a check has seen do not raise an alarm again; later ones do, also where as many were settled meanwhile.
func TestCheckKnowsWhatLaterCasesSay(t *testing.T) {
	o := openOffice(t)
	ctx, b, a := t.Context(), o.admit(t, "甲"), intake.Actor("console:a")
	x := entity(1)
	earlier := o.send(t, b, caseOf("earlier", x)).AcceptID
	contradict := func(i int) string {
		o.wait(time.Minute)
		other := x
		other.UniscID = entity(100 + i).UniscID
		id := o.send(t, b, caseOf(fmt.Sprint("later", i), other)).AcceptID
		o.verify(t)
		return id
	}
	back := func(id string) {
		t.Helper()
		o.wait(time.Minute)
		must(t, o.ReturnCase(ctx, id, "报错主体"))
	}
	one := contradict(1)
	read := o.caseFile(t, earlier).Seen()
	two := contradict(2)
	if err := o.Check(ctx, a, earlier, "", &read); err == nil || !strings.Contains(err.Error(), "后来的案件") {
		t.Errorf("a check of what was not read: %v", err)
	}
	read = o.caseFile(t, earlier).Seen()
	must(t, o.CheckFirms(ctx, a, earlier, casework.Compared{Rows: "1", Outcome: release.Agrees}))
	must(t, o.Check(ctx, a, earlier, "", &read))
	hold(t, "checked", o.onWorklist(t, intake.StateToCheck), []string{one, two})
	back(one)
	back(two)
	three := contradict(3)
	hold(t, "anew", o.onWorklist(t, intake.StateToCheck), []string{earlier, three})
	hold(t, "anew, alarmed", o.onWorklist(t, intake.StateAlarmed), []string{earlier})
	o.reverify(t)
	hold(t, "again", o.onWorklist(t, intake.StateAlarmed), []string{earlier})
	must(t, o.CheckFirms(ctx, a, earlier, casework.Compared{Rows: "1", Outcome: release.Agrees}))
	must(t, o.Check(ctx, a, earlier, "", nil))
	must(t, o.UncheckFirms(ctx, a, earlier, "1", "再看"))
	must(t, o.Reopen(ctx, a, earlier, "再看"))
	hold(t, "reopened", o.onWorklist(t, intake.StateToCheck), []string{earlier, three})
	holdClean(t, o)
}

// Returned cases do not hide the one that counts, however many there are and however many rows each has: neither for
// duplicates nor for contradictions, and in one list no number of equal rows hides it.
func TestHiddenBehindMany(t *testing.T) {
	for _, rowsOfEach := range []int{1, 70} {
		o := openOffice(t)
		b, x := o.admit(t, "甲"), entity(1)
		returned := make([]api.Entity, rowsOfEach)
		for i := range returned {
			returned[i] = x
		}
		for i := range 66 {
			o.wait(time.Second)
			id := o.send(t, b, caseOf(fmt.Sprint("r", i), returned...)).AcceptID
			o.wait(time.Second)
			must(t, o.ReturnCase(t.Context(), id, "重报"))
			if rowsOfEach > 1 && i == 2 {
				break
			}
		}
		o.wait(time.Second)
		live := x
		live.UniscID = entity(9).UniscID
		earlier := o.send(t, b, caseOf("live", live)).AcceptID
		o.wait(time.Second)
		later := o.send(t, b, caseOf("later", x)).AcceptID
		o.verify(t)
		holdFindings(
			t,
			fmt.Sprint(rowsOfEach),
			o.repeated(t, later),
			beside(0, x, live, rules.PlaceInCase("live", earlier, 0)),
		)
		hold(t, "earlier", o.rowsFound(t, earlier), []string{"1 -405@1"})
		holdClean(t, o)
	}
}

// Where three cases name one pripid, each that contradicts another is marked, not only the first.
func TestAllThatContradict(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	x := entity(1)
	other := x
	other.UniscID = entity(2).UniscID
	var ids []string
	for i, e := range []api.Entity{x, x, other, x} {
		o.wait(time.Minute)
		ids = append(ids, o.send(t, b, caseOf(fmt.Sprint(i), e)).AcceptID)
		o.verify(t)
	}
	hold(t, "first", o.rowsFound(t, ids[0]), []string{"1 -403@1 -405@1 -403@1"})
	hold(t, "second", o.rowsFound(t, ids[1]), []string{"1 403 -405@1"})
	hold(t, "third", o.rowsFound(t, ids[2]), []string{"1 405 -405@1"})
	hold(t, "fourth", o.rowsFound(t, ids[3]), []string{"1 403 405"})
	hold(t, "severe", o.onWorklist(t, intake.StateSevere), ids)
	holdClean(t, o)
}

// Ordinary cases are not marked.
func TestNoMarksWithoutCounterpart(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	one, two := o.send(t, b, caseOf("a", entities(0, 30)...)).AcceptID, o.send(
		t,
		b,
		caseOf("b", entities(30, 60)...),
	).AcceptID
	o.verify(t)
	for _, id := range []string{one, two} {
		hold(t, id, o.rowsFound(t, id), nil)
		must(t, o.PublishAll(t.Context(), intake.Actor("console:a"), id, "2026-03-18"))
	}
	hold(t, "to check", o.onWorklist(t, intake.StateToCheck), nil)
}

// The inspection finds a counterpart that was deleted or changed in the database.
func TestInspectCounterparts(t *testing.T) {
	for what, statement := range map[string]string{
		"a counterpart is gone":             "DELETE FROM counterpart WHERE case_no = 2",
		"its sum is gone":                   "DELETE FROM counterpart_case",
		"its sum is another":                "UPDATE counterpart_case SET severe = 0",
		"it leads to another row":           "UPDATE counterpart SET other_pos = 0 WHERE rule = 405",
		"it leads to another case":          "UPDATE counterpart SET other_no = 2, other_pos = 0 WHERE rule = 405",
		"it is of another rule":             "UPDATE counterpart SET rule = 404 WHERE rule = 405",
		"a case has one more":               "INSERT INTO counterpart VALUES (1, 0, 403, 1, 1)",
		"a sum too many":                    "INSERT INTO counterpart_case VALUES (1, 3, 1, 0)",
		"a finding is gone":                 "DELETE FROM finding WHERE rule = 405",
		"the earlier case waits for nobody": "DELETE FROM docket WHERE kind = 1 AND case_no = 1",
		"a check has seen it":               "UPDATE case_work SET seen_no = 2, seen_severe = 1, seen_doubts = 1",
	} {
		o := openOffice(t)
		b, x := o.admit(t, "甲"), entity(1)
		other := x
		other.UniscID = entity(2).UniscID
		first := o.send(t, b, caseOf("a", entity(0), x)).AcceptID
		o.verify(t)
		must(t, o.Check(t.Context(), intake.Actor("console:a"), first, "", nil))
		o.send(t, b, caseOf("b", entity(5), other))
		o.send(t, b, caseOf("c", entity(6)))
		o.verify(t)
		holdClean(t, o)
		o.tamper(t, statement)
		if faults, _ := o.inspect(t); len(faults) == 0 {
			t.Errorf("%s: nothing is found", what)
		}
	}
}

// The person who asks for the release of doubtful firms cannot agree to it.
func TestPublishTakesASecondPerson(t *testing.T) {
	o := openOffice(t)
	ctx, b, a, other := t.Context(), o.admit(t, "甲"), intake.Actor("console:a"), intake.Actor("console:b")
	x, y := entity(1), entity(1)
	y.UniscID = entity(2).UniscID
	id := o.send(t, b, caseOf("1", x, y)).AcceptID
	o.verify(t)
	if err := o.Publish(ctx, a, id, "2026-03-18"); !errors.Is(err, casework.ErrUnchecked) {
		t.Errorf("published alone: %v", err)
	}
	no := o.propose(t, a, casework.Draft{AcceptID: id, Kind: release.Release, Rows: "1-2", Reason: "由"})
	if err := o.confirm(t, a, no); !errors.Is(err, intake.ErrSamePerson) {
		t.Errorf("agreed alone: %v", err)
	}
	must(t, o.confirm(t, other, no))
	must(t, o.Publish(ctx, a, id, "2026-03-18"))
	holdClean(t, o)
}
