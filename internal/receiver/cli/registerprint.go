package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
	"diaoxiao/internal/receiver/registrar"
)

// printedSamples is how many rows of an oddity people are shown; JSON has all that are kept.
const printedSamples = 3

// addReport adds the states and oddities of a report to a table.
func addReport(t *display.Table, r register.Report) {
	var states []string
	for s := register.StateUnknown; s <= register.Annulled; s++ {
		if n := r.States[s]; n > 0 {
			states = append(states, s.String()+" "+display.Count(n))
		}
	}
	t.Add("登记状态", strings.Join(states, "、"))
	for _, w := range r.Words {
		t.Add("不识别的状态", fmt.Sprintf("“%s” %s 行", display.Plain(w.Word), display.Count(w.Rows)))
	}
	for _, o := range viewOddities(r) {
		var rows []string
		for _, s := range o.Samples[:min(len(o.Samples), printedSamples)] {
			rows = append(rows, fmt.Sprintf("%s 第%d行“%s”", display.Plain(s.File), s.Row, display.Plain(s.Value)))
		}
		t.Add("存疑", fmt.Sprintf("%s：%s 行，如 %s", o.Title, display.Count(o.Rows), strings.Join(rows, "、")))
	}
}

// previewView is a dry run as --json shows it.
type previewView struct {
	Snapshot int64                `json:"snapshot"` // 0: nothing was imported
	AsOf     string               `json:"asOf"`
	Rows     int                  `json:"rows"`
	DryRun   bool                 `json:"dryRun"`
	Changes  bool                 `json:"changes"`
	Current  registerView         `json:"current"`
	Tables   []tableView          `json:"tables"`
	States   map[string]int       `json:"states"`
	Words    []register.StateWord `json:"words"`
	Oddities []oddityView         `json:"oddities"`
	Problems []string             `json:"problems"`
	More     int                  `json:"more"`
	Remarks  []string             `json:"remarks"`
}

// tableView is how one table was read.
type tableView struct {
	extract.Table
	First []firmView `json:"first"`
}

type firmView struct {
	PripID    string `json:"pripid"`
	UniscID   string `json:"uniscid"`
	RegNo     string `json:"regno"`
	EntName   string `json:"entname"`
	Legal     string `json:"legal"`
	EntType   string `json:"enttype"`
	State     string `json:"state"`
	StateText string `json:"stateText"`
	Organ     string `json:"regorg"`
	Founded   string `json:"estdate"`
	Approved  string `json:"apprdate"`
}

func viewTables(tables []extract.Table) []tableView {
	all := []tableView{}
	for _, t := range tables {
		v := tableView{t, []firmView{}}
		for _, f := range t.First {
			v.First = append(v.First, firmView{f.PripID, f.UniscID, f.RegNo, f.Name, f.Legal, f.EntType,
				f.State.String(), f.StateText, f.Organ, f.Founded, f.Approved})
		}
		all = append(all, v)
	}
	return all
}

// printPreview shows a dry run. ErrFaults where the files would be refused.
func (f *importFlags) printPreview(cmd *cobra.Command, p registrar.Preview) (err error) {
	problems := textsOf(p.Problems)
	if p.Refusal != nil {
		problems = append(problems, p.Refusal.Error())
	}
	if f.asJSON {
		err = cli.PrintJSON(cmd.OutOrStdout(), previewView{AsOf: f.AsOf, Rows: p.Rows, DryRun: true,
			Changes: p.Changes,
			Current: registerView{Snapshot: p.Current.ID, AsOf: p.Current.AsOf, Rows: p.Current.Rows},
			Tables:  viewTables(p.Tables), States: viewStates(p.Report),
			Words: append([]register.StateWord{}, p.Report.Words...), Oddities: viewOddities(p.Report),
			Problems: problems, More: p.More, Remarks: textsOf(p.Remarks)})
	} else {
		err = printTables(cmd, p, problems)
	}
	if err == nil && len(problems) > 0 {
		return explain.ErrFaults
	}
	return err
}

func textsOf(ps []grid.Problem) []string {
	all := []string{}
	for _, p := range ps {
		all = append(all, p.Error())
	}
	return all
}

// printTables shows a dry run to people.
func printTables(cmd *cobra.Command, p registrar.Preview, problems []string) error {
	w := cmd.OutOrStdout()
	for _, t := range p.Tables {
		fmt.Fprintf(w, "%s：%s，标题在第%d行，%s 行\n", display.Plain(strings.TrimSpace(t.File+" "+t.Sheet)), t.Kind, t.HeadRow,
			display.Count(t.Rows))
		if err := printColumns(cmd, t); err != nil {
			return err
		}
	}
	t := display.NewTable(w)
	t.Add("合计", display.Count(p.Rows)+" 行")
	if p.Current.ID != 0 {
		t.Add("当前主体库", fmt.Sprintf("快照%d，截止 %s，%s 行", p.Current.ID, p.Current.AsOf, display.Count(p.Current.Rows)))
	}
	addReport(t, p.Report)
	if err := t.Flush(); err != nil {
		return err
	}
	for _, text := range textsOf(p.Remarks) {
		fmt.Fprintln(w, "注意："+display.Plain(text))
	}
	for _, text := range problems {
		fmt.Fprintln(w, "问题："+display.Plain(text))
	}
	if p.More > 0 {
		fmt.Fprintf(w, "另有%s处问题没有列出\n", display.Count(p.More))
	}
	if len(problems) == 0 {
		_, err := fmt.Fprintln(w, "没有妨碍导入的问题；去掉 --dry-run 即可导入")
		return err
	}
	return nil
}

// printColumns shows what the columns of a table are taken for, and its first rows.
func printColumns(cmd *cobra.Command, t extract.Table) error {
	columns := display.NewTable(cmd.OutOrStdout())
	for _, c := range t.Columns {
		columns.Add("  "+c.Letter+"列", c.Heading, cmp.Or(c.Taken, "（未使用）"))
	}
	for _, name := range t.Absent {
		columns.Add("  —", "（没有）", name)
	}
	if err := columns.Flush(); err != nil || len(t.First) == 0 {
		return err
	}
	rows := display.NewTable(cmd.OutOrStdout())
	rows.Add("  主体身份代码", "信用代码", "注册号", "名称", "法定代表人", "类型", "状态", "登记机关", "成立", "核准")
	for _, f := range t.First {
		rows.Add("  "+f.PripID, f.UniscID, f.RegNo, f.Name, f.Legal, f.EntType, f.StateText+"→"+f.State.String(),
			f.Organ, f.Founded, f.Approved)
	}
	return rows.Flush()
}
