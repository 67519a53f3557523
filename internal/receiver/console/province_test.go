package console_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/workday"
)

// benchProvince is where the province of the benchmark is made, and found again.
var benchProvince = flag.String("province", "", "the folder that keeps the province of the benchmark; empty: none")

const (
	provinceDays  = 730
	provinceItems = 125 // entities of a case
)

// provinceCases is how many cases the province has: 20,000 are 2.5 million entities.
var provinceCases = flag.Int("cases", 20_000, "how many cases the province of the benchmark has")

// province is what a province keeps after two years: cases of eight senders, all verified and compared with a
// register, and one case of many entities.
type province struct {
	*house
	one, big string // acceptids: of the last case, and of the one of many entities
	firm     register.Firm
}

// aProvince makes a province, or opens the one that is kept.
func aProvince(b *testing.B) *province {
	dir := *benchProvince
	if dir == "" {
		dir = b.TempDir()
	}
	s, err := store.Open(context.Background(), filepath.Join(dir, "store"), store.Options{Server: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	p := &province{house: openHouseOver(b, s)}
	made := filepath.Join(dir, "made.txt")
	if text, err := os.ReadFile(made); err == nil {
		words := strings.Split(strings.TrimSpace(string(text)), "\n")
		p.one, p.big = words[0], words[1]
		p.firm = register.Firm{PripID: words[2], UniscID: words[3], Name: words[4], Legal: words[5]}
		p.must(statistics.New(p.Desk, workday.Default()).Pass(context.Background()))
		return p
	}
	p.settle()
	p.must(statistics.New(p.Desk, workday.Default()).Pass(context.Background()))
	p.must(os.WriteFile(made, []byte(strings.Join([]string{p.one, p.big, p.firm.PripID, p.firm.UniscID, p.firm.Name,
		p.firm.Legal}, "\n")), 0o600))
	return p
}

// settle fills the province.
func (p *province) settle() {
	p.Helper()
	fs := bigRegister(p.house, *benchFirms)
	p.clock.Store(int64(-provinceDays * 24 * time.Hour))
	var senders []*sender
	for i := range 8 {
		senders = append(senders, p.admit(fmt.Sprint("第", i+1, "市场监督管理局")))
	}
	for day := range provinceDays {
		p.wait(24 * time.Hour)
		p.day(senders, day)
	}
	var es []api.Entity
	for i := range *benchItems {
		es = append(es, sent(fs[i%len(fs)]))
	}
	p.big, p.firm = senders[1].send(aCase("全省清理〔2026〕1号", es...)), fs[1]
	p.one = senders[0].send(provincialCase(*provinceCases, p.now()))
	p.verify()
}

// day has the senders send what they send on a day.
func (p *province) day(senders []*sender, day int) {
	var all sync.WaitGroup
	for i, s := range senders {
		all.Go(func() {
			s.login()
			for n := day * *provinceCases / provinceDays; n < (day+1)**provinceCases/provinceDays; n++ {
				if n%len(senders) == i {
					s.send(provincialCase(n, p.now()))
				}
			}
		})
	}
	all.Wait()
	p.recordCalls()
}

// newcomer is an operator that the province does not have yet.
func (p *province) newcomer(role intake.Role) *visitor {
	p.Helper()
	os, err := p.Operators(context.Background(), intake.Actor("cli:root"))
	p.must(err)
	return p.enter(role, fmt.Sprint("person", len(os)))
}
