package sheet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/rules"
)

// tableReader reads the cases of one table.
type tableReader struct {
	grid.Table
	head  head
	flags texts // from the command line
	cases book  // from the sheet 案件
	v     *values
	note  func(Problem)
	held  []Problem // of the table as a whole, for each of its cases
	cover *cover    // of a sheet
	plain plainTexts

	counted map[int]int // the last number in sequence of a column without a heading
}

// read hands out the cases. The numbers of the cases are looked through first, so that none is handed out of a file in
// which one comes back later: what was handed out before would lack the rest of its list.
func (r *tableReader) read(ctx context.Context, each func(*Case) error) error {
	for _, p := range r.head.remarks(r.Place) {
		r.note(p)
	}
	if err := r.index(ctx); err != nil {
		return err
	}
	s, err := r.start(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	r.counted = make(map[int]int)
	for s.err == nil {
		g := r.group(s)
		err := each(&g.c)
		g.over = true
		if err != nil {
			return err
		}
		g.drain()
	}
	return grid.IgnoreEOF(s.err)
}

// scan stands at one row of a table that is not blank, or has err.
type scan struct {
	grid.Rows
	grid.Line
	ctx context.Context
	err error // io.EOF at the end
}

// start stands at the first row below the headings.
func (r *tableReader) start(ctx context.Context) (*scan, error) {
	in, err := r.Open()
	if err != nil {
		return nil, err
	}
	s := &scan{Rows: in, ctx: ctx}
	for s.Row < r.head.row && s.err == nil {
		s.Line, s.err = in.Next()
	}
	s.advance()
	return s, nil
}

func (s *scan) advance() {
	for s.err == nil {
		if s.Line, s.err = s.Next(); s.err == nil && s.Row%1024 == 0 {
			s.err = s.ctx.Err()
		}
		if s.err == nil && !grid.IsBlank(s.Cells) {
			return
		}
	}
}

// cell returns the cell of a field in the row, an empty one where there is none.
func (s *scan) cell(h *head, f field) grid.Cell {
	if i := h.column[f]; i >= 0 && i < len(s.Cells) {
		return s.Cells[i]
	}
	return grid.Cell{}
}

// at is the place of a field in a row.
func (r *tableReader) at(row int, f field) Place {
	p := r.Place
	if p.Row = row; r.head.column[f] >= 0 {
		p.Column = grid.ColumnName(r.head.column[f])
	}
	return p
}

// runKey is the caseid of a run of rows: the cell of its first row, and its text as it is sent, or as it stands where
// that is a problem.
type runKey struct {
	grid.Cell
	value []byte
}

func keyOf(c grid.Cell) runKey {
	c.Raw = bytes.Clone(c.Raw)
	return runKey{c, keyText(c)}
}

func keyText(c grid.Cell) []byte {
	if b, p := newValues(nil).of(caseID, c, Place{}); p == nil {
		return b
	}
	return c.Raw
}

// is reports whether a cell means the same caseid; most often its bytes tell.
func (k runKey) is(c grid.Cell) bool { return c.SameAs(k.Cell) || bytes.Equal(keyText(c), k.value) }

// index reads the table through for the numbers of its cases: each in one run of rows, none without, all known to the
// sheet 案件.
func (r *tableReader) index(ctx context.Context) error {
	s, err := r.start(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if s.err == io.EOF {
		return r.empty()
	}
	if r.head.column[caseID] < 0 {
		return r.indexOne(grid.IgnoreEOF(s.err))
	}
	x := index{tableReader: r, seen: make(map[[16]byte]int)}
	for ; s.err == nil; s.advance() {
		if err := x.row(s); err != nil {
			return err
		}
	}
	if err := grid.IgnoreEOF(s.err); err != nil {
		return err
	}
	if err := x.wereNumbers(); err != nil {
		return err
	}
	return x.absent()
}

// indexOne is index of a list without the numbers of cases.
func (r *tableReader) indexOne(err error) error {
	if err == nil && r.cases.len() > 1 {
		return &Problem{
			Place: r.Place,
			Text:  fmt.Sprintf("“案件”中有%d件案件，清单却没有“案件编号”列", r.cases.len()),
			Next:  "在清单中加“案件编号”列，每行填写所属案件",
			Fatal: true,
		}
	}
	return err
}

// empty is the problem of a table without rows.
func (r *tableReader) empty() error {
	p := &Problem{Place: r.Place, Field: "", Text: "清单中没有数据，标题以下没有市场主体", Next: "每个市场主体填写一行后重试", Fatal: true}
	blank := true
	for i := range r.cases.all {
		blank = blank && r.cases.at(i).texts == texts{}
	}
	if blank && r.flags == (texts{}) {
		p.Text, p.Next = "模板尚未填写", "在“案件”中填写案件，在“清单”中每个市场主体填写一行，保存后重试；填写方法见“填写说明”"
	}
	return p
}

// index is the state of looking through the numbers of cases.
type index struct {
	*tableReader
	last  runKey // of the row before
	begun bool
	blank int // first row without number
	some  int // first row with one
	seen  map[[16]byte]int

	numbers rules.NumberSeries
}

// wereNumbers judges all caseids of the file together: what is likely holds each of its cases.
func (x *index) wereNumbers() error {
	v := x.numbers.Judge()
	if v.Harm == rules.Unharmed || v.Odd < 2 { // one alone is judged with its case
		return nil
	}
	p := fatal(caseID, x.at(v.First[0].Pos, caseID), wholeList(v), asTextStep)
	if v.Harm == rules.Certain {
		return p
	}
	p.Fatal, p.Held, p.Next = false, true, numberStep
	x.held = append(x.held, *p)
	return nil
}

func (x *index) row(s *scan) error {
	c := s.cell(&x.head, caseID)
	if x.begun && x.last.is(c) {
		return nil
	}
	if p := x.noEntity(s.Line); p != nil {
		return p
	}
	x.begun, x.last = true, keyOf(c)
	key, at := x.last.value, x.at(s.Row, caseID)
	if api.Blank(key) {
		x.blank = firstOf(x.blank, s.Row)
	} else {
		x.some = firstOf(x.some, s.Row)
	}
	if x.blank > 0 && x.some > 0 {
		at.Row = x.blank
		if p := mergedAway(x.Table, caseID, at, x.head.column[caseID]); p != nil {
			return p
		}
		return fatal(caseID, at, "没有案件编号，别的行却有", "每一行都填写所属案件的编号，或整列留空")
	}
	id := hashOf(key)
	if first := x.seen[id]; first > 0 {
		return fatal(
			caseID,
			at,
			fmt.Sprintf("案件编号“%s”在第%d行已出现过，中间隔着别的案件", grid.Brief(key), first),
			"把同一案件的行排在一起（按案件编号排序）后重试",
		)
	}
	x.seen[id] = s.Row
	x.numbers.Add(s.Row, string(key))
	return x.known(string(key), at)
}

func firstOf(a, b int) int {
	if a > 0 {
		return a
	}
	return b
}

// known checks a number against the sheet 案件 and the command line.
func (x *index) known(key string, at Place) error {
	if flag := x.flags[caseID]; flag != "" && key != flag && !api.Blank(key) {
		return fatal(
			caseID,
			at,
			fmt.Sprintf("案件编号“%s”与命令行给出的“%s”不一致", grid.Brief(key), grid.Brief(flag)),
			"改正其中一处；文件里有几件案件时不要在命令行给出案件编号",
		)
	}
	if _, ok := x.cases.lookUp(key); !ok {
		return fatal(caseID, at, fmt.Sprintf("案件编号“%s”不在工作表“案件”中", grid.Brief(key)), "改正编号，或在“案件”中补上这一件")
	}
	return nil
}

// absent is the problem of a case that the sheet 案件 has and the list has not.
func (x *index) absent() error {
	if x.some == 0 {
		return x.indexOne(nil)
	}
	for i := range x.cases.all {
		c := x.cases.at(i)
		id := c.texts[caseID]
		if id != "" && x.seen[hashOf([]byte(id))] == 0 {
			return fatal(
				caseID,
				c.place[caseID],
				fmt.Sprintf("案件“%s”在清单中没有一行", grid.Brief(id)),
				"在清单中补上它的市场主体，或从“案件”中删去",
			)
		}
	}
	return nil
}

// hashOf stands for a caseid in memory that does not grow with its length.
func hashOf(key []byte) [16]byte {
	sum := sha256.Sum256(key)
	return [16]byte(sum[:16])
}
