package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

func entityRow(caseNo int64, pos int) intake.EntityRow {
	return intake.EntityRow{CaseNo: caseNo, Pos: pos, Entity: api.Entity{PripID: fmt.Sprint("p", pos), UniscID: "９１",
		Legal: "阿拉坦·仓", EntType: "1130"}}
}

// testEntities: rows are put by the sixteen, so numbers around that are tried.
func testEntities(t *testing.T, s intake.Store) {
	want := make(map[int64][]intake.EntityRow)
	for no, n := range map[int64]int{1: 0, 2: 1, 3: 15, 4: 16, 5: 17, 6: 100} {
		for pos := range n {
			want[no] = append(want[no], entityRow(no, pos))
		}
		update(t, s, func(tx intake.Tx) error { return tx.PutEntities(want[no]) })
	}
	list := func(no int64, from, n int) []intake.EntityRow {
		return read(t, s, func(tx intake.Tx) ([]intake.EntityRow, error) { return tx.Entities(no, from, n) })
	}
	for no, w := range want {
		equal(t, fmt.Sprint("case ", no), list(no, 0, 1000), w)
	}
	equal(t, "from a position", list(6, 40, 3), want[6][40:43])
	again := slices.Clone(want[6][10:60])
	for i := range again {
		again[i].Legal = "另一人"
	}
	update(t, s, func(tx intake.Tx) error { return tx.PutEntities(again) })
	equal(t, "put again", list(6, 10, 50), again)
	update(t, s, func(tx intake.Tx) error { return tx.DeleteEntities(6, 60) })
	equal(t, "cut off", len(list(6, 0, 1000)), 60)
	equal(t, "of another case", list(5, 0, 1000), want[5])
}

func testKeys(t *testing.T, s intake.Store) {
	var keys []intake.Key
	for i := range 200 { // value v0 once, v1 twice …, over cases 3, 2, 1
		for k := range i%5 + 1 {
			keys = append(keys, intake.Key{Kind: intake.ByUniscID, Value: fmt.Sprint("v", i), CaseNo: int64(3 - k%3),
				Pos: 10 * k})
		}
	}
	keys = append(keys, intake.Key{Kind: intake.ByPripID, Value: "v4", CaseNo: 9, Pos: 9},
		intake.Key{Kind: intake.ByLegal, Value: "", CaseNo: 9})
	for range 2 { // putting again changes nothing
		update(t, s, func(tx intake.Tx) error { return tx.PutKeys(keys) })
	}
	if _, n := countDerived(t, s); n != int64(len(keys)) {
		t.Errorf("%d keys, want %d", n, len(keys))
	}
	for _, k := range keys {
		other := k
		other.Pos++
		has := func(k intake.Key) bool {
			return read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasKey(k) })
		}
		if !has(k) || has(other) {
			t.Errorf("%+v is %t, %+v is %t", k, has(k), other, has(other))
		}
	}
	holders := func(from int64, n int) []intake.Key {
		return read(t, s, func(tx intake.Tx) ([]intake.Key, error) {
			return tx.Holders(intake.ByUniscID, "v4", from,
				n)
		})
	}
	want := []intake.Key{{Kind: intake.ByUniscID, Value: "v4", CaseNo: 1, Pos: 20}, {Kind: intake.ByUniscID,
		Value: "v4", CaseNo: 2, Pos: 10},
		{Kind: intake.ByUniscID, Value: "v4", CaseNo: 2, Pos: 40}, {Kind: intake.ByUniscID, Value: "v4", CaseNo: 3,
			Pos: 0}, {Kind: intake.ByUniscID, Value: "v4", CaseNo: 3, Pos: 30}}
	equal(t, "holders", holders(0, 9), want)
	equal(t, "the first holders", holders(0, 2), want[:2])
	equal(t, "holders from a case on", holders(2, 2), want[1:3])
}

// testKeysWalked: keys come in order of code points, whatever the engine, and pages of any size join without a gap, in
// both directions.
func testKeysWalked(t *testing.T, s intake.Store) {
	var keys, want []intake.Key
	for _, v := range []string{"张", "张三", "张三丰", "张三\U0010ffff", "张上", "弡", "Zhang", "zhang", "\U00020000", "\ufffd"} {
		for k := range 3 {
			keys = append(keys, intake.Key{Kind: intake.ByLegal, Value: v, CaseNo: int64(1 + k/2), Pos: k})
		}
	}
	update(t, s, func(tx intake.Tx) error {
		return tx.PutKeys(append(keys, intake.Key{Kind: intake.ByPripID, Value: "张三", CaseNo: 1}))
	})
	slices.SortFunc(keys, func(a, b intake.Key) int {
		return cmp.Or(strings.Compare(a.Value, b.Value), cmp.Compare(a.CaseNo, b.CaseNo), cmp.Compare(a.Pos, b.Pos))
	})
	for _, bounds := range [][2]string{{"", "\U0010ffff"}, {"张三", "张丈"}, {"张三", "张三\x01"}, {"b", "c"}} {
		want = slices.DeleteFunc(slices.Clone(keys), func(k intake.Key) bool {
			return k.Value < bounds[0] ||
				k.Value >= bounds[1]
		})
		walk := func(from intake.Key, back bool, n int) []intake.Key {
			return read(t, s, func(tx intake.Tx) ([]intake.Key, error) {
				return tx.Keys(intake.ByLegal, bounds[0], bounds[1], from, back, n)
			})
		}
		if got := walk(intake.Key{}, false, 1000); !slices.Equal(got, want) {
			t.Errorf("%v at once: %v, want %v", bounds, got, want)
		}
		for n := 1; n <= 5; n++ {
			var got []intake.Key
			for page := walk(intake.Key{}, false, n); len(page) > 0; page = walk(got[len(got)-1], false, n) {
				got = append(got, page...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v by the %d: %v, want %v", bounds, n, got, want)
			}
			for i := len(want) - 1; i > 0; i-- {
				page := walk(want[i], true, n)
				slices.Reverse(page)
				if !slices.Equal(page, want[max(0, i-n):i]) {
					t.Errorf("%v before %v by the %d: %v", bounds, want[i], n, page)
				}
			}
		}
	}
}

// testHoldings: values are looked up by the sixty-four.
func testHoldings(t *testing.T, s intake.Store) {
	var keys []intake.Key
	for i := range 300 {
		for k := range i%3 + 1 {
			keys = append(keys, intake.Key{Kind: intake.ByPripID, Value: fmt.Sprintf("v%03d", i), CaseNo: int64(5 + k),
				Pos: 1 + k})
		}
	}
	update(t, s, func(tx intake.Tx) error { return tx.PutKeys(keys) })
	for _, n := range []int{0, 1, 63, 64, 65, 128, 300} {
		var values []string
		want := make(map[string]intake.Holding)
		for i := range n {
			v := fmt.Sprintf("v%03d", i)
			values = append(values, v, "none"+v)
			want[v] = intake.Holding{CaseNo: 5, Pos: 1, Count: i%3 + 1}
		}
		got := read(t, s, func(tx intake.Tx) (map[string]intake.Holding, error) {
			return tx.Holdings(intake.ByPripID,
				values)
		})
		equal(t, fmt.Sprint(n, " values"), got, want)
		for _, first := range []intake.Key{{CaseNo: 5, Pos: 1}, {CaseNo: 5, Pos: 2}, {CaseNo: 6, Pos: 0}} {
			testRepeated(t, s, values, first)
		}
	}
	if got := read(t, s, func(tx intake.Tx) (map[string]intake.Holding, error) {
		return tx.Holdings(intake.ByLegal, []string{"v001"})
	}); len(got) > 0 {
		t.Errorf("of another kind: %v", got)
	}
}

// testRepeated: the values of testHoldings have one, two or three rows, the first of them row 1 of case 5.
func testRepeated(t *testing.T, s intake.Store, values []string, first intake.Key) {
	want := make(map[string]bool)
	for i, v := range values {
		n := i / 2 % 3
		if i%2 == 0 && (n > 0 || first.CaseNo > 5 || first.Pos > 1) {
			want[v] = true
		}
	}
	got := read(t, s, func(tx intake.Tx) (map[string]bool, error) {
		return tx.Repeated(intake.ByPripID, values, first.CaseNo, first.Pos)
	})
	equal(t, fmt.Sprint(len(values), " values, repeated before ", first), got, want)
}

func testFindings(t *testing.T, s intake.Store) {
	var rows []intake.FindingRow
	for pos := -1; pos < 40; pos++ {
		for _, rule := range []int{101, 402} {
			rows = append(rows, intake.FindingRow{CaseNo: 1, Finding: rules.Finding{Pos: pos, Rule: rule,
				Field: "uniscid", Detail: strings.Repeat("“91”", pos+1)}})
		}
	}
	other := intake.FindingRow{CaseNo: 2, Finding: rules.Finding{Pos: 3, Rule: 101}}
	update(t, s, func(tx intake.Tx) error { return tx.PutFindings(append(rows, other)) })
	list := func(no int64, from, n int) (fs []intake.FindingRow) {
		for _, f := range read(t, s, func(tx intake.Tx) ([]rules.Finding, error) { return tx.Findings(no, from, n) }) {
			fs = append(fs, intake.FindingRow{CaseNo: no, Finding: f})
		}
		return fs
	}
	equal(t, "all", list(1, -1, 1000), rows)
	equal(t, "from a position", list(1, 0, 3), rows[2:5])
	rows[4].Detail = "anew"
	update(t, s, func(tx intake.Tx) error { return tx.PutFindings(rows[4:5]) })
	equal(t, "put again", list(1, -1, 1000), rows)
	update(t, s, func(tx intake.Tx) error { return tx.DeleteFindings(1, 10, 20) })
	rows = slices.Delete(rows, 22, 42)
	equal(t, "some deleted", list(1, -1, 1000), rows)
	update(t, s, func(tx intake.Tx) error { return tx.DeleteFindings(1, -1, 0) })
	equal(t, "the case's own deleted", list(1, -1, 1000), rows[2:])
	equal(t, "of another case", list(2, -1, 10), []intake.FindingRow{other})
}

// testCountUnverified is about five cases of which the second is verified.
func testCountUnverified(t *testing.T, s intake.Store) {
	t.Helper()
	type count struct {
		N      int
		Oldest time.Time
	}
	counted := func(after, epoch int64, limit int) count {
		return read(t, s, func(tx intake.Tx) (c count, err error) {
			c.N, c.Oldest, err = tx.CountUnverified(after, epoch, limit)
			return c, err
		})
	}
	received := func(no int64) time.Time {
		return read(t, s, func(tx intake.Tx) (intake.Case, error) { return tx.Case(no) }).Received
	}
	equal(t, "count", counted(0, 0, 10), count{4, received(1)})
	equal(t, "count after a case", counted(1, 0, 10), count{3, received(3)})
	equal(t, "count up to a limit", counted(0, 1, 2), count{2, received(1)})
	equal(t, "count of none", counted(5, 0, 10), count{})
}

func testVerification(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	for i := range 5 {
		accept(t, s, app, fmt.Sprint(i), []byte("x"))
	}
	unverified := func(after, epoch int64, n int) []int64 {
		return numbers(read(t, s, func(tx intake.Tx) ([]intake.Case, error) { return tx.Unverified(after, epoch, n) }))
	}
	equal(t, "at first", unverified(0, 0, 10), []int64{1, 2, 3, 4, 5})
	v := intake.Verification{CaseNo: 2, Epoch: 0, At: at(9), Rules: 7, Items: 11, Severe: 1, Warnings: 2, Notices: 3}
	update(t, s, func(tx intake.Tx) error { return tx.PutVerification(v) })
	equal(t, "one verified", unverified(0, 0, 10), []int64{1, 3, 4, 5})
	equal(t, "a page", unverified(1, 0, 2), []int64{3, 4})
	equal(t, "in the next epoch", unverified(0, 1, 10), []int64{1, 2, 3, 4, 5})
	testCountUnverified(t, s)
	c := read(t, s, func(tx intake.Tx) (intake.Case, error) { return tx.Case(2) })
	if c.Verified != at(9) || c.Findings != 6 || c.State() != "已核验" {
		t.Errorf("%+v", c)
	}
	v = intake.Verification{CaseNo: 2, Epoch: 1, At: at(10), Rules: 8, Items: 12}
	update(t, s, func(tx intake.Tx) error { return tx.PutVerification(v) })
	equal(t, "put again", read(t, s, func(tx intake.Tx) (intake.Verification, error) { return tx.Verification(2) }), v)
	equal(t, "verified in the next epoch", unverified(0, 1, 10), []int64{1, 3, 4, 5})
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.Verification(1); return err })
	equal(t, "epoch at first", read(t, s, intake.Tx.Epoch), int64(0))
	update(t, s, func(tx intake.Tx) error { return tx.SetEpoch(4) })
	equal(t, "epoch", read(t, s, intake.Tx.Epoch), int64(4))
}

func countDerived(t testing.TB, s intake.Store) (entities, keys int64) {
	t.Helper()
	read(t, s, func(tx intake.Tx) (_ any, err error) { entities, keys, err = tx.CountDerived(); return nil, err })
	return entities, keys
}

// testClearDerived: derived rows can be emptied; received ones stay.
func testClearDerived(t *testing.T, s intake.Store) {
	c := accept(t, s, addApp(t, s, "k"), "a", []byte("x"))
	update(t, s, func(tx intake.Tx) error {
		for _, err := range []error{
			tx.PutEntities([]intake.EntityRow{entityRow(1, 0), entityRow(1, 1)}),
			tx.PutKeys([]intake.Key{{Kind: intake.ByLegal, Value: "v", CaseNo: 1}}),
			tx.PutFindings([]intake.FindingRow{{CaseNo: 1, Finding: rules.Finding{Rule: 101}}}),
			tx.PutVerification(intake.Verification{CaseNo: 1, At: at(1)}),
			tx.InsertAttempt(intake.Attempt{CaseNo: 1}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if e, k := countDerived(t, s); e != 2 || k != 1 {
		t.Errorf("%d entities, %d keys", e, k)
	}
	update(t, s, func(tx intake.Tx) error { return tx.ClearDerived() })
	if e, k := countDerived(t, s); e != 0 || k != 0 {
		t.Errorf("%d entities, %d keys", e, k)
	}
	equal(t, "findings", len(read(t, s, func(tx intake.Tx) ([]rules.Finding, error) {
		return tx.Findings(1, -1,
			10)
	})), 0)
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.Verification(1); return err })
	equal(t, "case", read(t, s, func(tx intake.Tx) (intake.Case, error) { return tx.Case(1) }), c)
	holdBody(t, s, 1, []byte("x"))
	equal(t, "attempts", len(read(t, s, func(tx intake.Tx) ([]intake.Attempt, error) {
		return tx.Attempts(intake.AttemptFilter{})
	})), 1)
}
