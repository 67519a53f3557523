package intake_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/store"
)

// province is a folder with the backup of what a province keeps after two years, made once for all benchmarks that need
// it: 20,000 cases of eight senders with 2.5 million verified entities, of which one in fifty has a finding.
var province struct {
	sync.Once
	dir string
}

const (
	provinceDays  = 730
	provinceCases = 20_000
	provinceItems = 125 // entities of a case
)

// openProvince opens a copy of it, on the last of its days.
func openProvince(b *testing.B) *office {
	b.Helper()
	province.Do(func() { makeProvince(b) })
	o := &office{dir: filepath.Join(b.TempDir(), "data")}
	o.wait(provinceDays * 24 * time.Hour)
	if err := store.Restore(
		b.Context(),
		filepath.Join(province.dir, "backup.db"),
		o.dir,
		store.Options{},
		asItIs,
	); err != nil {
		b.Fatal(err)
	}
	o.open(b)
	return o
}

func makeProvince(b *testing.B) {
	o := openOffice(b)
	var senders []*bureau
	for i := range 8 {
		senders = append(senders, o.admit(b, fmt.Sprint("第", i+1, "市场监督管理局")))
	}
	for day := range provinceDays {
		o.wait(24 * time.Hour)
		from, to := day*provinceCases/provinceDays, (day+1)*provinceCases/provinceDays
		o.receiveDay(b, senders, from, to)
	}
	o.verify(b)
	var err error
	if province.dir, err = os.MkdirTemp("", "province"); err != nil {
		b.Fatal(err)
	}
	if err := o.store.Backup(b.Context(), filepath.Join(province.dir, "backup.db")); err != nil {
		b.Fatal(err)
	}
	o.store.Close()
}

// receiveDay sends the cases of one day side by side.
func (o *office) receiveDay(b *testing.B, senders []*bureau, from, to int) {
	var wg sync.WaitGroup
	for _, s := range senders {
		s.logIn(b, o)
	}
	for n := from; n < to; n++ {
		s := senders[n%len(senders)]
		data := encode(b, provinceCase(n, beijingtime.Day(o.now().AddDate(0, 0, -n%30))))
		wg.Go(func() {
			if err := o.put(s.who, data); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
}

func provinceCase(n int, penaltyDate string) api.Case {
	r := rand.New(rand.NewPCG(uint64(n), 17))
	list := randomEntities(uint64(n), provinceItems)
	for i := range list {
		if r.IntN(50) == 0 {
			list[i].UniscID = list[i].UniscID[:17] + "?"
		}
	}
	c := caseOf(fmt.Sprintf("呼市监处罚〔%d〕%05d号", 2026+n/10_000, n), list...)
	c.CaseName = fmt.Sprintf("%s等%d户企业连续两年未报送年度报告案", list[0].Legal, provinceItems)
	c.PenaltyDate, c.PenaltyOrg = penaltyDate, fmt.Sprintf("第%d旗县市场监督管理局", n%103)
	return c
}
