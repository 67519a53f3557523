package reconcile

import (
	"fmt"
	"runtime"
	"testing"

	"diaoxiao/internal/sender/outbox"
)

// A million cases take some 300 bytes each, as the help says.
func TestLedgerMemory(t *testing.T) {
	const n = 200_000
	l := NewLedger()
	for i := range n {
		id := fmt.Sprintf("20261110%010d", i)
		l.add(held{
			caseID:   fmt.Sprintf("呼市监处罚〔2026〕%d号", i),
			acceptID: id,
			digest:   sum{known: true},
			state:    outbox.Accepted,
			current:  true,
		})
	}
	runtime.GC()
	var with, none runtime.MemStats
	runtime.ReadMemStats(&with)
	runtime.KeepAlive(l)
	l = nil
	runtime.GC()
	runtime.ReadMemStats(&none)
	if each := int64(with.HeapAlloc-none.HeapAlloc) / n; each < 150 || each > 450 {
		t.Errorf("%d bytes each", each)
	} else {
		t.Logf("%d bytes each", each)
	}
}
