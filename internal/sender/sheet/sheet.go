// Package sheet reads the files that a clerk or a case system has (CSV, XLSX, JSON, JSON Lines) into cases, and writes
// the template for them.
//
// Memory does not grow with a list, so rows are handed out while the file is read, and problems among them. Anything
// that may not wait until then is looked for first: no case is handed out of a file whose headings, numbers of cases or
// sheet 案件 are wrong. Values are sent as they stand; what a spreadsheet has put around them is taken off, and what it
// has destroyed is refused.
package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

// Options say what the file does not.
type Options struct {
	// Case has the texts that the command line gives, for all cases of the file. They fill what the file does not say;
	// where both say something and differ, that is a problem. A JSON document goes out as it stands and is never
	// filled.
	Case api.Case
	// Sheet names the sheet of a workbook that holds the list; "": the visible one with the headings of a list.
	Sheet string
	// Note gets what the user should know though nothing stands against sending: values that were unwrapped, columns
	// that were left out, codes that look cut. Fatal is false. nil: they are dropped.
	Note func(Problem)
}

// Case is one case of a file. It is valid until the function that it was handed to returns.
type Case struct {
	api.Case // the seven texts; PenaltyList is nil
	Where    Place
	// Texts are the places of the seven texts: a cell of the list, or of the sheet 案件; of a table only.
	Texts TextPlaces
	// List yields the rows in order, once. A *Problem as error means that the case must not be sent; one may read on to
	// get all of them (MaxProblems, then one that counts the rest). A row with problems is not yielded itself. Any
	// other error ends it.
	List iter.Seq2[Row, error]
	// Body opens the JSON document as it stands in the file; nil for CSV and XLSX.
	Body func() (io.ReadCloser, error)
	// Size is the length of Body.
	Size int64
	// Decoded is what the document says, with digest and problems (List yields them too); nil for CSV and XLSX.
	Decoded *api.Decoded
}

// TextPlaces are where the texts of a case stand.
type TextPlaces [caseFields]Place

// Of is the place of a text, such as penaltydate; ok is false where it is in no cell: the command line has it, or
// nothing.
func (t *TextPlaces) Of(name string) (at Place, ok bool) {
	f, known := fieldNamed(name)
	if !known || int(f) >= caseFields {
		return Place{}, false
	}
	return t[f], t[f].Row > 0 && t[f].Column != ""
}

// Row is one entity of a list.
type Row struct {
	api.Entity
	Place
	head *head
}

// At is the place of a member, such as uniscid, in the row.
func (r Row) At(name string) Place {
	p := r.Place
	if f, ok := fieldNamed(name); ok && r.head != nil && r.head.column[f] >= 0 {
		p.Column = grid.ColumnName(r.head.column[f])
	} else if ok && r.head == nil && p.Column != "" {
		p.Column += "." + name
	}
	return p
}

// Read calls each for every case of a file, in order. The kind of file is told by its name: .csv, .txt and .tsv, .xlsx,
// .json (one document), .ndjson and .jsonl (one document a line). A workbook under another name is recognised.
//
// The error is that of each, a *Problem that concerns the file as a whole, or that of the system. Before the first case
// is handed out, headings, the sheet 案件 and the numbers of all cases have been checked; the rows have not. A caller who
// wants all cases or none reads the file twice.
func Read(ctx context.Context, path string, o Options, each func(*Case) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if err := notFile(path, info.Mode()); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if o.Note == nil {
		o.Note = func(Problem) {}
	}
	s := &source{f, info.Size(), Place{File: path}, o}
	if err := s.read(ctx, each); err != nil {
		return err
	}
	if now, err := f.Stat(); err != nil || now.Size() != info.Size() || !now.ModTime().Equal(info.ModTime()) {
		return s.unreadable("文件在读取时被改动", "等别的程序保存完毕后重试")
	}
	return nil
}

// notFile refuses what cannot be read from anywhere in it. To open a pipe would wait for whoever writes to it.
func notFile(path string, mode os.FileMode) error {
	switch {
	case mode.IsDir():
		return &Problem{Place: Place{File: path}, Text: "是文件夹，不是文件", Next: "写出其中要报送的文件", Fatal: true}
	case !mode.IsRegular():
		return &Problem{Place: Place{File: path}, Text: "是管道或设备，不是文件", Next: "先存为文件，再报送", Fatal: true}
	}
	return nil
}

// source is the file that is read.
type source struct {
	io.ReaderAt
	size  int64
	place Place
	Options
}

func (s *source) unreadable(text, next string) error {
	return &Problem{Place: s.place, Text: text, Next: next, Fatal: true}
}

// read tells what kind of file it is.
func (s *source) read(ctx context.Context, each func(*Case) error) error {
	var head [512]byte
	n, err := s.ReadAt(head[:], 0)
	if err != nil && err != io.EOF {
		return err
	}
	magic, ext := head[:n], strings.ToLower(filepath.Ext(s.place.File))
	switch {
	case n == 0:
		return s.unreadable("文件是空的", "检查是否选对了文件")
	case bytes.HasPrefix(magic, []byte("\xd0\xcf\x11\xe0")):
		return s.unreadable("是旧格式（.xls）或加了密码的工作簿，无法读取", "用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx")
	case isMarkup(magic):
		return s.unreadable("是网页或 XML 格式，不是表格文件", exportStep)
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")) && ext != ".ods" && ext != ".numbers":
		return s.readWorkbook(ctx, each)
	}
	if (ext == ".xls" || ext == ".et") && isPlainText(magic) {
		s.Note(Problem{Place: s.place, Text: "扩展名是 " + ext + "，内容却是文本，已按 CSV 直接读取", Next: "不要用 Excel 打开后另存：长编号会被改"})
		return s.readCSV(ctx, each)
	}
	switch ext {
	case ".csv", ".txt", ".tsv":
		return s.readCSV(ctx, each)
	case ".json":
		return s.readJSON(ctx, each)
	case ".ndjson", ".jsonl":
		return s.readLines(ctx, each)
	case ".xls", ".et", ".ods", ".numbers":
		return s.unreadable(fmt.Sprintf("是 %s 文件，不能直接读取", ext), "用 Excel 或 WPS 打开，另存为 .xlsx")
	case ".xlsx", ".xlsm":
		return s.unreadable("不是 xlsx 工作簿，只是用了它的扩展名", exportStep)
	}
	return s.unreadable(fmt.Sprintf("不认识的文件类型 %q", ext), "使用 .xlsx、.csv、.json、.ndjson 或 .jsonl 文件")
}

// exportStep does not send anybody to a spreadsheet: opened there, texts that are not marked as such lose the digits of
// long codes.
const exportStep = "在原系统重新导出为 CSV 或 xlsx；不要用 Excel 或 WPS 打开后另存，长编号会被改"

// isMarkup reports whether a file begins as a page or as XML does, in UTF-8 or UTF-16.
func isMarkup(magic []byte) bool {
	text := bytes.ReplaceAll(bytes.TrimLeft(magic, "\xef\xbb\xbf\xff\xfe \t\r\n\x00"), []byte{0}, nil)
	return bytes.HasPrefix(text, []byte("<")) || bytes.HasPrefix(bytes.ToUpper(text), []byte("MIME-VERSION:"))
}

// isPlainText reports whether a file begins with text and not as something that only a program reads.
func isPlainText(magic []byte) bool {
	if grid.HasUTF16Mark(magic) {
		return true
	}
	return !bytes.ContainsFunc(magic, func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' && r != '\n' }) &&
		bytes.ContainsAny(magic, "\t,;") && !bytes.HasPrefix(magic, []byte("PK"))
}

// readCSV reads the cases of a CSV file, whose separator is the one with which its headings are found.
func (s *source) readCSV(ctx context.Context, each func(*Case) error) error {
	var held []Problem
	cs, err := grid.CharsetOf(s, s.place)
	if err == nil && cs == grid.GB18030 {
		held, err = grid.CheckGB18030(s, s.place)
	}
	if err != nil {
		return err
	}
	var best head
	var first []string
	var in grid.Table
	var broken error
	for _, sep := range []byte(",\t;") {
		t := grid.Table{Place: s.place, Strict: true, Open: func() (grid.Rows, error) {
			return grid.NewCSV(cs.TextOf(s, s.place), s.place, sep), nil
		}}
		h, top, err := findHead(t)
		if sep == ',' || h.known > best.known {
			in, best, first, broken = t, h, top, err
		}
	}
	if broken != nil && best.known == 0 {
		return broken
	}
	return s.readTable(ctx, in, best, first, held, each)
}

// readTable reads the cases of a list; held is what holds each of them.
func (s *source) readTable(
	ctx context.Context,
	t grid.Table,
	h head,
	first []string,
	held []Problem,
	each func(*Case) error,
) error {
	if err := h.check(t.Place, first); err != nil {
		return err
	}
	r := &tableReader{Table: t, head: h, flags: textsOf(s.Case), v: newValues(s.Note), note: s.Note, held: held,
		plain: make(plainTexts)}
	return r.read(ctx, each)
}
