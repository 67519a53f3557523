package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/rules"
)

func newCaseEntitiesCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "entities ACCEPTID", Short: "列出一个案件的市场主体及其与主体库的比对结论",
		Args: cli.Args("ACCEPTID"),
		Long: `按清单次序列出案件的全部市场主体：报送的代码、主体库中的名称、比对结论（一致、不一致、
查无此户、一码多户、状态异常、快照过旧、无法比对）、作出结论的规则、核验提示数和状态
（待核验、可放行、暂缓、放行、不予公示、退回）。
--json 每户一行，值与报送的逐字相同，fields 是不一致的栏目，snapshot 是案件最近一次比对
所用的主体库快照（0 为没有比对过），state 是该户的状态，holds 是暂缓的原因，checked 是人工核对
的结果。尚未核验的案件也可列出，结论为无法比对。`,
		Example: `  diaoxiao case entities 202611240000000019
  diaoxiao case entities 202611240000000019 --json | grep -v '"verdict":"一致"'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return listEntities(env, cmd, desk, args[0], asJSON)
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func listEntities(env *cli.Environment, cmd *cobra.Command, desk *intake.Desk, acceptID string, asJSON bool) error {
	cases, by := casework.New(desk), actorOf(env)
	file, err := cases.CaseFile(cmd.Context(), by, acceptID)
	if err != nil {
		return onNotFound(err, "用 diaoxiao case list 查看受理号")
	}
	if err := given(cmd, cases.NoteShown(cmd.Context(), by, acceptID)); err != nil {
		return err
	}
	out := bufio.NewWriterSize(cmd.OutOrStdout(), 64<<10)
	list := newEntityTable(out)
	if asJSON {
		list = entityLines{out}
	}
	for e, err := range cases.AllEntities(cmd.Context(), by, file.Case) {
		if err == nil {
			err = list.add(e)
		}
		if err != nil {
			return errors.Join(err, list.end(), out.Flush())
		}
	}
	return errors.Join(list.end(), out.Flush())
}

// entityWriter takes the entities of a list one after the other.
type entityWriter interface {
	add(casework.DoubtedEntity) error
	end() error
}

// entityView is an entity as --json shows it.
type entityView struct {
	Pos      int                 `json:"pos"` // counted from 0
	PripID   string              `json:"pripid"`
	UniscID  string              `json:"uniscid"`
	Legal    string              `json:"legal"`
	EntType  string              `json:"enttype"`
	Verdict  string              `json:"verdict"`
	Fields   []string            `json:"fields"`
	EntName  string              `json:"entname"`
	Snapshot int64               `json:"snapshot"`
	Findings []entityFindingView `json:"findings"`
	State    string              `json:"state"`
	Holds    []string            `json:"holds"`   // why it is held
	Checked  string              `json:"checked"` // what a person found
}

type entityFindingView struct {
	Rule     int    `json:"rule"`
	Severity string `json:"severity"`
}

func viewEntity(e casework.DoubtedEntity) entityView {
	v := entityView{e.Pos, e.PripID, e.UniscID, e.Legal, e.EntType, e.Judged.Shown.String(), e.Judged.Fields.Names(),
		e.Judged.Firm.Name, e.Judged.Against, []entityFindingView{}, e.Firm.State.String(),
		append([]string{}, e.Firm.Holds.Titles()...), e.Firm.Check.Outcome.String()}
	for _, f := range e.Findings {
		r, _ := rules.ByNo(f.Rule)
		v.Findings = append(v.Findings, entityFindingView{f.Rule, r.Severity.String()})
	}
	return v
}

// entityLines writes a JSON object a line.
type entityLines struct{ w io.Writer }

func (l entityLines) add(e casework.DoubtedEntity) error { return cli.PrintJSON(l.w, viewEntity(e)) }

func (l entityLines) end() error { return nil }

// entityTable writes a table for people.
type entityTable struct{ *display.Table }

func newEntityTable(w io.Writer) entityWriter {
	t := display.NewTable(w)
	t.Add("序号", "身份代码", "信用代码", "名称", "结论", "规则", "提示数", "状态")
	return entityTable{t}
}

func (t entityTable) add(e casework.DoubtedEntity) error {
	rule := ""
	if e.Judged.Rule > 0 {
		rule = fmt.Sprint(e.Judged.Rule)
	}
	return t.Add(fmt.Sprint(e.Pos+1), rules.MaskPersonal(e.PripID), rules.MaskPersonal(e.UniscID), e.Judged.Firm.Name,
		e.Judged.Shown.String(), rule, fmt.Sprint(len(e.Findings)), e.Firm.State.String())
}

func (t entityTable) end() error { return t.Flush() }
