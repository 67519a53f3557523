package acceptid_test

import (
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/iso7064"
)

func TestAcceptID(t *testing.T) {
	for _, c := range []struct {
		t    time.Time
		no   int64
		want string // but for the check digit
	}{
		{time.Date(2026, 3, 20, 9, 30, 0, 0, beijingtime.Zone), 1, "20260320000000001"},
		{time.Date(2026, 12, 31, 15, 59, 59, 0, time.UTC), 42, "20261231000000042"},
		{time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC), 42, "20270101000000042"}, // midnight in Beijing
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("", -11*3600)), 999_999_999, "20260101999999999"},
	} {
		got, err := acceptid.New(c.t, c.no)
		if err != nil || len(got) != 18 || got[:17] != c.want {
			t.Errorf("%v, %d: %s, %v", c.t, c.no, got, err)
		}
	}
	for _, no := range []int64{-1, 0, 1_000_000_000} {
		if got, err := acceptid.New(time.Unix(0, 0), no); err == nil {
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
		id, err := acceptid.New(at, no)
		if err != nil || !digits.MatchString(id) || id[:8] != at.In(beijingtime.Zone).Format("20060102") {
			t.Fatalf("%s, %v", id, err)
		}
		if back, ok := acceptid.CaseNo(id); back != no || !ok {
			t.Fatalf("%s has number %d; want %d", id, back, no)
		}
		i := rapid.IntRange(0, 17).Draw(t, "position")
		wrong := []byte(id)
		wrong[i] = '0' + (wrong[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "change")))%10
		if got, ok := acceptid.CaseNo(string(wrong)); ok {
			t.Fatalf("%s for %s has number %d", wrong, id, got)
		}
	})
}

// Anything else that is asked for is not found, and what is found is the number in it.
func TestCaseNoOfAnything(t *testing.T) {
	for _, id := range []string{
		"", "2026032000000000", "2026032000000000112", "２０２６０３２００００００００１１１", " 20260320000000011",
		"-20260320000000011", "0x2026032000000001", "２0260320000000011", "2026032x000000001\x00",
		"20260320000000011\x00", "20260320-00000001\x00",
	} {
		if no, ok := acceptid.CaseNo(id); ok {
			t.Errorf("%q: %d", id, no)
		}
	}
	zero := "20260320000000000"
	if no, ok := acceptid.CaseNo(zero + string(iso7064.Mod11_10(zero))); ok {
		t.Errorf("number 0: %d", no)
	}
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{18}`), rapid.StringMatching(`[0-9+-_. ]{18}`))
	rapid.Check(t, func(t *rapid.T) {
		id := text.Draw(t, "id")
		no, ok := acceptid.CaseNo(id)
		if ok && (no < 1 || no > 999_999_999 || len(id) != 18 || id[17] != iso7064.Mod11_10(id[:17])) {
			t.Fatalf("%q: %d", id, no)
		}
	})
}
