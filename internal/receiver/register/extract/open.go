package extract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/register"
)

// Options say how an extract is read.
type Options struct {
	States   States
	Progress func(Progress) // nil: progress is not wanted
}

// Extract is files that were looked through: their charsets and headings are known, their rows were not read.
type Extract struct {
	Options
	ctx     context.Context
	sources []*source
	tables  []*table
	found   findings
	counts  counts
}

// source is one file.
type source struct {
	File
	report register.File
	no     int
	info   fs.FileInfo
	book   *grid.Workbook
}

// table is a CSV file or a sheet of a workbook with headings.
type table struct {
	grid.Table
	of    *source
	kind  string
	head  head
	rows  int
	first []register.Firm
	base  uint32 // lines of the tables before
	begun bool
}

// Open looks files through that make one extract together. *Refused: they cannot be taken in; the Extract then still
// says by Preview what was found, and is to be closed too. It is read within ctx.
func Open(ctx context.Context, files []File, o Options) (*Extract, error) {
	o.States = o.States.withBuiltIn()
	x := &Extract{Options: o, ctx: ctx, found: newFindings(), counts: newCounts()}
	for i, f := range files {
		s := &source{File: f, no: i + 1}
		s.In = within{ctx, f.In}
		x.sources = append(x.sources, s)
		x.tell(s)
		if err := x.open(s); err != nil {
			if p, ok := errors.AsType[*grid.Problem](err); ok {
				x.found.refuse(p)
				continue
			}
			return x, err
		}
	}
	x.compare()
	return x, x.found.refused()
}

// Close removes what was kept beside the files.
func (x *Extract) Close() (err error) {
	for _, s := range x.sources {
		if s.book != nil {
			err = errors.Join(err, s.book.Close())
		}
	}
	return err
}

// within is a file that cannot be read once ctx has ended.
type within struct {
	ctx context.Context
	in  io.ReaderAt
}

func (w within) ReadAt(p []byte, off int64) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.in.ReadAt(p, off)
}

func (x *Extract) tell(s *source) {
	if x.Progress != nil {
		x.Progress(Progress{File: s.Name, No: s.no, Files: len(x.sources), Rows: x.counts.rows})
	}
}

func (s *source) place() grid.Place { return grid.Place{File: s.Name} }

// baseName is the name of a file without its folder.
func baseName(at grid.Place) string { return filepath.Base(at.File) }

// stat is what the system says of a file, nil for one that is not the system's.
func (s *source) stat() fs.FileInfo {
	w := s.In.(within)
	if f, ok := w.in.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := f.Stat(); err == nil {
			return info
		}
	}
	return nil
}

// unchanged is a problem where a file was written to while it was read.
func (s *source) unchanged() error {
	now := s.stat()
	if s.info == nil || now == nil || now.Size() == s.info.Size() && now.ModTime().Equal(s.info.ModTime()) {
		return nil
	}
	return fatal(s.place(), "文件在读取时被改动", "等别的程序写完后重试")
}

// open tells what kind of file it is, and finds its tables.
func (x *Extract) open(s *source) error {
	s.info = s.stat()
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(s.In, 0, s.Size)); err != nil {
		return err
	}
	s.report.Name, s.report.Bytes = baseName(s.place()), s.Size
	s.report.SHA256 = hex.EncodeToString(h.Sum(nil))
	var head [512]byte
	n, err := s.In.ReadAt(head[:min(int64(len(head)), s.Size)], 0)
	if err != nil && err != io.EOF {
		return err
	}
	magic := head[:n]
	switch ext := strings.ToLower(filepath.Ext(s.Name)); {
	case n == 0:
		return fatal(s.place(), "文件是空的", "检查是否选对了文件")
	case bytes.HasPrefix(magic, []byte("\xd0\xcf\x11\xe0")):
		return fatal(s.place(), "是旧格式（.xls）或加了密码的工作簿，无法读取", reexportStep)
	case isMarkup(magic):
		return fatal(s.place(), "是网页或 XML 格式，不是表格文件", reexportStep)
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		return x.openBook(s)
	case ext == ".xlsx" || ext == ".xlsm" || ext == ".zip":
		return fatal(s.place(), "不是 xlsx 工作簿，只是用了它的扩展名；或文件没有传完", reexportStep)
	case ext == ".csv" || ext == ".txt" || ext == ".tsv" || ext == ".xls" || ext == "":
		return x.openCSV(s)
	default:
		return fatal(s.place(), "不认识的文件类型 "+grid.Brief(ext), "使用 .csv 或 .xlsx 文件")
	}
}

const reexportStep = "从登记系统重新导出为 CSV 或 xlsx；不要用表格软件打开后另存，长编号会被改"

// isMarkup reports whether a file begins as a page or as XML does, in UTF-8 or UTF-16.
func isMarkup(magic []byte) bool {
	text := bytes.ReplaceAll(bytes.TrimLeft(magic, "\xef\xbb\xbf\xff\xfe \t\r\n\x00"), []byte{0}, nil)
	return bytes.HasPrefix(text, []byte("<")) || bytes.HasPrefix(bytes.ToUpper(text), []byte("MIME-VERSION:"))
}

// openCSV finds the headings of a CSV file, and with them its separator.
func (x *Extract) openCSV(s *source) error {
	cs, err := grid.CharsetOf(s.In, s.place())
	var held []grid.Problem
	if err == nil && cs == grid.GB18030 {
		held, err = grid.CheckGB18030(s.In, s.place())
	}
	if err != nil {
		return err
	}
	for _, p := range held {
		x.found.remark(p.Place, p.Text, p.Next)
	}
	if !s.endsInBreak() {
		x.found.remark(s.place(), "最后一行没有换行，文件可能没有导完或传完", "核对行数和最后一行")
	}
	var best *table
	var top []string
	var broken error
	for _, sep := range []byte(",\t;|") {
		t := &table{of: s, kind: "CSV（" + cs.String() + "）"}
		t.Table = grid.Table{Place: s.place(), Strict: true, Open: func() (grid.Rows, error) {
			return grid.NewCSV(cs.TextOf(s.In, s.place()), s.place(), sep).AtMost(grid.MaxColumns), nil
		}}
		h, first, err := findHead(t.Table)
		t.head = h
		if best == nil || h.known > best.head.known {
			best, top, broken = t, first, err
		}
	}
	if broken != nil && best.head.known < leastKnown {
		return broken
	}
	return x.take(best, top)
}

// endsInBreak reports whether the file ends in a line break, in any charset.
func (s *source) endsInBreak() bool {
	var end [2]byte
	n, err := s.In.ReadAt(end[:], max(0, s.Size-int64(len(end))))
	return err != nil && err != io.EOF || bytes.ContainsAny(end[:n], "\r\n")
}

// openBook finds the sheets of a workbook that have headings: an extract of more rows than a sheet holds is in several.
func (x *Extract) openBook(s *source) (err error) {
	if s.book, err = grid.OpenWorkbook(s.In, s.Size, s.place()); err != nil {
		return err
	}
	taken, all := 0, []string{}
	for _, sheet := range s.book.Sheets {
		t := &table{of: s, kind: "XLSX", Table: s.book.Table(sheet)}
		h, first, err := findHead(t.Table)
		if err != nil {
			return err
		}
		all = append(all, "“"+grid.Brief(sheet.Name)+"”")
		t.head = h
		switch {
		case h.known < leastKnown && first == nil:
		case h.known < leastKnown:
			x.found.remark(t.Place, "该工作表没有主体库的标题行，未读取", "如含主体，补上标题行")
		case sheet.Hidden:
			x.found.refuse(fatal(t.Place, "该工作表被隐藏，却有主体库的标题行", "取消隐藏，核对后重试；不用的须删去"))
		default:
			taken++
			if err := x.take(t, first); err != nil {
				return err
			}
		}
	}
	if taken == 0 && len(x.found.Problems) == 0 {
		return fatal(s.place(), "没有主体库的工作表；有 "+strings.Join(all[:min(len(all), 20)], "、"), headingStep)
	}
	return nil
}

// take takes a table in, if its headings are right.
func (x *Extract) take(t *table, first []string) error {
	if t.head.known < leastKnown {
		text := "前20行中没有主体库的标题行"
		if len(first) > 0 {
			text += "；首行为 " + brief(first)
		}
		return fatal(t.Place, text, headingStep)
	}
	x.tables = append(x.tables, t)
	t.head.check(t.Place, &x.found)
	at := t.Place
	at.Row = t.head.row
	used := t.head.used()
	if names := t.head.listed(func(i int) bool { return !used[i] }); names != nil {
		x.found.remark(at, "这些列不认识，未使用："+brief(names), "")
	}
	return x.refuseMerged(t)
}

// refuseMerged refuses merged cells below the headings: all but one of them are blank.
func (x *Extract) refuseMerged(t *table) error {
	if t.Merges == nil {
		return nil
	}
	merges, err := t.Merges()
	used := t.head.used()
	for _, m := range merges {
		for col := int(m.Column); col <= int(m.LastColumn) && int(m.LastRow) > t.head.row; col++ {
			if used[col] {
				at := t.Place
				at.Row, at.Column = int(m.LastRow), grid.ColumnName(col)
				x.found.refuse(fatal(at, "是合并的单元格（从"+m.First()+"起），只有首格有内容", grid.UnmergeStep))
				break
			}
		}
	}
	return err
}

// compare finds what is wrong between the files.
func (x *Extract) compare() {
	bySum := make(map[string]*source)
	for _, s := range x.sources {
		if was := bySum[s.report.SHA256]; was != nil && s.report.SHA256 != "" {
			x.found.refuse(fatal(s.place(), "与 "+baseName(was.place())+" 内容完全相同", "同一文件只给一次；检查是否漏了另一个文件"))
		}
		bySum[s.report.SHA256] = s
	}
	for _, t := range x.tables {
		if t.head.has(mark) != x.Changes() {
			x.found.refuse(fatal(t.Place, "各文件有的有变更标记列，有的没有", "全量文件与变更文件分开导入"))
			return
		}
	}
}

// Changes reports whether the rows have change marks.
func (x *Extract) Changes() bool { return len(x.tables) > 0 && x.tables[0].head.has(mark) }
