package statistics

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"slices"
)

// formulas is the version of the formulas. It is part of what is stored, so that numbers of another one are not taken
// for a correction of the data.
const formulas = 1

// Numbers are the statistics of one month.
type Numbers struct {
	Month    Month  `json:"month"`
	AsOf     string `json:"asOf"`  // the last day that counts, yyyy-MM-dd
	Final    bool   `json:"final"` // as of that day and no later one
	Formulas int    `json:"formulas"`
	// Guess is a year whose holidays were not known and matter; 0: none.
	Guess int `json:"guess,omitempty"`
	// CallsFrom is the day from which the log of calls is whole, where that is within the month: earlier calls were
	// dropped from it.
	CallsFrom string    `json:"callsFrom,omitempty"`
	Cells     []Cell    `json:"cells"`
	Refused   []Refused `json:"refused"`
}

// Cell is the counts of the cases of one organ (处罚决定机关) that one app sent.
type Cell struct {
	App   int64  `json:"app"`
	Organ string `json:"organ"`
	Counts
}

// Refused is how many calls of one app were refused. A call with two codes counts for each, and once in Calls.
type Refused struct {
	App   int64          `json:"app"` // 0: the app is not known
	Calls int            `json:"calls"`
	Codes map[string]int `json:"codes"`
}

// sort puts everything in the one order in which it is stored.
func (n *Numbers) sort() {
	slices.SortFunc(n.Cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.Organ, b.Organ))
	})
	slices.SortFunc(n.Refused, func(a, b Refused) int { return cmp.Compare(a.App, b.App) })
}

// canonical is the numbers as they are stored and digested: members in the order of the types, keys of maps sorted as
// text.
func (n Numbers) canonical() (text string, digest [sha256.Size]byte, err error) {
	b, err := json.Marshal(n)
	return string(b), sha256.Sum256(b), err
}

// Summary is the numbers of a whole month.
type Summary struct {
	Counts
	Refused int `json:"refused"` // calls
}

// Summary adds up all cells.
func (n Numbers) Summary() Summary {
	s := Summary{Counts: NewCounts()}
	for _, c := range n.Cells {
		s.Add(c.Counts)
	}
	for _, r := range n.Refused {
		s.Refused += r.Calls
	}
	return s
}

// Part is the counts of one app, or of one organ.
type Part struct {
	App   int64
	Organ string
	Counts
	Refused int // calls; not known by organ
}

// ByApp are the counts of each app, most firms first. An app that has only refused calls is one of them.
func (n Numbers) ByApp() []Part {
	ps := n.parts(func(c Cell) Part { return Part{App: c.App} })
	for _, r := range n.Refused {
		i := slices.IndexFunc(ps, func(p Part) bool { return p.App == r.App })
		if i < 0 {
			i, ps = len(ps), append(ps, Part{App: r.App, Counts: NewCounts()})
		}
		ps[i].Refused = r.Calls
	}
	return inOrder(ps)
}

// ByOrgan are the counts of each organ, most firms first.
func (n Numbers) ByOrgan() []Part {
	return inOrder(n.parts(func(c Cell) Part { return Part{Organ: c.Organ} }))
}

// parts adds up the cells that key maps to one part.
func (n Numbers) parts(key func(Cell) Part) (ps []Part) {
	type part struct {
		app   int64
		organ string
	}
	at := make(map[part]int)
	own := make(map[int]bool) // parts of several cells, whose maps are not those of a cell
	for _, c := range n.Cells {
		p := key(c)
		i, ok := at[part{p.App, p.Organ}]
		if !ok {
			at[part{p.App, p.Organ}] = len(ps)
			p.Counts = c.Counts
			ps = append(ps, p)
			continue
		}
		if !own[i] {
			first := ps[i].Counts
			ps[i].Counts, own[i] = NewCounts(), true
			ps[i].Add(first)
		}
		ps[i].Add(c.Counts)
	}
	return ps
}

// inOrder puts the parts with the most firms first: numbers of rates are no order, because small counts would lead it.
func inOrder(ps []Part) []Part {
	slices.SortStableFunc(ps, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Firms, a.Firms), cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.App, b.App),
			cmp.Compare(a.Organ, b.Organ))
	})
	return ps
}

// Codes is how many calls were refused with each code, of all apps.
func (n Numbers) Codes() map[string]int {
	all := make(map[string]int)
	for _, r := range n.Refused {
		for code, k := range r.Codes {
			all[code] += k
		}
	}
	return all
}
