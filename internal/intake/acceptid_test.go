package intake_test

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/rules"
)

func TestAcceptID(t *testing.T) {
	for _, c := range []struct {
		t    time.Time
		no   int64
		want string // but for the check digit
	}{
		{opening, 1, "20260320000000001"},
		{time.Date(2026, 12, 31, 15, 59, 59, 0, time.UTC), 42, "20261231000000042"},
		{time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC), 42, "20270101000000042"}, // midnight in Beijing
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("", -11*3600)), 999_999_999, "20260101999999999"},
	} {
		got, err := intake.AcceptID(c.t, c.no)
		if err != nil || len(got) != 18 || got[:17] != c.want {
			t.Errorf("%v, %d: %s, %v", c.t, c.no, got, err)
		}
	}
	for _, no := range []int64{-1, 0, 1_000_000_000} {
		if got, err := intake.AcceptID(opening, no); err == nil {
			t.Errorf("%d: %s", no, got)
		}
	}
}

// An acceptid is 18 digits that hold day and number and check themselves: one digit read wrongly is always noticed.
func TestAcceptIDHolds(t *testing.T) {
	digits := regexp.MustCompile(`^\d{18}$`)
	rapid.Check(t, func(t *rapid.T) {
		no := rapid.Int64Range(1, 999_999_999).Draw(t, "no")
		at := time.UnixMilli(rapid.Int64Range(0, 4_000_000_000_000).Draw(t, "ms"))
		id, err := intake.AcceptID(at, no)
		if err != nil || !digits.MatchString(id) || id[:8] != at.In(intake.Beijing).Format("20060102") {
			t.Fatalf("%s, %v", id, err)
		}
		if back, err := intake.CaseNo(id); back != no || err != nil {
			t.Fatalf("%s has number %d, %v; want %d", id, back, err, no)
		}
		i := rapid.IntRange(0, 17).Draw(t, "position")
		wrong := []byte(id)
		wrong[i] = '0' + (wrong[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "change")))%10
		if got, err := intake.CaseNo(string(wrong)); !errors.Is(err, intake.ErrNotFound) {
			t.Fatalf("%s for %s has number %d", wrong, id, got)
		}
	})
}

// Whatever else is asked for is not found, and what is found is the number in it.
func TestCaseNoOfAnything(t *testing.T) {
	for _, id := range []string{"", "2026032000000000", "2026032000000000112", "２０２６０３２００００００００１１１", " 20260320000000011", "-20260320000000011", "0x2026032000000001"} {
		if no, err := intake.CaseNo(id); err != intake.ErrNotFound {
			t.Errorf("%q: %d, %v", id, no, err)
		}
	}
	zero := "20260320000000000"
	if no, err := intake.CaseNo(zero + string(rules.Mod11_10(zero))); err != intake.ErrNotFound {
		t.Errorf("number 0: %d, %v", no, err)
	}
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{18}`), rapid.StringMatching(`[0-9+-_. ]{18}`))
	rapid.Check(t, func(t *rapid.T) {
		id := text.Draw(t, "id")
		if no, err := intake.CaseNo(id); err == nil {
			if no < 1 || no > 999_999_999 || len(id) != 18 || id[17] != rules.Mod11_10(id[:17]) {
				t.Fatalf("%q: %d", id, no)
			}
		} else if err != intake.ErrNotFound {
			t.Fatal(err)
		}
	})
}
