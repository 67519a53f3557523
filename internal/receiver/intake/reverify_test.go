package intake_test

import (
	"maps"
	"slices"
	"testing"

	"diaoxiao/sandbox"

	"diaoxiao/internal/receiver/intake"
)

// repairs is what somebody may have done to derived data. Rebuilding repairs it all. Verifying again, which a running
// server does without taking anything away first, repairs what overwriting repairs: everything but a key that belongs
// to no row.
var repairs = map[string]struct {
	change  string
	overall bool // only Rebuild repairs it
}{
	"entity edited":              {"UPDATE entity SET legal = '某人' WHERE case_no = 1 AND pos IN (3, 44)", false},
	"entity deleted":             {"DELETE FROM entity WHERE pos % 7 = 3", false},
	"all entities deleted":       {"DELETE FROM entity", false},
	"entity added":               {"INSERT INTO entity VALUES (1, 120, 'p', 'u', 'l', 'e')", false},
	"key deleted":                {"DELETE FROM entity_key WHERE pos % 5 = 1", false},
	"all keys deleted":           {"DELETE FROM entity_key", false},
	"key edited":                 {"UPDATE entity_key SET value = value || 'X' WHERE case_no = 2 AND pos = 4", true},
	"key added":                  {"INSERT INTO entity_key VALUES (3, '无名', 2, 7)", true},
	"key of a case deleted":      {"DELETE FROM entity_key WHERE kind = 4", false},
	"ends of caseids deleted":    {"DELETE FROM entity_key WHERE kind = 5 AND value < '号'", false},
	"finding edited":             {"UPDATE finding SET detail = ''", false},
	"finding of another rule":    {"UPDATE finding SET rule = 102 WHERE rule = 105", false},
	"finding deleted":            {"DELETE FROM finding WHERE rule = 405", false},
	"all findings deleted":       {"DELETE FROM finding", false},
	"finding added":              {"INSERT INTO finding VALUES (2, 0, 101, 'uniscid', '')", false},
	"finding added of the case":  {"INSERT INTO finding VALUES (2, -1, 701, '', '')", false},
	"finding added past the end": {"INSERT INTO finding VALUES (2, 5000, 101, 'uniscid', '')", false},
	"verification edited":        {"UPDATE verification SET warnings = 0, items = 1", false},
	"worklist emptied":           {"DELETE FROM docket", false},
	"worklist entry added":       {"INSERT INTO docket VALUES (3, '', 2)", false},
	"worklist entry of no case":  {"INSERT INTO docket VALUES (1, '', 99)", true},
	"verification deleted":       {"DELETE FROM verification WHERE case_no = 1", false},
}

func TestRepair(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	o.send(t, b, sandbox.Batch(1, 120))
	o.send(t, b, sandbox.Batch(2, 100))
	o.verify(t)
	want := o.derived(t)
	for i, what := range slices.Sorted(maps.Keys(repairs)) {
		if leftOut(i) {
			continue
		}
		r := repairs[what]
		t.Run(what, func(t *testing.T) {
			o.tamper(t, r.change)
			if faults, _ := o.inspect(t); len(faults) == 0 && what != "verification deleted" {
				t.Error("inspection finds nothing")
			}
			if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
				t.Fatal(err)
			}
			o.verify(t)
			if r.overall {
				if faults, _ := o.inspect(t); len(faults) == 0 {
					t.Error("inspection finds nothing after verifying again, which repairs more than it says")
				}
				if err := o.Rebuild(t.Context(), intake.Actor("cli:root")); err != nil {
					t.Fatal(err)
				}
				o.verify(t)
			}
			sameRows(t, "repaired", o.derived(t), want)
			holdClean(t, o)
		})
	}
}

func TestRebuildRepairsAll(t *testing.T) {
	o := openOffice(t)
	o.send(t, o.admit(t, "甲"), sandbox.Batch(1, 120))
	o.send(t, o.admit(t, "乙"), sandbox.Batch(2, 100))
	o.verify(t)
	want := o.derived(t)
	for i, what := range slices.Sorted(maps.Keys(repairs)) {
		if leftOut(i) {
			continue
		}
		r := repairs[what]
		o.tamper(t, r.change)
		if err := o.Rebuild(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
		if n, err := o.Backlog(t.Context(), 10); n != 2 || err != nil {
			t.Errorf("%d wait, %v", n, err)
		}
		o.verify(t)
		sameRows(t, r.change, o.derived(t), want)
	}
	holdClean(t, o)
}

// Verifying again is noticed by a verifier that has done everything once, and leaves an audit entry.
func TestReverify(t *testing.T) {
	o := openOffice(t)
	o.send(t, o.admit(t, "甲"), sandbox.Batch(1, 100))
	o.verify(t)
	for range 2 {
		if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := o.Backlog(t.Context(), 10); n != 1 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
	o.verify(t)
	if n, err := o.Backlog(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
	es, err := o.EntriesAfter(t.Context(), intake.System, 0, 100)
	if last := es[len(es)-1]; err != nil || len(es) != 3 || last.Action != "reverify" || last.By != "cli:root" {
		t.Errorf("%+v, %v", es, err)
	}
}
