package sheet

import (
	"io"

	"github.com/xuri/excelize/v2"

	"diaoxiao/internal/grid"
	"diaoxiao/internal/rules"
)

// caseHelp says what to fill in, for each text of a case.
var caseHelp = [caseFields]string{
	"立案或处罚决定的编号，本系统内不重复。受理后不能用同一编号报送别的内容",
	"如：某某公司等若干户长期停业未经营案",
	"立案的事由，如：公司成立后无正当理由超过六个月未开业",
	"违反了哪部法律的哪一条",
	"如：吊销营业执照",
	"处罚决定书的日期，写成 yyyy-MM-dd，如 2026-03-16",
	"作出处罚决定的机关全称",
}

// commonTypes are the codes of enttype that the template explains.
var commonTypes = []string{"1130", "1151", "1150", "1190", "2190", "4540", "4531", "9500", "9100"}

// instructions are the sheet 填写说明, a row each; those that begin a section stand alone.
var instructions = [][2]string{
	{"怎样填写", ""},
	{"一", "在“案件”的“填写内容”一列填写案件的七项内容，全部必填。"},
	{"二", "在“清单”中每个市场主体填写一行，四项全部必填。没有统一社会信用代码的老户填写其注册号。不要合并单元格，不要加合计行。"},
	{"三", "保存后执行：diaoxiao submit 文件名.xlsx"},
	{"提示", "内容按原样报送，不删空格，不改大小写。不要改动标题；可以加列，加的列不报送。隐藏或筛选掉的行不会被跳过，程序会要求先取消隐藏。"},
	{"几件案件", ""},
	{"一", "一个工作簿可以有几件案件：把“案件”改成第一行为七项标题、以下每件一行；在“清单”中加一列“案件编号”，每行填写所属案件，同一案件的行排在一起。"},
	{"清单各列", ""},
	{"市场主体身份代码", "登记系统中该主体的内部编号（pripid），最多64个字符。"},
	{"统一社会信用代码", "18位，以营业执照为准（uniscid）。"},
	{"法定代表人（负责人）", "营业执照上的姓名（legal）：公司为法定代表人，分支机构为负责人，个体工商户为经营者。"},
	{"市场主体类型", "企业（机构）类型代码（enttype）。常用："},
	{"防止编号被改动", ""},
	{"原因", "表格软件把长数字当作数值，只保留15位：150102000000123456 会变成 1.50102E+17，后面的数字变成 0，再也不能恢复；开头的 0 也会丢失。"},
	{"一", "本模板的编号列已设为“文本”格式。从别处粘贴时用“选择性粘贴—值”，以免把格式一起带来。"},
	{"二", "从业务系统导出时，选择按文本导出或导出为 xlsx。不要用表格软件直接双击打开 CSV 再保存；要打开 CSV，用“数据—从文本/CSV”，把编号列选为文本。"},
	{"三", "单元格已显示为 1.50102E+17 或以 000 结尾时，只改格式没有用，须从原系统重新导出。"},
	{"常见问题", ""},
	{"标题缺少……", "标题行被改动或删除。照模板改回；程序会列出找到的标题。"},
	{"编号成了科学记数", "见“防止编号被改动”。"},
	{"单元格是错误值 #N/A", "公式没有找到结果。改正后把公式粘贴为值。"},
	{"处罚决定日期格式错误", "写成 2026-03-16；2026/3/16、2026.3.16、20260316、2026年3月16日也认得。不写“3月16日”“2026年3月”，不带时间。"},
	{"为空（14008）", "该行四项中有空的。只含空格也算空。"},
	{"报送之后", ""},
	{"一", "程序先检查整个文件，逐处列出问题所在的工作表、行和列；有问题的案件不报送，不妨碍其他案件。改正后再次运行，已受理的不会重报。"},
	{"二", "检查通过的案件存入发件箱再发送；网络中断时会以相同内容重发，不会重复受理。受理后给出业务受理号，请保存。"},
	{"三", "同一案件原样再报送，得到同一个受理号；内容不同会被拒绝。受理后发现有误，请联系接收机关退回。"},
}

// template writes the workbook; the first error is kept.
type template struct {
	*excelize.File
	err error
}

// Template writes a workbook to be filled in: the sheets 案件, 清单 and 填写说明. Read takes it back when it is filled in, and
// says 模板尚未填写 when it is not.
func Template(w io.Writer) error {
	t := &template{File: excelize.NewFile()}
	defer t.Close()
	t.do(t.SetSheetName("Sheet1", casesSheet))
	for _, name := range []string{listSheet, helpSheet} {
		_, err := t.NewSheet(name)
		t.do(err)
	}
	t.cases()
	t.list()
	t.help()
	if t.err != nil {
		return t.err
	}
	return t.Write(w)
}

func (t *template) do(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *template) put(sheet string, row int, texts ...string) {
	at, err := excelize.CoordinatesToCellName(1, row)
	t.do(err)
	t.do(t.SetSheetRow(sheet, at, &texts))
}

func (t *template) style(s *excelize.Style) int {
	id, err := t.NewStyle(s)
	t.do(err)
	return id
}

// title is the style of a title. Of the styles, numFmt 49 is "@", which keeps any input as text.
func (t *template) title() int {
	return t.style(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
}

func (t *template) heading() int {
	return t.style(&excelize.Style{
		NumFmt:    49,
		Font:      &excelize.Font{Bold: true},
		Border:    border(),
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}},
		Alignment: &excelize.Alignment{Vertical: "center"},
	})
}

func (t *template) hint() int {
	return t.style(&excelize.Style{
		Font:      &excelize.Font{Color: "7F7F7F"},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
	})
}

func (t *template) entry() int {
	return t.style(&excelize.Style{
		NumFmt:    49,
		Border:    border(),
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
	})
}

func border() (all []excelize.Border) {
	for _, side := range []string{"left", "right", "top", "bottom"} {
		all = append(all, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	return all
}

func (t *template) cases() {
	t.put(casesSheet, 1, "批量吊销：案件")
	t.put(casesSheet, 2, "项目", "填写内容", "说明")
	for f := range field(caseFields) {
		t.put(casesSheet, 3+int(f), fieldTable[f].title, "", caseHelp[f])
	}
	t.do(t.SetCellStyle(casesSheet, "A1", "A1", t.title()))
	t.do(t.SetCellStyle(casesSheet, "A2", "C2", t.heading()))
	t.do(t.SetCellStyle(casesSheet, "A3", "A9", t.heading()))
	t.do(t.SetCellStyle(casesSheet, "B3", "B9", t.entry()))
	t.do(t.SetCellStyle(casesSheet, "C3", "C9", t.hint()))
	t.widths(casesSheet, 16, 60, 60)
	t.freeze(casesSheet, 2)
}

func (t *template) list() {
	text := t.style(&excelize.Style{NumFmt: 49})
	t.do(t.SetColStyle(listSheet, "A:Z", text)) // before the cells, which keep their own; Z: columns that users add
	t.put(listSheet, 1, "每个市场主体一行，从第3行填起。编号须为文本；如显示为 1.50102E+17，数字已经丢失，见“填写说明”")
	var titles []string
	for f := pripID; f <= entType; f++ {
		titles = append(titles, fieldTable[f].title)
	}
	t.put(listSheet, 2, titles...)
	t.do(t.SetCellStyle(
		listSheet,
		"A1",
		"A1",
		t.style(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Color: "7F7F7F"}}),
	))
	t.do(t.SetCellStyle(listSheet, "A2", "D2", t.heading()))
	t.widths(listSheet, 40, 26, 26, 20)
	t.freeze(listSheet, 2)
}

func (t *template) help() {
	row := 1
	put := func(a, b string) {
		t.put(helpSheet, row, a, b)
		style := t.hint
		if b == "" {
			style = t.title
		}
		at, err := excelize.CoordinatesToCellName(1, row)
		t.do(err)
		t.do(t.SetCellStyle(helpSheet, at, at, style()))
		at, err = excelize.CoordinatesToCellName(2, row)
		t.do(err)
		t.do(t.SetCellStyle(
			helpSheet,
			at,
			at,
			t.style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}),
		))
		row++
	}
	for _, line := range instructions {
		put(line[0], line[1])
		if line[0] != fieldTable[entType].title {
			continue
		}
		for _, code := range commonTypes {
			e, _ := rules.EntTypeByCode(code)
			put("", code+" "+e.Name)
		}
	}
	t.widths(helpSheet, 26, 100)
}

func (t *template) widths(sheet string, widths ...float64) {
	for i, w := range widths {
		t.do(t.SetColWidth(sheet, grid.ColumnName(i), grid.ColumnName(i), w))
	}
}

func (t *template) freeze(sheet string, rows int) {
	at, err := excelize.CoordinatesToCellName(1, rows+1)
	t.do(err)
	t.do(t.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: rows, TopLeftCell: at, ActivePane: "bottomLeft"}))
}
