package evidencelog_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/store"
)

var drills = flag.Int("drills", 12, "how many drills TestDrills makes")

// TestDrills crashes a receiver or restores an older backup of it at random moments. Then one checkpoint that was
// printed before names exactly the cases that are missing, and no others.
func TestDrills(t *testing.T) {
	for seed := range uint64(*drills) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			d := &drill{office: openOffice(t, t.TempDir()), rand: rand.New(rand.NewPCG(seed, 1))}
			d.work(1 + d.rand.IntN(4))
			d.sign()
			if seed%4 == 0 {
				d.crash()
			} else {
				d.restore()
			}
			d.work(1 + d.rand.IntN(3))
			d.sign()
			if got, want := fmt.Sprint(d.missing()), fmt.Sprint(d.lost); got != want {
				t.Errorf("seed %d: missing %s, want %s", seed, got, want)
			}
		})
	}
}

// drill is an office with what a witness from the outside knows of it.
type drill struct {
	*office
	rand    *rand.Rand
	sent    int
	nos     []int64             // of acknowledged cases
	printed evidence.Checkpoint // the last that was printed
	lost    []int64             // covered by it, and not in what was restored
}

// work sends cases, signs now and then, and prints a checkpoint at some of those times.
func (d *drill) work(n int) {
	d.Helper()
	for range n {
		d.sent++
		id := d.send(fmt.Sprint(d.sent, "号"), receivertest.Entities(10*d.sent, 1+d.rand.IntN(3))...)
		d.nos = append(d.nos, d.numberOf(id))
		if d.rand.IntN(2) == 0 {
			d.sign()
		}
	}
}

func (d *drill) numberOf(acceptID string) int64 {
	d.Helper()
	no, ok := acceptid.CaseNo(acceptID)
	if !ok {
		d.Fatalf("not an acceptid: %q", acceptID)
	}
	return no
}

func (d *drill) print() {
	d.Helper()
	note, err := d.memory.Note()
	d.must(err)
	d.printed, err = evidence.UnsignedCheckpoint(note)
	d.must(err)
}

// crash leaves the store as a killed process does: with cases that nothing has signed, and nothing closed.
func (d *drill) crash() {
	d.Helper()
	d.print()
	d.work(d.rand.IntN(3))
	files := readAll(d.T, d.place)
	d.must(d.store.Close())
	d.put(files)
	d.open()
	d.sender.Base = d.door.URL
}

// put makes the folder of the store what it was.
func (d *drill) put(files map[string][]byte) {
	d.Helper()
	for name := range readAll(d.T, d.place) {
		d.must(os.Remove(filepath.Join(d.place, name)))
	}
	for name, text := range files {
		if !strings.HasSuffix(name, "-shm") {
			d.must(os.WriteFile(filepath.Join(d.place, name), text, 0o600))
		}
	}
}

// restore puts an older backup back, which may have cases that were signed after it was made, and continues the log.
func (d *drill) restore() {
	d.Helper()
	file := filepath.Join(d.T.TempDir(), "backup.db")
	for range d.rand.IntN(2) {
		d.sent++
		d.nos = append(d.nos, d.numberOf(d.send(fmt.Sprint(d.sent, "号"), receivertest.Entities(10*d.sent, 1)...)))
	}
	d.must(d.store.Backup(d.Context(), file))
	kept := len(d.nos)
	d.work(d.rand.IntN(4))
	d.sign()
	d.print()
	d.lost = d.nos[kept:]
	d.work(d.rand.IntN(2)) // beyond the printed checkpoint: it names none of these
	d.must(d.store.Close())
	d.place = filepath.Join(d.T.TempDir(), "restored")
	d.must(store.Restore(d.Context(), file, d.place, store.Options{}, func(tx intake.Tx) error {
		return intake.Restored(tx, time.Now(), intake.Actor("cli:x"), 100, "恢复")
	}))
	d.open()
	_, err := evidencelog.Continue(d.Context(), d.desk, intake.Actor("cli:x"), evidencelog.KeysOf(d.keys), d.memory)
	if err != nil && err != evidencelog.ErrNothingLost {
		d.Fatal(err)
	}
	d.sender.Base = d.door.URL
	d.signIn()
}

// missing are the numbers of the cases that a check with the printed checkpoint names as missing. Any other fault of a
// case, and whatever is named without a reason, ends the drill.
func (d *drill) missing() (nos []int64) {
	d.Helper()
	p := d.policy()
	_, err := d.log.Check(d.Context(), intake.Actor("cli:x"), &p, []evidence.Checkpoint{d.printed},
		func(f evidencelog.Fault) {
			switch {
			case f.Kind == evidencelog.FaultMissing && f.Of == evidence.KindCase:
				for no := f.From; no <= f.To; no++ {
					nos = append(nos, no)
				}
			case f.Kind != evidencelog.FaultMissing && f.Kind != evidencelog.FaultCheckpoint:
				d.Errorf("%+v", f)
			}
		}, nil)
	d.must(err)
	return nos
}
