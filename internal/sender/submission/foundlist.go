package submission

import (
	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// foundList is the findings that the verifier will have on a list.
type foundList struct {
	repeats rules.ListCheck
	numbers rules.Doubles
	pos     int
	add     func(field string, rule int, d rules.Detail)
	n       [rules.Severe + 1]int
	kept    []rules.Finding
	least   rules.Severity // those below are only counted

	first, last       api.Entity // of the list
	firstPos, lastPos int
	some              bool
}

// maxFound bounds the findings that are kept of one case.
const maxFound = 1000

func (f *foundList) begin(least rules.Severity) {
	f.least = least
	f.add = func(field string, rule int, d rules.Detail) {
		r, _ := rules.ByNo(rule)
		f.n[r.Severity]++
		if r.Severity >= f.least && len(f.kept) < maxFound {
			f.kept = append(f.kept, rules.Finding{Pos: f.pos, Field: field, Rule: rule, Detail: d.Text()})
		}
	}
}

func (f *foundList) entity(i int, e api.Entity) {
	f.pos = i
	if !f.some {
		f.some, f.first, f.firstPos = true, e, i
	}
	f.last, f.lastPos = e, i
	rules.CheckEntity(e, f.add)
	f.repeats.Add(i, e, f.add)
	f.numbers.Add(i, e)
}

// item is an entity with its position in the list.
type item struct {
	pos int
	api.Entity
}

// apart has the rules applied beside the reading of a long list: each takes the place of entity, and end waits until
// all are.
func (f *foundList) apart() (each func(int, api.Entity), end func()) {
	const many = 512
	queue, done := make(chan []item, 16), make(chan struct{})
	go func() {
		defer close(done)
		for items := range queue {
			for _, it := range items {
				f.entity(it.pos, it.Entity)
			}
		}
	}()
	var items []item
	each = func(pos int, e api.Entity) {
		if items = append(items, item{pos, e}); len(items) == many {
			queue <- items
			items = make([]item, 0, many)
		}
	}
	return each, func() {
		queue <- items
		close(queue)
		<-done
	}
}

// ofCase applies the rules on the case and on the list as a whole, once all entities are in.
func (f *foundList) ofCase(c api.Case, today string) {
	f.pos = -1
	rules.CheckCase(c.CaseID, c.PenaltyDate, today, f.add)
	rules.CheckTexts(c, f.add)
	f.numbers.Findings(f.add)
}

// unlisted is how many findings of the severities that are kept were not kept.
func (f *foundList) unlisted() int {
	n := -len(f.kept)
	for s := f.least; s <= rules.Severe; s++ {
		n += f.n[s]
	}
	return n
}
