package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/outbox"
)

// The columns of a list of cases, by any of their headings.
var listHeadings = map[string][]string{
	"caseid":   {"caseid", "案件编号", "案号"},
	"acceptid": {"acceptid", "accpetid", "受理号", "业务受理号", "受理编号"},
	"digest":   {"digest", "内容摘要", "摘要"},
	"sha256":   {"sha256", "报文sha256", "报文摘要"},
	"state":    {"state", "状态"},
}

// caseList is a CSV file of cases, as receipts or a system of one's own have it.
type caseList struct {
	name    string
	in      *csv.Reader
	columns map[string]int
}

// fromList takes over a list. Without a column for the state every case in it counts as accepted.
func (l *ledger) fromList(path string, p *progress) error {
	f, err := os.Open(path)
	if err != nil {
		return usageError{fmt.Errorf("清单：%w", err)}
	}
	defer f.Close()
	text, err := decoded(f)
	if err != nil {
		return fmt.Errorf("清单 %s：%w", path, err)
	}
	list := caseList{name: path, in: csv.NewReader(text)}
	list.in.FieldsPerRecord, list.in.LazyQuotes, list.in.ReuseRecord = -1, true, true
	if err := list.head(); err != nil {
		return err
	}
	for {
		h, err := list.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if h.caseID != "" {
			l.add(h)
			p.at("读出清单 %s 件", thousands(len(l.cases)))
		}
	}
	if len(l.cases) == 0 {
		return usagef("清单 %s 中没有一件案件", path)
	}
	return nil
}

// decoded is the text of a file in UTF-8 or, as Chinese spreadsheets write it, GB18030. It reads the file twice.
func decoded(f *os.File) (io.Reader, error) {
	charset, err := charsetOf(f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(charset.Reader(f), 64<<10)
	if mark, _, err := in.ReadRune(); err == nil && mark != '\uFEFF' {
		in.UnreadRune()
	}
	return in, nil
}

func charsetOf(r io.Reader) (intake.Charset, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		c, size, err := in.ReadRune()
		switch {
		case err == io.EOF:
			return intake.UTF8, nil
		case err != nil:
			return "", err
		case c == utf8.RuneError && size == 1:
			return intake.GB18030, nil
		}
	}
}

// head reads the headings.
func (l *caseList) head() error {
	row, err := l.in.Read()
	if err == io.EOF {
		return usagef("清单 %s 是空的", l.name)
	}
	if err != nil {
		return l.problem(err)
	}
	l.columns = make(map[string]int)
	for i, cell := range row {
		for name, headings := range listHeadings {
			for _, h := range headings {
				if folded(strings.TrimSpace(cell)) == folded(h) {
					l.columns[name] = i
				}
			}
		}
	}
	if _, ok := l.columns["caseid"]; !ok {
		return usagef("清单 %s 第 1 行没有“案件编号”（caseid）一列；首行应为列名", l.name)
	}
	if !l.has("digest") && !l.has("sha256") && !l.has("acceptid") {
		return usagef("清单 %s 除案件编号外，至少要有 受理号（acceptid）、内容摘要（digest）、sha256 之一", l.name)
	}
	return nil
}

func (l *caseList) has(column string) bool { _, ok := l.columns[column]; return ok }

func (l *caseList) next() (h held, err error) {
	row, err := l.in.Read()
	if err == io.EOF {
		return h, err
	}
	if err != nil {
		return h, l.problem(err)
	}
	line, _ := l.in.FieldPos(0)
	h = held{caseID: l.cell(row, "caseid"), acceptID: l.cell(row, "acceptid"), state: outbox.Accepted, current: true}
	if s := l.cell(row, "state"); s != "" {
		known, ok := outbox.StateOf(s)
		if !ok && s != stateVerified {
			return h, usagef("清单 %s 第 %d 行：状态 %q 不认识；可用：已受理、已核验、已退回、待发送、被拒绝、结果未知", l.name, line, s)
		}
		if ok {
			h.state = known
		}
	}
	if strings.Contains(h.acceptID, "E+") {
		return h, usagef("清单 %s 第 %d 行：受理号 %s 已被表格软件改成科学记数，位数丢失；把该列设为文本后重新导出", l.name, line, h.acceptID)
	}
	for _, c := range []struct {
		name string
		to   *sum
	}{{"digest", &h.digest}, {"sha256", &h.sha256}} {
		text := l.cell(row, c.name)
		if text == "" {
			continue
		}
		var ok bool
		if *c.to, ok = parseSum(text); !ok {
			return h, usagef("清单 %s 第 %d 行：%s 应为 64 位十六进制数", l.name, line, c.name)
		}
	}
	return h, nil
}

// cell is a value without what spreadsheets put around numbers that are texts.
func (l *caseList) cell(row []string, column string) string {
	i, ok := l.columns[column]
	if !ok || i >= len(row) {
		return ""
	}
	text := strings.TrimSpace(row[i])
	if inner, ok := strings.CutPrefix(text, `="`); ok {
		text = strings.TrimSuffix(inner, `"`)
	}
	return strings.TrimPrefix(text, "'")
}

func (l *caseList) problem(err error) error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return usagef("清单 %s 第 %d 行：不是有效的 CSV，请检查引号", l.name, e.Line)
	}
	if errors.Is(err, intake.ErrEncoding) {
		return usagef("清单 %s 既不是 UTF-8 也不是 GB18030；请用“CSV UTF-8”重新导出", l.name)
	}
	return fmt.Errorf("清单 %s：%w", l.name, err)
}
