package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// tellEvery is after how many rows Progress is called.
const tellEvery = 10_000

// Rows reads all files through, once, and calls each for every row. After the first problem it calls each no more, but
// goes on to find others. *Refused: the extract cannot be taken in, and what each got must be undone; any other error
// is that of each, of a file or of the context.
func (x *Extract) Rows(each func(*Row) error) error {
	for _, t := range x.tables {
		if err := x.rows(t, each); err != nil {
			p, ok := errors.AsType[*grid.Problem](err)
			if !ok {
				return x.cause(err)
			}
			x.found.refuse(p)
		}
	}
	for _, s := range x.sources {
		if err := s.unchanged(); err != nil {
			x.found.refuse(err.(*grid.Problem))
		}
	}
	x.judge()
	x.counts.pripids, x.counts.codes = nil, nil // a hundred megabytes that the making of indexes can use
	return x.found.refused()
}

// cause is the error of the context where that has ended, else err.
func (x *Extract) cause(err error) error {
	if ended := x.ctx.Err(); ended != nil {
		return ended
	}
	return err
}

// rows reads one table.
func (x *Extract) rows(t *table, each func(*Row) error) error {
	in, err := t.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	t.base, t.begun = x.counts.lines, true
	r := newReader(x, t)
	for {
		l, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if x.counts.lines = t.base + uint32(l.Row); x.counts.lines >= flagged {
			return fatal(t.Place, "行数过多", "检查是否选对了文件")
		}
		if l.Row <= t.head.row || grid.IsBlank(l.Cells) {
			continue
		}
		if err := x.row(r, t, l, each); err != nil {
			return err
		}
	}
}

// row takes one row of a table.
func (x *Extract) row(r *reader, t *table, l grid.Line, each func(*Row) error) error {
	x.counts.rows++
	t.rows++
	t.of.report.Rows++
	if x.counts.rows%tellEvery == 0 {
		if err := x.ctx.Err(); err != nil {
			return err
		}
		x.tell(t.of)
	}
	before := len(x.found.Problems) + x.found.More
	r.read(l)
	if len(t.first) < shownRows {
		t.first = append(t.first, r.Firm)
	}
	if len(x.found.Problems)+x.found.More > before || before > 0 {
		return nil
	}
	return each(&r.Row)
}

// shownRows is how many of the first rows a preview has.
const shownRows = 5

// placeOf is the table and the row of a line.
func (x *Extract) placeOf(line uint32) grid.Place {
	for _, t := range slices.Backward(x.tables) {
		if t.begun && line > t.base {
			at := t.Place
			at.Row = int(line - t.base)
			return at
		}
	}
	return grid.Place{}
}

// counts are what is counted of the rows.
type counts struct {
	rows    int
	lines   uint32 // of all tables up to here
	states  map[string]*stateWord
	byState map[register.State]int
	words   map[string]int // rows of unknown words
	texts   map[string]string
	pripids *seen
	codes   *seen // of live firms
	series  [regNo + 1]rules.NumberSeries
	columns columns
	garbled int // of the first names
	garbage grid.Place
}

// stateWord is a word of a state that was looked up.
type stateWord struct {
	text  string
	state register.State
	known bool
}

func newCounts() counts {
	return counts{states: make(map[string]*stateWord), byState: make(map[register.State]int),
		words: make(map[string]int), texts: make(map[string]string), pripids: newSeen(), codes: newSeen()}
}

// Bounds of what is kept of words that repeat themselves.
const (
	maxWords    = 4096
	maxTexts    = 1 << 16
	maxNewWords = 1000
	listedWords = 20
)

// text is a string of a column whose texts repeat themselves.
func (c *counts) text(b []byte) string {
	if s, ok := c.texts[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(c.texts) < maxTexts {
		c.texts[s] = s
	}
	return s
}

// state looks a word of a state up.
func (x *Extract) state(b []byte) *stateWord {
	if w := x.counts.states[string(b)]; w != nil {
		return w
	}
	w := &stateWord{text: string(b)}
	w.state, w.known = x.States.of(w.text)
	if len(x.counts.states) < maxWords {
		x.counts.states[w.text] = w
	}
	return w
}

// countWord counts a row whose state is in no table.
func (c *counts) countWord(word string) {
	if _, ok := c.words[word]; ok || len(c.words) < maxNewWords {
		c.words[word]++
	}
}

// judge is what all rows together show.
func (x *Extract) judge() {
	for f := range x.counts.series {
		v := x.counts.series[f].Judge()
		if v.Harm == rules.Unharmed {
			continue
		}
		at := x.placeOf(uint32(v.First[0].Pos))
		text := field(f).title() + "：" + v.Text() + "，如“" + grid.Brief(v.First[0].Code) + "”"
		if v.Harm == rules.Certain && v.Odd*100 >= v.Of {
			x.found.refuseAll(fatal(at, text+"，编号曾被当作数值，末尾的数字已丢失", asTextStep))
		} else {
			x.found.remark(at, text, "与登记系统核对这些编号")
		}
	}
	x.doubt()
	x.misplaced()
	if names := min(x.counts.rows, looked); x.counts.garbled*2 > names && x.counts.garbled > 1 {
		x.found.refuseAll(fatal(x.counts.garbage, fmt.Sprintf("前%d个名称中有%d个是乱码", names, x.counts.garbled),
			"文字编码已在别处弄错；从登记系统重新导出"))
	}
	if x.counts.rows == 0 && len(x.found.Problems) == 0 && len(x.tables) > 0 {
		x.found.refuseAll(fatal(x.tables[0].Place, "标题之下没有一行", "检查是否选对了文件"))
	}
}

// doubt remarks on a column of which much is odd: it may not be the one that was meant.
func (x *Extract) doubt() {
	const many = 20
	if x.counts.rows < many {
		return
	}
	at := x.tables[0].Place
	if n := x.found.oddity[register.OddState]; n*10 > x.counts.rows {
		x.found.remark(at, fmt.Sprintf("%d行的登记状态不识别，共%d行", n, x.counts.rows), "用 --states 给出登记状态的对照表")
	}
	if n := x.found.oddity[register.OddCheck]; n*10 > x.counts.rows {
		x.found.remark(at, fmt.Sprintf("%d行的信用代码校验位不符，共%d行", n, x.counts.rows), "检查该列是否统一社会信用代码")
	}
	if n := x.found.oddity[register.OddDate]; n*10 > x.counts.rows {
		x.found.remark(at, fmt.Sprintf("%d处日期不能识别，共%d行", n, x.counts.rows),
			"按 2026-03-16 的写法重新导出；没有核准日期的，已吊销、已注销的一律视为决定以前的")
	}
}

// looked is how many of the first names are looked at for wrong charsets.
const looked = 200

// StateCounts are the rows by state, as they were read.
func (x *Extract) StateCounts() map[register.State]int { return maps.Clone(x.counts.byState) }

// Report is what was read and what was odd in it, without Applied.
func (x *Extract) Report() register.Report {
	r := register.Report{States: x.StateCounts(), Oddity: maps.Clone(x.found.oddity)}
	for _, s := range x.sources {
		r.Files = append(r.Files, s.report)
	}
	for word, n := range x.counts.words {
		r.Words = append(r.Words, register.StateWord{Word: grid.Brief(word), Rows: n})
	}
	slices.SortFunc(r.Words, func(a, b register.StateWord) int {
		if a.Rows != b.Rows {
			return b.Rows - a.Rows
		}
		return strings.Compare(a.Word, b.Word)
	})
	r.Words = r.Words[:min(len(r.Words), listedWords)]
	for _, o := range slices.Sorted(maps.Keys(x.found.samples)) {
		r.Samples = append(r.Samples, x.found.samples[o]...)
	}
	return r
}

// Remarks are what people should know though it does not keep the extract from being taken in.
func (x *Extract) Remarks() []grid.Problem { return x.found.remarks }

// Count is how many rows were read.
func (x *Extract) Count() int { return x.counts.rows }

// Preview is what was found up to here.
func (x *Extract) Preview() Preview {
	p := Preview{Rows: x.counts.rows, Changes: x.Changes(), Report: x.Report(), Problems: x.found.Problems,
		More: x.found.More, Remarks: x.found.remarks}
	for _, t := range x.tables {
		p.Tables = append(p.Tables, Table{File: baseName(t.Place), Sheet: t.Place.Sheet, Kind: t.kind,
			HeadRow: t.head.row, Columns: t.head.columns(), Absent: t.head.absent(), Rows: t.rows, First: t.first})
	}
	return p
}

// Look is a dry run: it reads the files through and says what was found. The error is never *Refused, whose problems
// are in the Preview.
func Look(ctx context.Context, files []File, o Options) (p Preview, err error) {
	x, err := Open(ctx, files, o)
	defer func() { err = errors.Join(err, x.Close()) }()
	if err == nil {
		err = x.Rows(func(*Row) error { return nil })
	}
	if _, refused := errors.AsType[*Refused](err); refused {
		err = nil
	}
	return x.Preview(), err
}

// shifted finds a row of a CSV file with fewer or more cells than its headings; how is what to say of it.
func (t *table) shifted(cells []grid.Cell) (how string, at int) {
	switch {
	case !t.Strict:
		return "", 0
	case len(cells) < t.head.width:
		return fmt.Sprintf("有%d列，标题有%d列", len(cells), t.head.width), len(cells)
	}
	for i, c := range cells[t.head.width:] {
		if !api.Blank(c.Raw) {
			return fmt.Sprintf("有%d列，标题有%d列", len(cells), t.head.width), t.head.width + i
		}
	}
	return "", 0
}

// Refuse takes in a problem of a row that only the register shows, within Rows. It returns nil: reading goes on for
// other problems.
func (x *Extract) Refuse(row *Row, text, next string) error {
	x.found.refuse(fatal(row.Place, text, next))
	return nil
}
