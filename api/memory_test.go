package api_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"diaoxiao/api"
)

// heapGrowth is how many bytes f allocates in all.
func heapGrowth(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// liveHeap is what is in use after a collection.
func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// bulk is the body of a good case of n different items, made while it is read.
type bulk struct {
	n, next int
	rest    []byte
}

func newBulk(n int) *bulk {
	b := &bulk{n: n}
	b.rest = []byte(strings.TrimSuffix(goodCase().set("penaltylist", "[").String(), "}"))
	return b
}

func (b *bulk) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		if b.next > b.n {
			return 0, io.EOF
		}
		b.rest = b.item(b.rest[:0])
		b.next++
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *bulk) item(to []byte) []byte {
	if b.next == b.n {
		return append(to, "]}"...)
	}
	if b.next > 0 {
		to = append(to, ',')
	}
	return fmt.Appendf(
		to, `{"pripid":"15020300%016d","uniscid":"91150203MA%08d","legal":"乌云其木格","enttype":"1130"}`, b.next, b.next,
	)
}

// The live heap does not grow with the list.
func TestMemoryOfManyItems(t *testing.T) {
	start, most := liveHeap(), uint64(0)
	d, err := api.ReadCase(newBulk(300_000), 0, func(i int, _ api.Entity) {
		if i%60_000 == 59_999 {
			most = max(most, liveHeap())
		}
	})
	if err != nil || len(d.Problems) > 0 || d.Items != 300_000 {
		t.Fatalf("%v %v", err, d.Problems)
	}
	if most > start+(1<<20) {
		t.Errorf("the live heap grew by %d KiB", (most-start)>>10)
	}
}

// Without a consumer an item costs no allocation.
func TestAllocationsOfManyItems(t *testing.T) {
	allocs := func(n int) float64 {
		body := bodyOf(t, n)
		return testing.AllocsPerRun(3, func() { read(t, body, 0) })
	}
	few, many := allocs(1_000), allocs(100_000)
	if many > few+100 {
		t.Errorf("1,000 items: %v allocations, 100,000: %v", few, many)
	}
}

func bodyOf(t testing.TB, n int) string {
	t.Helper()
	b, err := io.ReadAll(newBulk(n))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
