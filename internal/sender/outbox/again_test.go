package outbox_test

import (
	"fmt"
	"sync"
	"testing"

	"diaoxiao/internal/sender/outbox"
)

// Returned cases that are recorded anew at once are each returned as themselves, not as another that came between.
func TestAgainAtOnce(t *testing.T) {
	b := fresh(t)
	var nos []int64
	for i := range 64 {
		e := record(t, b, fmt.Sprint("案", i), fmt.Sprint(i)).Entry
		begin(t, b, e.No)
		must(t, b.Settle([]outbox.Attempt{{Entry: e.No, Outcome: outbox.Accepted, AcceptID: fmt.Sprint(i)}}))
		must(t, b.MarkReturned(e.No))
		nos = append(nos, e.No)
	}
	var work sync.WaitGroup
	for i, no := range nos {
		work.Go(func() {
			e, err := b.Again(no)
			if want := fmt.Sprint("案", i); err != nil || e.CaseID != want || e.State != outbox.Pending {
				t.Errorf("%s became %s (%v), %v", want, e.CaseID, e.State, err)
			}
		})
	}
	work.Wait()
}
