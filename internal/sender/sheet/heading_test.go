package sheet

import (
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
)

func TestHeadings(t *testing.T) {
	want := api.Entity{PripID: "P", UniscID: "U", Legal: "L", EntType: "E"}
	for _, h := range []string{
		"pripid,uniscid,legal,enttype",
		"PriPID,ＵＮＩＳＣＩＤ, Legal ,EntType*",
		"市场主体身份代码,统一社会信用代码,法定代表人（负责人）,市场主体类型",
		"市场主体身份代码(pripid),统一社会信用代码（uniscid）,法定代表人(负责人)(必填),*市场主体类型：",
		"主体身份代码,信用代码,法定代表人,类型",
		"身份 代码,社会信用代码,负责人,企业类型",
		"经营主体身份代码,统一社会信用代码/注册号,法定代表人/负责人,企业（机构）类型",
	} {
		readAll(t, write(t, "a.csv", h+"\nP,U,L,E\n"), Options{Case: theCase}).clean(t, want)
	}
}

func TestHeadingsThatAreNotThere(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"pripid,uniscid,legal\n1,2,3\n", []string{"第1行", "标题缺少 市场主体类型（enttype）", "A列“pripid”", "C列“legal”"}},
		{
			"标题\n主体身份代码,统一社会信用代吗,联系人,类型\n1,2,3,4\n",
			[]string{"第2行", "统一社会信用代码（uniscid），是否即“统一社会信用代吗”", "法定代表人（负责人）（legal）"},
		},
		{"甲,乙\n1,2\n", []string{"前10行中没有清单的标题行", "A列“甲”、B列“乙”", "submit template"}},
		{strings.Repeat("\n", 10) + headings + "1,2,3,4\n", []string{"前10行中没有清单的标题行"}},
		{"pripid,uniscid,legal,enttype,负责人\n1,2,3,4,5\n", []string{"C列和E列的标题“legal”与“负责人”是同一项"}},
		{headings, []string{"没有数据"}},
		{headings + ",,,\n", []string{"没有数据"}},
	} {
		readAll(t, write(t, "a.csv", c.text), Options{Case: theCase}).refused(t, c.want...)
	}
	readAll(t, write(t, "a.csv", headings), Options{}).refused(t, "模板尚未填写")
}

func TestColumnsThatAreNotUsedAreOneNote(t *testing.T) {
	g := readAll(
		t,
		write(t, "a.csv", "序号,pripid,uniscid,legal,enttype,电话\n1,P,U,L,E,x\n2,P,U,L,E,x\n"),
		Options{Case: theCase},
	)
	if len(g.notes) != 1 || len(g.rows) != 2 || len(g.problems) > 0 {
		t.Errorf("%+v", g)
	}
	holds(t, "notes", g.notes, "未使用：序号、电话")
}

func TestColumnNames(t *testing.T) {
	for i, want := range map[int]string{
		0:     "A",
		25:    "Z",
		26:    "AA",
		51:    "AZ",
		52:    "BA",
		701:   "ZZ",
		702:   "AAA",
		16383: "XFD",
	} {
		if got := grid.ColumnName(i); got != want {
			t.Errorf("%d: %s, not %s", i, got, want)
		}
	}
}
