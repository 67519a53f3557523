package reconcile

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// listHeadings are the columns of a list of cases, by any of their headings.
var listHeadings = map[string][]string{
	"caseid":   {"caseid", "案件编号", "案号"},
	"acceptid": {"acceptid", "accpetid", "受理号", "业务受理号", "受理编号"},
	"digest":   {"digest", "内容摘要", "摘要"},
	"sha256":   {"sha256", "报文sha256", "报文摘要"},
	"state":    {"state", "状态"},
}

// caseList is a CSV file of cases, as an export of an outbox or a system of one's own have it.
type caseList struct {
	name    string
	columns map[string]int
}

// ErrList marks a list that cannot be used as it is; the error says where and why, in Chinese.
var ErrList = errors.New("清单有误")

// listError is an error that is ErrList.
type listError struct{ error }

func (listError) Is(target error) bool { return target == ErrList }
func (e listError) Unwrap() error      { return e.error }

func wrongList(format string, args ...any) error { return listError{fmt.Errorf(format, args...)} }

// FromList takes over a CSV file of cases and calls tell after each. Its first row has the headings: caseid (案件编号), and
// one or more of acceptid (受理号), digest (内容摘要), sha256 and state (状态), without which every case in it counts as
// accepted, but for those whose acceptid is left empty: of these the outcome is unknown. Anything that is wrong with
// the list is ErrList.
func (l *Ledger) FromList(path string, tell func()) error {
	f, err := os.Open(path)
	if err != nil {
		return listError{fmt.Errorf("清单：%w", err)}
	}
	defer f.Close()
	list := caseList{name: path}
	for row, err := range sheet.Rows(f, path) {
		if err != nil {
			return list.problem(err)
		}
		if list.columns == nil {
			if err := list.head(row); err != nil {
				return err
			}
			continue
		}
		h, err := list.read(row)
		if err != nil {
			return err
		}
		if h.caseID != "" {
			l.add(h)
			tell()
		}
	}
	if list.columns == nil {
		return wrongList("清单 %s 是空的", path)
	}
	if len(l.cases) == 0 {
		return wrongList("清单 %s 中没有一件案件", path)
	}
	return nil
}

// head reads the headings.
func (l *caseList) head(row sheet.Texts) error {
	l.columns = make(map[string]int)
	for i, cell := range row.Cells {
		for name, headings := range listHeadings {
			for _, h := range headings {
				if heading(cell) == heading(h) {
					l.columns[name] = i
				}
			}
		}
	}
	if _, ok := l.columns["caseid"]; !ok {
		return wrongList("清单 %s 第 %d 行没有“案件编号”（caseid）一列；首行应为列名", l.name, row.Row)
	}
	if !l.has("digest") && !l.has("sha256") && !l.has("acceptid") {
		return wrongList("清单 %s 除案件编号外，至少要有 受理号（acceptid）、内容摘要（digest）、sha256 之一", l.name)
	}
	return nil
}

// heading is one without case, blanks and word marks.
func heading(cell string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(strings.TrimSpace(cell)))
}

func (l *caseList) has(column string) bool { _, ok := l.columns[column]; return ok }

// read is the case of a row.
func (l *caseList) read(row sheet.Texts) (h held, err error) {
	h = held{caseID: l.cell(row, "caseid"), acceptID: l.cell(row, "acceptid"), state: outbox.Accepted, current: true}
	if s := l.cell(row, "state"); s != "" {
		known, ok := outbox.StateOf(s)
		if !ok && s != api.StateVerified {
			return h, wrongList("清单 %s 第 %d 行：状态 %q 不认识；可用：已受理、已核验、已退回、待发送、被拒绝、结果未知", l.name, row.Row, s)
		}
		if ok {
			h.state = known
		}
	}
	if h.listed = true; h.acceptID == "" && l.has("acceptid") && l.cell(row, "state") == "" {
		h.state = outbox.Unknown // the answer was lost
	}
	if strings.Contains(h.acceptID, "E+") {
		return h, wrongList("清单 %s 第 %d 行：受理号 %s 已被表格软件改成科学记数，位数丢失；把该列设为文本后重新导出", l.name, row.Row, h.acceptID)
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
			return h, wrongList("清单 %s 第 %d 行：%s 应为 64 位十六进制数", l.name, row.Row, c.name)
		}
	}
	return h, nil
}

// cell is a value without what spreadsheets put around numbers that are texts.
func (l *caseList) cell(row sheet.Texts, column string) string {
	i, ok := l.columns[column]
	if !ok || i >= len(row.Cells) {
		return ""
	}
	text := strings.TrimSpace(row.Cells[i])
	if inner, ok := strings.CutPrefix(text, `="`); ok {
		text = strings.TrimSuffix(inner, `"`)
	}
	return strings.TrimPrefix(text, "'")
}

func (l *caseList) problem(err error) error {
	if _, ok := errors.AsType[*sheet.Problem](err); ok {
		return listError{fmt.Errorf("清单 %w", err)}
	}
	return fmt.Errorf("清单 %s：%w", l.name, err)
}
