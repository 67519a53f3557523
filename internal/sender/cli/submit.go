package cli

import (
	"errors"
	"os"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/submission"
)

// newSubmit is the command submit with submit template.
func newSubmit(env *cli.Environment) *cobra.Command {
	var o submitOptions
	var from senderFlags
	cmd := &cobra.Command{Use: "submit FILE…", Short: "报送文件中的案件，可随时中断和重来",
		Long: `把 CSV、XLSX、JSON、NDJSON 文件中的案件报送给接收方。先按接口的要求检查全部文件，逐处
指出问题；再把案件存入发件箱，然后报送，受理号存入发件箱后才显示。有问题的案件不报送，
不妨碍其他案件。

任何时候中断（包括断电、强行结束），再次运行同一命令即可继续：不会漏报，也不会重报。
同一案件编号、同样的内容只报一次；内容不同而原案可能已受理的，不报送并说明。

有严重提示的案件，和有存疑之处的（多半有误，又不能断定，例如案件编号与已报送的只差一个
空格），要有人确认才报送：在终端上逐项列出后询问；没有终端时不报送，留在发件箱中待确认，
其余案件照常报送。--yes 不再询问，一并报送。

接入配置中有 receipts（或给出 --receipts）时，受理之后取得受理回执，以所指的信任策略验证，并与
保存的报文核对，存入发件箱；不成立的指出来。尚未取得的，以后报送时再取。

--dry-run 只检查，不连接接收方，也不写发件箱：列出接收方会拒绝的、存疑的和核验时会提示
的，以及各案件将要发送的编号、日期、机关、首末两户。--json 时同一案件有两行的，以后一行
为准。

退出码：0 全部受理；1 无法进行（连不上、磁盘）；2 用法；3 有被拒绝、未报送、待确认、结果未知
的，或受理回执不成立的。`,
		Example: `  diaoxiao submit template 模板.xlsx
  diaoxiao submit 清单.csv --dry-run
  diaoxiao submit 清单.csv --caseid 呼市监处罚〔2026〕2号 --penaltydate 2026-03-16`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return explain.Usagef("缺少 FILE")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(env, cmd, args) }}
	o.flags(cmd.Flags())
	from.flags(cmd.Flags())
	cmd.AddCommand(newSubmitTemplateCommand())
	return cmd
}

// submitOptions are the flags of submit.
type submitOptions struct {
	text             api.Case
	sheet            string
	dry, yes, asJSON bool
}

// yesFlag has the consent given beforehand.
const yesFlag = "有严重提示或存疑的案件也报送，不再询问"

// texts are the texts of a case that the command line may give, with their flags.
func (o *submitOptions) texts() []caseText {
	t := &o.text
	return []caseText{
		{&t.CaseID, "caseid", "案件编号"},
		{&t.CaseName, "casename", "案件名称"},
		{&t.CaseIntroduction, "caseintroduction", "案由"},
		{&t.Illegality, "illegality", "违法行为"},
		{&t.Penalty, "penalty", "处罚内容"},
		{&t.PenaltyDate, "penaltydate", "处罚决定日期，yyyy-MM-dd"},
		{&t.PenaltyOrg, "penaltyorg", "处罚决定机关"},
	}
}

// caseText is one text of a case and its flag.
type caseText struct {
	to          *string
	name, title string
}

func (o *submitOptions) flags(f *pflag.FlagSet) {
	for _, m := range o.texts() {
		f.StringVar(m.to, m.name, "", m.title+"；文件中没有时用它")
	}
	f.StringVar(&o.sheet, "sheet", "", "清单所在的`工作表`；不给出时自动查找")
	f.BoolVar(&o.dry, "dry-run", false, "只检查，不报送")
	f.BoolVar(&o.yes, "yes", false, yesFlag)
	f.BoolVar(&o.asJSON, "json", false, "以 JSON Lines 输出，每件一行，最后一行为合计")
}

func (o *submitOptions) run(env *cli.Environment, cmd *cobra.Command, paths []string) (err error) {
	if err := o.check(env, cmd, paths); err != nil {
		return err
	}
	d := newDelivery(cmd, o.asJSON)
	conf := submission.Config{Case: o.text, Sheet: o.sheet, Report: d.out}
	if !o.dry {
		to, err := openSender(env, cmd)
		if err != nil {
			return err
		}
		if err := d.open(to, &conf); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, d.box.Close()) }()
		defer leave(cmd.Context(), d.client)
	}
	began := time.Now()
	d.run = submission.New(conf)
	err = d.check(paths)
	if err == nil {
		err = d.agree(o.yes)
	}
	if err == nil {
		err = d.send()
	}
	if err == nil {
		err = d.collect()
	}
	return d.end(err, time.Since(began))
}

// check refuses wrong usage that shows without reading the files.
func (o *submitOptions) check(env *cli.Environment, cmd *cobra.Command, paths []string) error {
	if err := forSender(env, cmd.Flags()); err != nil {
		return err
	}
	for _, text := range o.texts() {
		if !utf8.ValidString(*text.to) {
			return explain.Usagef("命令行给出的 %q 不是有效的 UTF-8", *text.to)
		}
	}
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return explain.BadUsage(err)
		}
	}
	return nil
}
