package registrar_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/planted"
	"diaoxiao/internal/receiver/registrar"
)

// take imports firms as the register of a day, so many days before the clock's.
func (b *bureau) take(t *testing.T, before int, firms []register.Firm) register.Snapshot {
	t.Helper()
	var text strings.Builder
	if err := planted.WriteCSV(&text, slices.Values(firms)); err != nil {
		t.Fatal(err)
	}
	return b.import1(t, text.String(), registrar.Order{AsOf: b.day(before), Fewer: true})
}

// live are firms that are live and have all their codes.
func live(n int) (fs []register.Firm) {
	for f := range planted.Firms(11, 30*n) {
		if f.State == register.Live && f.UniscID != "" && f.RegNo != "" && f.PripID != "" && len(fs) < n {
			fs = append(fs, f)
		}
	}
	return fs
}

// A text is recognised as the code that it has the form of, however it is written, and else as a part of a name and as
// a legal representative.
func TestTextIsRecognised(t *testing.T) {
	onEngines(t, func(t *testing.T, r *bureau) {
		fs := live(60)
		fs[7].Name, fs[7].Legal = "呼伦贝尔市ＡＢＣ（集团）123456789服务有限公司", "娜仁·其木格"
		fs[8].Legal = "娜仁其木格"
		r.take(t, 10, fs)
		one := fs[7]
		for text, kind := range map[string]registrar.Kind{
			one.PripID: registrar.ByCode, one.UniscID: registrar.ByCode, one.RegNo: registrar.ByCode,
			one.UniscID[8:17]: registrar.ByCode, strings.ToLower(one.UniscID): registrar.ByCode,
			one.UniscID[8:16] + "-" + one.UniscID[16:17]: registrar.ByCode,
			" " + one.RegNo[:5] + "　" + one.RegNo[5:]:    registrar.ByCode,
			"贝尔市": registrar.ByName, "BC(集": registrar.ByName, "123456789": registrar.ByName, "集团": registrar.ByName,
			"娜仁•其木格": registrar.ByName, one.Name: registrar.ByName,
		} {
			f, err := r.Search(t.Context(), root, text, 0)
			if err != nil || f.Kind != kind || !slices.ContainsFunc(f.Firms, func(g register.Firm) bool {
				return g.PripID == one.PripID
			}) {
				t.Errorf("%q: kind %d, %d firms, %v", text, f.Kind, len(f.Firms), err)
			}
			if kind == registrar.ByCode && len(f.Firms) != 1 {
				t.Errorf("%q: %d firms", text, len(f.Firms))
			}
		}
		for _, none := range []string{"没有这样的主体", "91150104MA0N96716X", "娜仁"} {
			if f, err := r.Search(t.Context(), root, none, 0); err != nil || len(f.Firms) != 0 || !f.State.There {
				t.Errorf("%q: %d firms, %v", none, len(f.Firms), err)
			}
		}
		for _, bad := range []string{"", " ", "啊", "\xff\xff\xff"} {
			if _, err := r.Search(t.Context(), root, bad, 0); !errors.Is(err, intake.ErrInvalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

// Pages of a search follow one another without a gap, and a row of a snapshot is only that of the current one.
func TestRowsOfTheCurrentSnapshot(t *testing.T) {
	onEngines(t, func(t *testing.T, r *bureau) {
		if s, err := r.Current(t.Context(), root); err != nil || s.There || s.Stale() || s.Snapshot.ID != 0 {
			t.Errorf("before any import: %+v, %v", s, err)
		}
		if f, err := r.Search(t.Context(), root, "公司", 0); err != nil || f.State.There || len(f.Firms) != 0 {
			t.Errorf("before any import: %+v, %v", f, err)
		}
		fs := live(120)
		for i := range fs {
			fs[i].Name = "牧业" + fs[i].PripID
		}
		first := r.take(t, 41, fs)
		var rows []int
		for after, more := 0, true; more; {
			f, err := r.Search(t.Context(), root, "牧业", after)
			if err != nil || len(f.Firms) == 0 || len(f.Firms) > registrar.SearchRows {
				t.Fatalf("after %d: %d firms, %v", after, len(f.Firms), err)
			}
			for _, firm := range f.Firms {
				rows = append(rows, firm.RowNo)
			}
			after, more = rows[len(rows)-1], f.More
		}
		if len(rows) != 120 || !slices.IsSorted(rows) || len(slices.Compact(rows)) != 120 {
			t.Errorf("rows %v", rows)
		}
		f, s, err := r.Firm(t.Context(), root, first.ID, rows[3])
		if err != nil || f.Name != fs[3].Name || s.Age != 41 || !s.Stale() {
			t.Errorf("%+v %+v %v", f, s, err)
		}
		second := r.take(t, 1, fs[1:])
		if _, s, err := r.Firm(t.Context(), root, first.ID, rows[3]); !errors.Is(err, intake.ErrNotFound) ||
			s.Snapshot.ID != second.ID || s.Stale() {
			t.Errorf("a row of the snapshot before: %+v %v", s, err)
		}
		if is, err := r.Imports(t.Context(), root, 5); err != nil || len(is) != 2 || is[0].ID != second.ID {
			t.Errorf("%+v %v", is, err)
		}
	})
}
