package sheet

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/xuri/excelize/v2"

	"diaoxiao/api"
)

// entityNo is an entity like real ones.
func entityNo(i int) api.Entity {
	return api.Entity{
		PripID:  fmt.Sprintf("15010200000000%010d", i),
		UniscID: fmt.Sprintf("91150102MA0%07d", i),
		Legal:   "欧阳张三",
		EntType: "1151",
	}
}

func create(t testing.TB, name string, fill func(w io.Writer) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err == nil {
		err = fill(f)
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func largeCSV(t testing.TB, n int) string {
	return create(t, "a.csv", func(w io.Writer) error {
		out := csv.NewWriter(w)
		out.Write([]string{"pripid", "uniscid", "legal", "enttype"})
		for i := range n {
			e := entityNo(i)
			out.Write([]string{e.PripID, e.UniscID, e.Legal, e.EntType})
		}
		out.Flush()
		return out.Error()
	})
}

// largeWorkbook has its texts in its cells.
func largeWorkbook(t testing.TB, n int) string {
	return create(t, "a.xlsx", func(w io.Writer) error {
		f := excelize.NewFile()
		defer f.Close()
		out, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			return err
		}
		out.SetRow("A1", []any{"pripid", "uniscid", "legal", "enttype"})
		for i := range n {
			e := entityNo(i)
			if err := out.SetRow(fmt.Sprintf("A%d", i+2), []any{e.PripID, e.UniscID, e.Legal, e.EntType}); err != nil {
				return err
			}
		}
		if err := out.Flush(); err != nil {
			return err
		}
		return f.Write(w)
	})
}

func liveHeap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Every row of a list of 100,000 comes out as it was, in memory that does not grow with the list.
func TestLargeListsInFlatMemory(t *testing.T) {
	const n, most = 100_000, 1 << 20
	for name, path := range map[string]string{"CSV": largeCSV(t, n), "XLSX": largeWorkbook(t, n)} {
		i, before, peak := 0, liveHeap(), int64(0)
		err := Read(context.Background(), path, Options{Case: theCase}, func(c *Case) error {
			for row, err := range c.List {
				if err != nil || row.Entity != entityNo(i) || row.Row != i+2 {
					return fmt.Errorf("row %d is %+v: %w", i, row, err)
				}
				if i++; i%10_000 == 0 {
					peak = max(peak, liveHeap()-before)
				}
			}
			return nil
		})
		if err != nil || i != n || peak > most {
			t.Errorf("%s: %d rows, heap up by %d bytes, error %v", name, i, peak, err)
		}
		t.Logf("%s: heap up by %d KiB at most", name, peak>>10)
	}
}

func benchmarkRows(b *testing.B, path string, n int) {
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		rows := 0
		err := Read(context.Background(), path, Options{Case: theCase}, func(c *Case) error {
			for _, err := range c.List {
				if err != nil {
					return err
				}
				rows++
			}
			return nil
		})
		if err != nil || rows != n {
			b.Fatal(rows, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkCSV(b *testing.B)  { benchmarkRows(b, largeCSV(b, 100_000), 100_000) }
func BenchmarkXLSX(b *testing.B) { benchmarkRows(b, largeWorkbook(b, 20_000), 20_000) }
