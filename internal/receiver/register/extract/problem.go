package extract

import (
	"fmt"
	"slices"

	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/register"
)

// Refused is an extract that cannot be taken in, with what was found.
type Refused struct {
	Problems []grid.Problem // at most MaxProblems
	More     int            // further ones
}

// MaxProblems is how many problems of an extract are kept.
const MaxProblems = 100

// Error is the first problem.
func (r *Refused) Error() string {
	if n := len(r.Problems) + r.More; n > 1 {
		return fmt.Sprintf("主体库文件有%d处问题，没有导入；第一处：%s", n, r.Problems[0].Error())
	}
	return r.Problems[0].Error()
}

// Unwrap is the first problem.
func (r *Refused) Unwrap() error { return &r.Problems[0] }

// findings collects problems, remarks and oddities.
type findings struct {
	Refused
	remarks []grid.Problem
	oddity  map[register.Oddity]int
	samples map[register.Oddity][]register.Sample
	once    map[onceKey]bool
}

// onceKey is a remark that is made once for a column.
type onceKey struct {
	file, sheet, column, text string
}

func newFindings() findings {
	return findings{oddity: make(map[register.Oddity]int), samples: make(map[register.Oddity][]register.Sample),
		once: make(map[onceKey]bool)}
}

func fatal(at grid.Place, text, next string) *grid.Problem {
	return &grid.Problem{Place: at, Text: text, Next: next, Fatal: true}
}

// refuse takes a problem in for which the extract is refused.
func (f *findings) refuse(p *grid.Problem) {
	if len(f.Problems) < MaxProblems {
		f.Problems = append(f.Problems, *p)
	} else {
		f.More++
	}
}

// refuseAll takes a problem in that concerns all rows: it comes before those of single ones.
func (f *findings) refuseAll(p *grid.Problem) {
	f.Problems = slices.Insert(f.Problems, 0, *p)
	if n := len(f.Problems); n > MaxProblems {
		f.Problems, f.More = f.Problems[:MaxProblems], f.More+n-MaxProblems
	}
}

// refused is nil, or all problems as an error.
func (f *findings) refused() error {
	if len(f.Problems) == 0 {
		return nil
	}
	return &Refused{f.Problems, f.More}
}

// remark takes in what does not keep an extract from being taken in.
func (f *findings) remark(at grid.Place, text, next string) {
	if len(f.remarks) < MaxProblems {
		f.remarks = append(f.remarks, grid.Problem{Place: at, Text: text, Next: next})
	}
}

// remarkOnce is remark for the first cell of a column.
func (f *findings) remarkOnce(at grid.Place, text, next string) {
	if k := (onceKey{at.File, at.Sheet, at.Column, text}); !f.once[k] {
		f.once[k] = true
		f.remark(at, text, next)
	}
}

// maxSamples is how many rows of each oddity are kept.
const maxSamples = 20

// odd counts a row with an oddity.
func (f *findings) odd(o register.Oddity, at grid.Place, value string) {
	if f.oddity[o]++; len(f.samples[o]) < maxSamples {
		f.samples[o] = append(f.samples[o], register.Sample{Oddity: o, File: baseName(at), Row: at.Row,
			Value: grid.Brief(value)})
	}
}
