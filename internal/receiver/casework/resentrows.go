package casework

import (
	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// compare counts and lists what differs between the list before and this one.
func (r *Resent) compare(before, list []api.Entity) {
	named := rowSet(r.Return.Rows.Spans())
	var unmended rowSet
	kept := make([]bool, len(before))
	for pos, was := range sameFirms(before, list) {
		switch {
		case was < 0:
			r.Added++
			r.add(ResentRow{Pos: pos, WasPos: -1, Now: list[pos]})
			continue
		case before[was] != list[pos]:
			r.Changed++
			r.add(ResentRow{Pos: pos, WasPos: was, Now: list[pos], Was: before[was], Named: named.has(was + 1)})
		default:
			r.Same++
			if named.has(was + 1) {
				unmended.add(pos+1, pos+1)
			}
		}
		kept[was] = true
	}
	for was, is := range kept {
		if !is {
			r.Dropped++
			r.add(ResentRow{Pos: -1, WasPos: was, Was: before[was], Named: named.has(was + 1)})
		}
	}
	r.Unmended = intake.JoinRows(unmended)
}

func (r *Resent) add(row ResentRow) {
	if len(r.Rows) < MostResent {
		r.Rows = append(r.Rows, row)
	}
}

// sameFirms returns, for each row of a list, the row of the list before that is the same firm; -1: there is none. Rows
// that are alike come first, then those with one pripid, then those with one code; no row is taken twice.
func sameFirms(before, list []api.Entity) []int {
	same, taken := make([]int, len(list)), make([]bool, len(before))
	for pos := range same {
		same[pos] = -1
	}
	for _, key := range []func(api.Entity) string{
		func(e api.Entity) string {
			return e.PripID + "\x00" + e.UniscID + "\x00" + e.Legal + "\x00" + e.EntType
		},
		func(e api.Entity) string { return rules.FoldCode(e.PripID) },
		func(e api.Entity) string { return rules.FoldCode(e.UniscID) },
	} {
		waiting := make(map[string][]int)
		for was, e := range before {
			if k := key(e); k != "" && !taken[was] {
				waiting[k] = append(waiting[k], was)
			}
		}
		for pos, e := range list {
			k := key(e)
			if left := waiting[k]; same[pos] < 0 && len(left) > 0 {
				same[pos], taken[left[0]], waiting[k] = left[0], true, left[1:]
			}
		}
	}
	return same
}
