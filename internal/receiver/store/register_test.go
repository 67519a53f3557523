package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// firmsOf makes firms that are the same for the same seed, from one row on.
func firmsOf(seed uint64, from, n int) []register.Firm {
	r := rand.New(rand.NewPCG(seed, uint64(from)))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	firms := make([]register.Firm, n)
	for i := range firms {
		no := from + i
		firms[i] = register.Firm{
			RowNo: no, PripID: fmt.Sprintf("1504%014d", no), UniscID: fmt.Sprintf("91150%03dMA%07dX", r.IntN(999), no),
			RegNo: fmt.Sprintf("1504%011d", no),
			Name: pick("内蒙古", "赤峰市", "呼和浩特市", "通辽", "红山区") + someHan(r, 2+r.IntN(3)) +
				pick("商贸", "科技", "建筑工程", "餐饮", "农牧业", "物流", "文化传媒") + pick("有限公司", "有限责任公司", "（集团）有限公司", "店", "专业合作社"),
			Legal: pick("张", "王", "李", "赵", "包", "白") + someHan(r, 1+r.IntN(2)), EntType: pick("1130", "1151", "9500"),
			State: register.State(1 + r.IntN(7)), StateText: pick("存续（在营、开业、在册）", "吊销，未注销", "注销"),
			Organ: pick("赤峰市红山区市场监督管理局", "呼和浩特市赛罕区市场监督管理局"), Founded: fmt.Sprintf("20%02d-0%d-1%d",
				r.IntN(26), 1+r.IntN(9), r.IntN(10)), Approved: "2025-03-01",
		}
	}
	return firms
}

// someHan are ideographs as names have them: few often, many rarely.
func someHan(r *rand.Rand, n int) string {
	s := make([]rune, n)
	for i := range s {
		s[i] = 0x4e00 + rune(min(r.ExpFloat64()*300, 8000))
	}
	return string(s)
}

// build makes the rows of a snapshot.
func build(t testing.TB, s intake.Store, id, base int64, fill func(intake.RegisterWriter) error) {
	t.Helper()
	if err := s.BuildRegister(t.Context(), id, base, fill, done); err != nil {
		t.Fatal(err)
	}
}

// done publishes nothing.
func done() error { return nil }

// remove removes a firm.
func remove(w intake.RegisterWriter, want register.Firm) error {
	f, err := w.RemoveFirm(want.PripID)
	if err == nil && f != want {
		err = fmt.Errorf("removed %v, want %v", f, want)
	}
	return err
}

// putting puts firms, some at a time.
func putting(firms ...register.Firm) func(intake.RegisterWriter) error {
	return func(w intake.RegisterWriter) error {
		for len(firms) > 0 {
			n := min(1000, len(firms))
			if err := w.PutFirms(firms[:n]); err != nil {
				return err
			}
			firms = firms[n:]
		}
		return nil
	}
}

// record makes a snapshot the current one.
func record(t testing.TB, s intake.Store, id int64) {
	t.Helper()
	update(t, s, func(tx intake.Tx) error {
		return tx.InsertSnapshot(register.Snapshot{ID: id, AsOf: "2026-03-01", By: "cli:x", Imported: at(0)})
	})
}

// found is what a look-up by several values finds.
type found = map[string][]register.Firm

func byPripID(t testing.TB, s intake.Store, id int64, values ...string) found {
	t.Helper()
	return read(t, s, func(tx intake.Tx) (found, error) { return tx.FirmsByPripID(id, values) })
}

func byCode(t testing.TB, s intake.Store, id int64, values ...string) found {
	t.Helper()
	return read(t, s, func(tx intake.Tx) (found, error) { return tx.FirmsByCode(id, values) })
}

func byName(t testing.TB, s intake.Store, id int64, part string, after, n int) []register.Firm {
	t.Helper()
	return read(t, s, func(tx intake.Tx) ([]register.Firm, error) { return tx.FirmsByName(id, part, after, n) })
}

func byLegal(t testing.TB, s intake.Store, id int64, name string, after, n int) []register.Firm {
	t.Helper()
	return read(t, s, func(tx intake.Tx) ([]register.Firm, error) { return tx.FirmsByLegal(id, name, after, n) })
}

func testRegister(t *testing.T, s intake.Store) {
	firms := firmsOf(1, 1, 3000)
	firms[6].UniscID, firms[8].UniscID = firms[4].UniscID, firms[4].UniscID // 重码
	firms[10].UniscID, firms[10].RegNo = "", "91150402MA0000010Y"           // in the other column
	firms[12].UniscID, firms[12].RegNo = "150402000012345", ""
	firms[14].PripID, firms[14].UniscID, firms[14].RegNo, firms[14].Legal = "", "", "", ""
	firms[30].Name, firms[31].Name, firms[32].Name = "ａBC－1（中国）𠮷野·商店", "乙", ""
	build(t, s, 1, 0, putting(firms...))
	for _, part := range []string{"AbC-1〔中", "𠮷野", "國𠮷", "野•商", "ａｂ", " c - 1", "1("} {
		want := []register.Firm{firms[30]}
		if part == "國𠮷" {
			want = nil
		}
		equal(t, part, byName(t, s, 1, part, 0, 10), want)
	}

	equal(t, "has", read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasRegister(1) }), true)
	equal(t, "firm", read(t, s, func(tx intake.Tx) (register.Firm, error) { return tx.Firm(1, 2000) }), firms[1999])
	var all []string
	want := found{}
	for i, f := range firms {
		if i%3 == 0 && f.PripID != "" {
			all, want[f.PripID] = append(all, f.PripID), []register.Firm{f}
		}
	}
	equal(t, "by pripid", byPripID(t, s, 1, append(all, "x", "")...), want)
	organisation := firms[20].UniscID[8:17]
	equal(t, "by code", byCode(t, s, 1, firms[4].UniscID, firms[10].RegNo, firms[12].UniscID, firms[16].RegNo,
		organisation, "nothing", ""), found{
		firms[4].UniscID:  {firms[4], firms[6], firms[8]},
		firms[10].RegNo:   {firms[10]},
		firms[12].UniscID: {firms[12]},
		firms[16].RegNo:   {firms[16]},
		organisation:      {firms[20]},
	})
	equal(t, "none by legal", byLegal(t, s, 1, "", 0, 5), []register.Firm(nil))
	holdNames(t, s, 1, firms)
}

// holdNames holds searches to what a walk through all firms finds.
func holdNames(t *testing.T, s intake.Store, id int64, firms []register.Firm) {
	t.Helper()
	for part, hits := range map[string]func(register.Firm) bool{
		"有限公司": nameHas("有限公司"), "内蒙": nameHas("内蒙"), "(集团)": nameHas("（集团）"), "【集团］有": nameHas("（集团）有"),
		firms[7].Name: nameHas(firms[7].Name), "没有此户": nameHas("没有此户"), "司内": nameHas("司内"), "内蒙 古": nameHas("内蒙古"),
	} {
		var want []register.Firm
		for _, f := range firms {
			if hits(f) {
				want = append(want, f)
			}
		}
		equal(t, part, byName(t, s, id, part, 0, len(firms)), want)
		var paged []register.Firm
		for after := 0; ; after = paged[len(paged)-1].RowNo {
			page := byName(t, s, id, part, after, 100)
			if paged = append(paged, page...); len(page) < 100 {
				break
			}
		}
		equal(t, part+", paged", paged, want)
	}
	legal := firms[3].Legal
	var want []register.Firm
	for _, f := range firms {
		if f.Legal == legal {
			want = append(want, f)
		}
	}
	equal(t, "by legal", byLegal(t, s, id, legal, 0, len(firms)), want)
}

func testRegisterErrors(t *testing.T, s intake.Store) {
	build(t, s, 1, 0, putting(firmsOf(1, 1, 10)...))
	for what, f := range map[string]func(intake.Tx) error{
		"pripid": func(tx intake.Tx) error { _, err := tx.FirmsByPripID(2, []string{"x"}); return err },
		"code":   func(tx intake.Tx) error { _, err := tx.FirmsByCode(2, nil); return err },
		"legal":  func(tx intake.Tx) error { _, err := tx.FirmsByLegal(2, "x", 0, 1); return err },
		"name":   func(tx intake.Tx) error { _, err := tx.FirmsByName(2, "xy", 0, 1); return err },
		"firm":   func(tx intake.Tx) error { _, err := tx.Firm(2, 1); return err },
		"row":    func(tx intake.Tx) error { _, err := tx.Firm(1, 11); return err },
	} {
		if err := s.View(t.Context(), f); !errors.Is(err, intake.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	equal(t, "has", read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasRegister(2) }), false)
	err := s.View(t.Context(), func(tx intake.Tx) error { _, err := tx.FirmsByName(1, "司 ", 0, 1); return err })
	if !errors.Is(err, intake.ErrShortName) {
		t.Errorf("short: %v", err)
	}
}

func nameHas(part string) func(register.Firm) bool {
	return func(f register.Firm) bool {
		for i := range f.Name {
			if len(f.Name)-i >= len(part) && f.Name[i:i+len(part)] == part {
				return true
			}
		}
		return false
	}
}

func testRegisterChanges(t *testing.T, s intake.Store) {
	firms := firmsOf(2, 1, 500)
	build(t, s, 1, 0, putting(firms...))
	record(t, s, 1)
	more := firmsOf(3, 501, 20)
	build(t, s, 2, 1, func(w intake.RegisterWriter) error {
		for _, f := range firms[:10] {
			if err := remove(w, f); err != nil {
				return err
			}
		}
		for _, none := range []string{firms[0].PripID, ""} {
			if _, err := w.RemoveFirm(none); !errors.Is(err, intake.ErrNotFound) {
				return fmt.Errorf("%q: %w", none, err)
			}
		}
		last, err := w.LastRow()
		if err != nil || last != 500 {
			return fmt.Errorf("last %d, %w", last, err)
		}
		return w.PutFirms(more)
	})
	record(t, s, 2)
	equal(t, "removed", byPripID(t, s, 2, firms[3].PripID), found{})
	equal(t, "in the base", byPripID(t, s, 1, firms[3].PripID), found{firms[3].PripID: {firms[3]}})
	equal(t, "added", byPripID(t, s, 2, more[3].PripID), found{more[3].PripID: {more[3]}})
	holdNames(t, s, 1, firms)
	holdNames(t, s, 2, append(append([]register.Firm{}, firms[10:]...), more...))
	build(t, s, 3, 2, func(w intake.RegisterWriter) error {
		return remove(w, more[19])
	})
	record(t, s, 3)
	holdNames(t, s, 3, append(append([]register.Firm{}, firms[10:]...), more[:19]...))
	build(t, s, 4, 3, func(w intake.RegisterWriter) error {
		last, err := w.LastRow()
		if err == nil && last != 520 {
			err = fmt.Errorf("last %d after the last was removed", last)
		}
		return err
	})
}

func testRegisterBuilds(t *testing.T, s intake.Store) {
	firms := firmsOf(4, 1, 30)
	build(t, s, 1, 0, putting(firms...))
	record(t, s, 1)
	fails := func(what string, id, base int64, want error, fill func(intake.RegisterWriter) error) {
		t.Helper()
		if err := s.BuildRegister(t.Context(), id, base, fill, done); !errors.Is(err, want) || err == nil {
			t.Errorf("%s: %v", what, err)
		}
		equal(t, what+": has 2", read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasRegister(2) }), false)
		equal(t, "first", byPripID(t, s, 1, firms[0].PripID), found{firms[0].PripID: {firms[0]}})
	}
	broken := errors.New("broken off")
	if err := s.BuildRegister(t.Context(), 1, 0, putting(firms...), done); !errors.Is(err, intake.ErrExists) {
		t.Errorf("recorded: %v", err)
	}
	fails("no base", 2, 7, intake.ErrNotFound, putting(firms...))
	fails("broken off", 2, 0, broken, func(w intake.RegisterWriter) error {
		return errors.Join(w.PutFirms(firms), broken)
	})
	fails("two at once", 2, 0, intake.ErrBuilding, func(intake.RegisterWriter) error {
		return s.BuildRegister(t.Context(), 3, 0, putting(firms...), done)
	})
	ctx, cancel := context.WithCancel(t.Context())
	if err := s.BuildRegister(ctx, 2, 0, func(w intake.RegisterWriter) error {
		cancel()
		return w.PutFirms(firms)
	}, done); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := s.BuildRegister(t.Context(), 2, 0, putting(firms[1], firms[0]), done); err == nil {
		t.Error("rows out of order were taken")
	}
	err := s.BuildRegister(t.Context(), 2, 0, putting(firms...), func() error {
		if has := read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasRegister(2) }); !has {
			t.Error("published before the rows are there")
		}
		if err := s.BuildRegister(t.Context(), 2, 0, putting(firms...), done); !errors.Is(err, intake.ErrBuilding) {
			t.Errorf("another build while one is published: %v", err)
		}
		return broken
	})
	if has := read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasRegister(2) }); err != broken || !has {
		t.Errorf("publishing failed: %v, %t", err, has)
	}
	build(t, s, 2, 0, func(w intake.RegisterWriter) error { // of no base: nothing to remove but what was put
		if err := w.PutFirms(firms); err != nil {
			return err
		}
		return remove(w, firms[2])
	})
	build(t, s, 2, 0, putting(firms...)) // never recorded: it is built anew
	record(t, s, 2)
	equal(t, "built anew", byPripID(t, s, 2, firms[2].PripID), found{firms[2].PripID: {firms[2]}})
}

func testRegisterDropped(t *testing.T, s intake.Store) {
	for id := int64(1); id <= 4; id++ {
		build(t, s, id, 0, putting(firmsOf(uint64(id), 1, 30)...))
		record(t, s, id)
	}
	firms := firmsOf(2, 1, 30)
	err := s.View(t.Context(), func(tx intake.Tx) error { // that goes on while the rows are dropped
		for range 2 {
			got, err := tx.FirmsByPripID(3, []string{firms[0].PripID})
			if err != nil || len(got) != 1 {
				return fmt.Errorf("%v, %w", got, err)
			}
			if err := s.DropRegisters(t.Context(), 3); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]bool{1: false, 2: false, 3: true, 4: true} {
		got := read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasRegister(id) })
		equal(t, fmt.Sprint("has ", id), got, want)
	}
	if _, err := s.(interface {
		Integrity(context.Context) ([]string, error)
	}).Integrity(t.Context()); err != nil {
		t.Error(err)
	}
}

func testManySharing(t *testing.T, s intake.Store) {
	firms := firmsOf(5, 1, 2000)
	for i := range firms[:1500] {
		firms[i].RegNo = "000000000000000"
	}
	build(t, s, 1, 0, putting(firms...))
	got := byCode(t, s, 1, "000000000000000", firms[1600].RegNo, firms[1700].UniscID)
	equal(t, "all", got, found{"000000000000000": firms[:intake.MostSharing], firms[1600].RegNo: {firms[1600]},
		firms[1700].UniscID: {firms[1700]}})
}

// far are firms whose rows are many parts of the index of names apart, as after years of changes.
func far() []register.Firm {
	firms := firmsOf(6, 1, 400)
	for i := range firms {
		firms[i].RowNo += i / 50 * 150000
	}
	return firms
}

func testRegisterFar(t *testing.T, s intake.Store) {
	firms := far()
	build(t, s, 1, 0, putting(firms[:200]...))
	holdNames(t, s, 1, firms[:200])
	build(t, s, 2, 1, putting(firms[200:220]...))
	holdNames(t, s, 2, firms[:220])
	build(t, s, 3, 2, putting(firms[220:]...))
	holdNames(t, s, 3, firms)
	if err := s.DropRegisters(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	holdNames(t, s, 3, firms)
	for id := range int64(3) {
		equal(t, "dropped", read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasRegister(id) }), false)
	}
}
