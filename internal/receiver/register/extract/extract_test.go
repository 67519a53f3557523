package extract_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
)

const headings = "主体身份代码,统一社会信用代码,注册号,名称,法定代表人,企业类型,登记状态,登记机关,成立日期,核准日期\n"

// rowOf is a row of an honest firm.
func rowOf(i int) string {
	return fmt.Sprintf("%s,%s,%s,第%d号商贸有限责任公司,乌云其木格,1130,存续,新城区市场监督管理局,2016-02-01,2024-05-06\n", pripIDOf(i),
		codeOf(i), regNoOf(i), i)
}

// rowsOf are rows of n honest firms.
func rowsOf(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(rowOf(i))
	}
	return b.String()
}

func look(t *testing.T, files ...extract.File) extract.Preview {
	t.Helper()
	p, err := extract.Look(t.Context(), files, extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// clean is a preview of files that nothing is said against.
func clean(t *testing.T, files ...extract.File) extract.Preview {
	t.Helper()
	p := look(t, files...)
	for _, problem := range p.Problems {
		t.Error(problem.Error())
	}
	return p
}

// firms are the rows that are handed out of files.
func firms(t *testing.T, files ...extract.File) (all []register.Firm) {
	t.Helper()
	x, err := extract.Open(t.Context(), files, extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Rows(func(r *extract.Row) error { all = append(all, r.Firm); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// refuses holds that files are refused, with a problem whose text has all parts, and that no row after it is handed
// out.
func refuses(t *testing.T, parts []string, files ...extract.File) {
	t.Helper()
	p := look(t, files...)
	for _, problem := range p.Problems {
		if hasAll(problem.Error(), parts) && problem.Next != "" {
			return
		}
	}
	t.Errorf("no problem has %q: %q", parts, textsOf(p.Problems))
}

func hasAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

func textsOf(ps []grid.Problem) (all []string) {
	for _, p := range ps {
		all = append(all, p.Error())
	}
	return all
}

// TestSpellings reads one extract in every way that it is written.
func TestSpellings(t *testing.T) {
	plain := headings + rowsOf(3)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]extract.File{
		"utf8":    textFile("a.csv", plain),
		"mark":    textFile("a.csv", "\ufeff"+plain),
		"gbk":     textFile("a.csv", gbk),
		"utf16le": csvFile("a.txt", utf16Of(plain, binary.LittleEndian)),
		"utf16be": csvFile("a.csv", utf16Of(plain, binary.BigEndian)),
		"crlf":    textFile("a.csv", strings.ReplaceAll(plain, "\n", "\r\n")),
		"tabs":    textFile("a.tsv", strings.ReplaceAll(plain, ",", "\t")),
		"semi":    textFile("a.csv", strings.ReplaceAll(plain, ",", ";")),
		"bars":    textFile("a.txt", strings.ReplaceAll(plain, ",", "|")),
		"quoted": textFile("a.csv", `"`+strings.ReplaceAll(strings.ReplaceAll(plain[:len(plain)-1], ",", `","`),
			"\n", "\"\n\"")+`"`),
		"titles": textFile("a.csv", "市场主体登记信息,,,\n\n截止 2026-11-01,,,\n"+plain),
		"commas": textFile("a.csv", strings.ReplaceAll(plain, "\n", ",,\n")),
		"open":   textFile("a.csv", strings.TrimSuffix(plain, "\n")),
		"tabbed": textFile("a.csv", strings.ReplaceAll(plain, ",91", ",\t91")),
		"excel":  textFile("a.csv", strings.ReplaceAll(plain, codeOf(1), `="`+codeOf(1)+`"`)),
		"null":   textFile("a.csv", plain+strings.Replace(rowOf(9), regNoOf(9), "NULL", 1)),
		"xlsx":   workbook(t, plain),
	}
	want := firms(t, files["utf8"])
	if len(want) != 3 || want[1].PripID != pripIDOf(1) || want[1].UniscID != codeOf(1) || want[1].RegNo != regNoOf(1) ||
		want[1].Name != "第1号商贸有限责任公司" || want[1].Legal != "乌云其木格" || want[1].EntType != "1130" ||
		want[1].State != register.Live || want[1].StateText != "存续" || want[1].Organ != "新城区市场监督管理局" ||
		want[1].Founded != "2016-02-01" || want[1].Approved != "2024-05-06" {
		t.Fatalf("%+v", want)
	}
	for name, f := range files {
		p := clean(t, f)
		if len(p.Tables) != 1 || len(p.Tables[0].Columns) != 10 || len(p.Tables[0].Absent) != 0 {
			t.Errorf("%s: %+v", name, p.Tables)
		}
		got := firms(t, f)
		if name == "null" {
			if got[3].RegNo != "" {
				t.Errorf("NULL is a registration number: %+v", got[3])
			}
			got = got[:3]
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %+v", name, got)
		}
		if n := p.Report.Oddity[register.OddShared] + p.Report.Oddity[register.OddCheck] +
			p.Report.Oddity[register.OddState]; n != 0 {
			t.Errorf("%s: oddities %v", name, p.Report.Oddity)
		}
	}
	two := clean(t, files["utf8"], textFile("b.csv", headings+rowOf(8)))
	if two.Rows != 4 || len(two.Report.Files) != 2 || two.Report.Files[1].Rows != 1 ||
		len(two.Report.Files[1].SHA256) != 64 {
		t.Errorf("%+v", two.Report)
	}
}

func utf16Of(text string, order binary.AppendByteOrder) (b []byte) {
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

// workbook is a sheet with the cells of a CSV text, as texts.
func workbook(t *testing.T, text string) extract.File {
	t.Helper()
	return book(t, func(f *excelize.File) {
		for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			for k, cell := range strings.Split(line, ",") {
				setCell(t, f, k+1, i+1, cell)
			}
		}
	})
}

func setCell(t *testing.T, f *excelize.File, column, row int, value any) {
	t.Helper()
	at, err := excelize.CoordinatesToCellName(column, row)
	if err == nil {
		err = f.SetCellValue("Sheet1", at, value)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func book(t *testing.T, make func(*excelize.File)) extract.File {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	make(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return csvFile("主体库.xlsx", b.Bytes())
}

// TestHeadings finds the columns by their usual names and by those of the data standard.
func TestHeadings(t *testing.T) {
	firm := pripIDOf(1) + "," + codeOf(1) + ",甲公司,张三,存续"
	for _, line := range []string{
		"主体身份代码,统一社会信用代码,名称,法定代表人,登记状态",
		"市场主体身份代码,社会信用代码,企业名称,法定代表人（负责人）,经营状态",
		"ＰＲＩＰＩＤ,uniscid,entname,name,regstate", "PripID,UNISCID,traname,LEREP,EntStatus",
		"pripid,uniscid,ent_name,lerep_name,reg_state",
		"主体身份 代码,统一社会信用代码/注册号,主体名称,负责人,企业状态",
		"主体代码,信用代码,市场主体名称,经营者,状态",
		"主体身份代码*,统一社会信用代码（18位）,单位名称,法定代表人/负责人/经营者,登记状态（中文）",
		"【主体身份代码】,USCC,公司名称,首席代表,主体状态",
		"主体身份代码,统一社会信用代码,名称,投资人,登记状态名称",
		"主体身份代码,统一社会信用代码,名称,执行事务合伙人（委派代表）,登记状态",
	} {
		p := clean(t, textFile("a.csv", line+"\n"+firm+"\n"))
		if f := p.Tables[0].First[0]; f.PripID != pripIDOf(1) || f.UniscID != codeOf(1) || f.Name != "甲公司" ||
			f.Legal != "张三" || f.State != register.Live {
			t.Errorf("%s: %+v", line, f)
		}
	}
	p := clean(t, textFile("a.csv",
		"pripid,entname,name,enttype,regstate,regorg,estdate,核准日期（登记、吊销、注销）,住所\n"+
			"1,甲,张三,1130,1,局,2020-01-02,2020-01-03,某街\n"))
	f, columns := p.Tables[0].First[0], p.Tables[0].Columns
	if f.EntType != "1130" || f.Organ != "局" || f.Founded != "2020-01-02" || f.Approved != "2020-01-03" {
		t.Errorf("%+v", f)
	}
	if last := columns[8]; last.Letter != "I" || last.Heading != "住所" || last.Taken != "" ||
		columns[2].Taken != "法定代表人" {
		t.Errorf("%+v", columns)
	}
	if len(p.Remarks) != 1 || !strings.Contains(p.Remarks[0].Error(), "I列“住所”") || len(p.Tables[0].Absent) != 2 {
		t.Errorf("%q %q", textsOf(p.Remarks), p.Tables[0].Absent)
	}
}

// TestFirstLegal takes the first column of the legal representative that is not blank.
func TestFirstLegal(t *testing.T) {
	got := firms(t, textFile("a.csv",
		"pripid,名称,法定代表人,负责人,经营者,登记状态\n1,甲,张三,,,存续\n2,乙,,李四,王五,存续\n3,丙,,,王五,存续\n4,丁,,,,存续\n"))
	for i, want := range []string{"张三", "李四", "王五", ""} {
		if got[i].Legal != want {
			t.Errorf("%d: %q, want %q", i, got[i].Legal, want)
		}
	}
	coded := clean(t, textFile("a.csv",
		"pripid,名称,法人,登记状态,登记状态名称,企业类型,企业类型（中文）\n1,甲,张三,1,存续,1130,有限责任公司\n"))
	if f := coded.Tables[0].First[0]; f.StateText != "1" || f.EntType != "1130" {
		t.Errorf("%+v", f)
	}
}

// TestHeadingProblems names what is wrong with the columns.
func TestHeadingProblems(t *testing.T) {
	for line, parts := range map[string][]string{
		"主体身份代码,统一社会信用代码,法定代表人,登记状态": {"a.csv第1行", "缺少 名称",
			"A列“主体身份代码”"},
		"主体身份代码,名称,登记状态":                             {"缺少 法定代表人"},
		"主体身份代码,名称,法定代表人":                            {"缺少 登记状态"},
		"注册号,名称,法定代表人,登记状态":                          {"主体身份代码或统一社会信用代码"},
		"pripid,名称,企业名称,法定代表人,登记状态":                  {"B列“名称”和C列“企业名称”都是名称", "保留一列"},
		"pripid,名称,法定代表人,法人,登记状态":                    {"C列“法定代表人”和D列“法人”都是法定代表人"},
		"pripid,名称,法定代表人,登记状态,企业状态":                  {"D列“登记状态”和E列“企业状态”"},
		"uniscid,名称,法定代表人,登记状态,op":                   {"缺少 主体身份代码（有变更标记的文件按它更新）"},
		"姓名,电话,地址":                                   {"前20行中没有主体库的标题行", "A列“姓名”"},
		"pripid,统一社会信用代码（变更前）,名称,法定代表人,状态,核准日期,核准时间": {"核准日期”和G列“核准时间"},
	} {
		parts[0] = strings.Replace(parts[0], "a.csv第", "a.csv 第", 1)
		refuses(t, parts, textFile("a.csv", line+"\n1,2,3,4,5,6,7\n"))
	}
	old := look(t, textFile("a.csv", "pripid,原统一社会信用代码,名称,法定代表人,状态\n1,91,甲,张三,存续\n"))
	if f := old.Tables[0].First[0]; f.UniscID != "" {
		t.Errorf("an old code was taken for the code: %+v", f)
	}
}

// TestStates reads words and codes of states.
func TestStates(t *testing.T) {
	for word, want := range map[string]register.State{
		"存续": register.Live, "存续（在营、开业、在册）": register.Live, "存续(在营、开业、在册)": register.Live,
		"在营（开业）": register.Live,
		"开业":     register.Live, "在业": register.Live, "正常": register.Live, "1": register.Live,
		"在营（开业）企业": register.Live, "存续企业": register.Live, "迁出企业": register.MovedOut,
		"01": register.Live, "k": register.Live,
		"Ａ": register.Live, "1-存续": register.Live, "1 存续": register.Live,
		"1存续（在营、开业、在册）": register.Live, "登记成立": register.Live,
		"吊销": register.Revoked, "吊销，未注销": register.Revoked, "吊销（未注销）": register.Revoked,
		"已吊销": register.Revoked,
		"21":  register.Revoked, "2": register.Revoked, "DA": register.Revoked, "D": register.Revoked,
		"吊销，已注销": register.Deregistered, "吊销（已注销）": register.Deregistered, "22": register.Deregistered,
		"注销": register.Deregistered,
		"3":  register.Deregistered, "4": register.Deregistered, "吊销后注销": register.Deregistered,
		"迁出": register.MovedOut, "迁往外地": register.MovedOut, "歇业": register.Dormant,
		"清算中": register.Liquidating,
		"撤销":  register.Annulled, "撤销登记": register.Annulled, "9_01": register.Annulled,
		"": register.StateUnknown, "神秘": register.StateUnknown, "5": register.StateUnknown,
		"存续（吊销）": register.StateUnknown,
		"21存续":   register.StateUnknown, "拟吊销": register.StateUnknown, "未吊销": register.StateUnknown,
		"9-01": register.StateUnknown,
	} {
		p := clean(t, textFile("a.csv", "pripid,名称,法定代表人,登记状态\n1,甲,张三,\""+word+"\"\n"))
		if f := p.Tables[0].First[0]; f.State != want || f.StateText != word {
			t.Errorf("%q: %v, want %v", word, f.State, want)
		}
		if odd := p.Report.Oddity[register.OddState] == 1; odd != (want == register.StateUnknown) ||
			p.Report.States[want] != 1 {
			t.Errorf("%q: %+v", word, p.Report)
		}
	}
	p := clean(t, textFile("a.csv",
		"pripid,名称,法定代表人,登记状态\n1,甲,张三,神秘\n2,甲,张三,神秘\n3,甲,张三,古怪\n"))
	if fmt.Sprint(p.Report.Words) != "[{神秘 2} {古怪 1}]" || p.Report.Samples[0].Row != 2 {
		t.Errorf("%+v", p.Report)
	}
}

// TestStateFile puts words of a file before those that are built in, and names the line that is wrong.
func TestStateFile(t *testing.T) {
	states, err := extract.ReadStates(textFile("s.txt",
		"# 本省\n\n10\t存续\n神秘, 已吊销\n3  迁出\n除名 状态不明\n存续(在册)，清算\n"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := extract.Look(t.Context(), []extract.File{textFile("a.csv",
		"pripid,名称,法定代表人,登记状态\n1,甲,张三,10\n2,甲,张三,神秘\n"+
			"3,甲,张三,3\n4,甲,张三,除名\n5,甲,张三,存续（在册）\n")}, extract.Options{States: states})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []register.State{register.Live, register.Revoked, register.MovedOut, register.StateUnknown,
		register.Liquidating} {
		if got := x.Tables[0].First[i].State; got != want {
			t.Errorf("%d: %v, want %v", i, got, want)
		}
	}
	for text, part := range map[string]string{"存续\n": "s.txt 第1行：“存续”只有一列",
		"1\t存续\n2\t撤消\n":   "s.txt 第2行：没有名为“撤消”的状态",
		"1\t存续\n\n1\t迁出\n": "s.txt 第3行：“1”前面已写为存续", "1,存续\n\xff\xfe\xfd": "s.txt"} {
		_, err := extract.ReadStates(textFile("s.txt", text))
		if p, ok := errors.AsType[*grid.Problem](err); !ok || !strings.Contains(p.Error(), part) || p.Next == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestDays reads dates, and leaves out what is none.
func TestDays(t *testing.T) {
	for text, want := range map[string]string{
		"2016-02-29": "2016-02-29", "2016/2/9": "2016-02-09", "2016.02.9": "2016-02-09", "20160229": "2016-02-29",
		"2016年2月9日": "2016-02-09", "2016-02-29 00:00:00.0": "2016-02-29", "2016-02-29T16:00:00": "2016-02-29",
		"20160229121314": "2016-02-29", " 2016-02-29 ": "2016-02-29", "2016年02月09日 0:00:00": "2016-02-09",
		"2015-02-29": "", "2016-13-01": "", "2016-00-10": "", "43831": "", "42430.5": "", "16-02-29": "",
		"29/02/2016": "",
		"2016-02":    "", "2016-02-29x": "", "0000-00-00": "", "03-5月 -16": "", "长期": "", "2016-2/9": "",
		"1700-01-01": "",
	} {
		p := clean(t, textFile("a.csv", "pripid,名称,法定代表人,登记状态,成立日期\n1,甲,张三,存续,"+text+"\n"))
		if f := p.Tables[0].First[0]; f.Founded != want || (p.Report.Oddity[register.OddDate] == 1) != (want == "") {
			t.Errorf("%q: %q, want %q; %v", text, f.Founded, want, p.Report.Oddity)
		}
	}
}

// TestOddities takes in what is odd and counts it.
func TestOddities(t *testing.T) {
	p := clean(t, textFile("dir/a.csv", headings+rowsOf(3)+
		strings.Replace(rowOf(10), codeOf(10), codeOf(1), 1)+ // 重码
		strings.Replace(rowOf(11), codeOf(11), codeOf(1), 1)+
		strings.Replace(strings.Replace(rowOf(12), codeOf(12), codeOf(1), 1), "存续", "注销", 1)+ // no longer live
		strings.Replace(rowOf(13), codeOf(13), "91150100MA00001377", 1)+ // wrong check
		strings.Replace(strings.Replace(rowOf(14), codeOf(14), "", 1), regNoOf(14), "", 1)+
		strings.Replace(strings.Replace(rowOf(15), codeOf(15), "无", 1), regNoOf(15), "", 1)+
		strings.Replace(rowOf(16), pripIDOf(16), "", 1)+
		strings.Replace(rowOf(17), pripIDOf(17), "", 1)+ // two without: no duplicate
		strings.Replace(rowOf(18), codeOf(18), strings.ToLower(codeOf(18)), 1)+
		strings.Replace(rowOf(19), codeOf(19), "９１"+codeOf(19)[2:], 1)+
		strings.Replace(strings.Replace(rowOf(20), codeOf(20), regNoOf(20), 1), ","+regNoOf(20)+",第", ",,第", 1)))
	want := map[register.Oddity]int{register.OddShared: 3, register.OddCheck: 1, register.OddNoCode: 2,
		register.OddNoPripID: 2, register.OddForm: 4}
	for o, n := range want {
		if got := p.Report.Oddity[o]; got != n {
			t.Errorf("%s: %d, want %d", o, got, n)
		}
	}
	for _, s := range p.Report.Samples {
		if s.File != "a.csv" || s.Row < 3 {
			t.Errorf("%+v", s)
		}
	}
	if s := p.Report.Samples; s[len(s)-1].Oddity != register.OddShared || s[len(s)-1].Row != 6 || s[len(s)-3].Row != 3 {
		t.Errorf("重码: %+v", p.Report.Samples)
	}
	all := firms(t, textFile("a.csv", headings+strings.Replace(rowOf(18), codeOf(18), strings.ToLower(codeOf(18)),
		1)))
	if all[0].UniscID != codeOf(18) {
		t.Errorf("%+v", all[0])
	}
}
