package planted

import (
	"math/rand/v2"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/register"
)

// Row is one listed entity.
type Row struct {
	Entity api.Entity
	Wrong  string // the kind of its error, a Name of Kinds; "": the row is clear
	Noise  string // how a clear row is written, a name of Noises; "": as in the register
}

// Lists makes lists of 50 clear rows and 10 wrong ones, of all kinds by turns; a list has one or two more where the
// error of its last kind takes several rows. No firm is listed twice. The register needs 120 firms for each list. All
// were decided on the day Decided.
func Lists(r *Register, seed uint64, lists int) (all [][]Row) {
	l := newLister(r, seed)
	wrong := 0
	for n := range lists {
		var blocks [][]Row
		for range 50 {
			blocks = append(blocks, []Row{l.clear()})
		}
		for wrong < 10*(n+1) {
			block, errors := l.wrong()
			blocks, wrong = append(blocks, block), wrong+errors
		}
		l.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
		all = append(all, flat(blocks))
	}
	return all
}

// wrong plants the next kind of error, in rows of which one in three is in full width too.
func (l *lister) wrong() (rows []Row, errors int) {
	kind := l.kinds[l.planted%len(l.kinds)]
	l.planted++
	rows = kind.plant(l)
	for i := range rows {
		if rows[i].Wrong == "" {
			continue
		}
		rows[i].Wrong = kind.Name
		errors++
		if l.IntN(3) == 0 {
			rows[i].Entity.PripID = full(rows[i].Entity.PripID)
		}
	}
	return rows, errors
}

func flat(blocks [][]Row) (rows []Row) {
	for _, b := range blocks {
		rows = append(rows, b...)
	}
	return rows
}

// lister takes firms out of a register by chance.
type lister struct {
	maker
	r       *Register
	order   []int
	used    []bool
	cursor  map[string]int
	kinds   []Kind
	planted int // errors

	groups    map[string][]int // of a company and its branches
	namesakes map[string][]int // by legal representative and type
}

func newLister(r *Register, seed uint64) *lister {
	l := &lister{r: r, used: make([]bool, len(r.Firms)), cursor: make(map[string]int), kinds: Kinds()}
	l.Rand, l.seed, l.i = rand.New(rand.NewPCG(seed, 0x7157)), seed, len(r.Firms)
	l.order = l.Perm(len(r.Firms))
	l.groups = groupsOf(r.Firms)
	l.namesakes = make(map[string][]int)
	for i, f := range r.Firms {
		l.namesakes[f.Legal+f.EntType] = append(l.namesakes[f.Legal+f.EntType], i)
	}
	return l
}

// find takes the next firm that fits; name tells one fits from another.
func (l *lister) find(name string, fits func(*register.Firm) bool) (f register.Firm, ok bool) {
	for at := l.cursor[name]; at < len(l.order); at++ {
		if i := l.order[at]; !l.used[i] && fits(&l.r.Firms[i]) {
			l.used[i], l.cursor[name] = true, at+1
			return l.r.Firms[i], true
		}
	}
	l.cursor[name] = len(l.order)
	return f, false
}

// take is find where there must be one.
func (l *lister) take(name string, fits func(*register.Firm) bool) register.Firm {
	f, ok := l.find(name, fits)
	if !ok {
		panic("planted: the register has too few firms: " + name)
	}
	return f
}

// takeLive takes a live firm of which nothing is odd.
func (l *lister) takeLive() register.Firm { return l.take("live", l.isLive) }

func (l *lister) isLive(f *register.Firm) bool {
	return f.State == register.Live && f.Legal != "" && l.isAlone(f)
}

// isAlone: no other firm has one of its codes.
func (l *lister) isAlone(f *register.Firm) bool {
	for _, code := range codesOf(*f) {
		if len(l.r.byCode[code]) > 1 {
			return false
		}
	}
	return f.UniscID != "" || f.RegNo != ""
}

// takeCoded takes a live firm with a credit code, takeNumbered one with a registration number.
func (l *lister) takeCoded() register.Firm {
	return l.take("coded", func(f *register.Firm) bool { return f.UniscID != "" && l.isLive(f) })
}

func (l *lister) takeNumbered() register.Firm {
	return l.take("numbered", func(f *register.Firm) bool { return f.RegNo != "" && l.isLive(f) })
}

// entity is a firm as a list has it that was written from the register.
func entity(f register.Firm) api.Entity {
	e := api.Entity{PripID: f.PripID, UniscID: f.UniscID, Legal: f.Legal, EntType: f.EntType}
	if e.UniscID == "" {
		e.UniscID = f.RegNo
	}
	return e
}
