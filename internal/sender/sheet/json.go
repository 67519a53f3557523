package sheet

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/ctxreader"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/rules"
)

var errStop = errors.New("sheet: nothing more is wanted")

// documents hands out JSON documents of a file.
type documents struct {
	*source
	seen map[[16]byte]int // line of each caseid
}

// readJSON reads a file that is one document.
func (s *source) readJSON(ctx context.Context, each func(*Case) error) error {
	return (&documents{source: s}).document(ctx, 0, s.size, s.place, each)
}

// readLines reads a file that has one document a line. Blank lines are skipped.
func (s *source) readLines(ctx context.Context, each func(*Case) error) error {
	d := &documents{source: s, seen: make(map[[16]byte]int)}
	in := bufio.NewReaderSize(grid.WholeFile(s), 64<<10)
	place, from := s.place, int64(0)
	for at, blank := int64(0), true; ; {
		part, err := in.ReadSlice('\n')
		at += int64(len(part))
		blank = blank && len(bytes.Trim(part, "\xef\xbb\xbf \t\r\n")) == 0
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && err != io.EOF:
			return err
		}
		if place.Row++; !blank {
			if err := d.document(ctx, from, at-from, place, each); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return d.any()
		}
		from, blank = at, true
	}
}

// any is the problem of a file without documents.
func (d *documents) any() error {
	if len(d.seen) == 0 {
		return d.unreadable("没有案件", "每行写一个完整的 JSON 对象")
	}
	return nil
}

// document hands out the document of n bytes at off.
func (d *documents) document(ctx context.Context, off, n int64, place Place, each func(*Case) error) error {
	body := func() *io.SectionReader { return io.NewSectionReader(d, off, n) }
	got, err := api.ReadCase(ctxreader.Reader{Ctx: ctx, R: body()}, math.MaxInt, nil)
	if err != nil {
		return err
	}
	doc := &document{body: body, place: place, problems: d.problems(got, place)}
	doc.codes = codes{note: d.Note, at: doc.at}
	doc.looks(got.Case)
	c := &Case{Case: got.Case, Where: place, Decoded: &got, Size: n,
		List: func(yield func(Row, error) bool) { doc.list(ctx, yield) },
		Body: func() (io.ReadCloser, error) { return io.NopCloser(body()), nil }}
	err = each(c)
	doc.used = true
	return err
}

// problems words what is wrong with a document, and adds what only the file shows: a caseid that was there before, and
// texts of the command line that it does not have.
func (d *documents) problems(got api.Decoded, place Place) (all []*Problem) {
	for _, p := range got.Problems {
		at := place
		at.Column = p.Field
		all = append(all, &Problem{Place: at, Text: p.Message(), Next: nextForJSON(p, place), Fatal: true})
	}
	said := textsOf(got.Case)
	for f, flag := range textsOf(d.Case) {
		if flag != "" && flag != said[f] && len(all) == 0 {
			at := place
			at.Column = fieldTable[f].name
			all = append(all, fatal(
				field(f),
				at,
				fmt.Sprintf("“%s”与命令行给出的“%s”不一致；JSON 按原样报送，命令行不能补充", grid.Brief(said[f]), grid.Brief(flag)),
				"改正文件，或不在命令行给出",
			))
		}
	}
	if d.seen == nil {
		return all
	}
	id := hashOf([]byte(got.Case.CaseID))
	if first := d.seen[id]; first > 0 && got.Case.CaseID != "" {
		all = append(
			all,
			fatal(caseID, place, fmt.Sprintf("案件编号“%s”与第%d行相同", grid.Brief(got.Case.CaseID), first), "改正或删去一行"),
		)
	}
	d.seen[id] = place.Row
	return all
}

func nextForJSON(p api.Problem, place Place) string {
	switch {
	case p.Code != api.InvalidJSON:
		return "在生成该文件的系统中改正"
	case strings.Contains(p.Detail, "UTF-8"):
		return "把文件另存为 UTF-8 编码"
	case place.Row > 0:
		return "每行须是一个完整的 JSON 对象，对象内不换行"
	}
	return "文件须是一个 JSON 对象；几件案件用 .ndjson 文件，每行一件"
}

// document is the list of one document.
type document struct {
	body     func() *io.SectionReader
	place    Place
	problems []*Problem
	codes    codes
	told     int
	used     bool
}

// at is the place of a member of an item, of the case where it has none.
func (d *document) at(f field, pos int) Place {
	at := d.place
	if at.Column = fieldTable[f].name; f >= pripID {
		at.Column = fmt.Sprintf("penaltylist[%d].%s", pos, fieldTable[f].name)
	}
	return at
}

// looks refuses a caseid that was a number, or holds the case for one that may have been.
func (d *document) looks(c api.Case) {
	switch harm, what := rules.CaseIDHarm(c.CaseID); harm {
	case rules.Certain:
		d.problems = append(d.problems, destroyed(caseID, d.at(caseID, 0), c.CaseID, what))
	case rules.Likely:
		d.codes.hold(caseID, 0, "编号“"+grid.Brief(c.CaseID)+"”"+what+"，原来的编号可能已经变样")
	}
}

// judge yields what is wrong with the codes of an item, and reports whether to go on. Beyond MaxProblems they are only
// counted.
func (d *document) judge(i int, e api.Entity, yield func(Row, error) bool) (fit, more bool) {
	fit, more = true, true
	for k, code := range [...]string{e.PripID, e.UniscID} {
		p := d.codes.judge(pripID+field(k), code, i)
		if p == nil {
			continue
		}
		fit = false
		if d.told++; d.told <= MaxProblems && more {
			more = yield(Row{Place: p.Place}, p)
		}
	}
	return fit, more
}

// end yields what the whole list shows.
func (d *document) end(yield func(Row, error) bool) {
	for _, p := range d.codes.end() {
		if !yield(Row{Place: p.Place}, p) {
			return
		}
	}
	if rest := d.told - MaxProblems; rest > 0 {
		yield(Row{}, &Problem{Place: d.place, Text: fmt.Sprintf("另有%d处问题未逐一列出", rest), Next: "改正后重试", Fatal: true})
	}
}

func (d *document) list(ctx context.Context, yield func(Row, error) bool) {
	if d.used {
		yield(Row{}, errConsumed)
		return
	}
	d.used = true
	for _, p := range d.problems {
		if !yield(Row{Place: p.Place}, p) {
			return
		}
	}
	in := &stoppable{r: ctxreader.Reader{Ctx: ctx, R: d.body()}}
	_, err := api.ReadCase(in, math.MaxInt, func(i int, e api.Entity) {
		at := d.place
		at.Column = fmt.Sprintf("penaltylist[%d]", i)
		if in.stop != nil {
			return
		}
		fit, more := d.judge(i, e, yield)
		if !more || fit && !yield(Row{Entity: e, Place: at}, nil) {
			in.stop = errStop
		}
	})
	switch {
	case in.stop != nil:
	case err != nil:
		yield(Row{}, err)
	default:
		d.end(yield)
	}
}

// stoppable is a reader that ends once stop is set.
type stoppable struct {
	r    io.Reader
	stop error
}

func (s *stoppable) Read(p []byte) (int, error) {
	if s.stop != nil {
		return 0, s.stop
	}
	return s.r.Read(p)
}
