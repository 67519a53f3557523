package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
	"diaoxiao/internal/receiver/registrar"
	"diaoxiao/internal/receiver/store"
)

func newRegisterCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "register", Short: "导入和查看主体库"}
	cmd.AddCommand(newRegisterImportCommand(env), newRegisterShowCommand(env))
	return cmd
}

// importFlags are the flags of register import.
type importFlags struct {
	registrar.Order
	states         string
	dryRun, asJSON bool
	indexed        func() // ends the progress of the indexes
}

func newRegisterImportCommand(env *cli.Environment) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{Use: "import FILE...", Short: "导入登记系统导出的主体库，全部换新或应用变更", Args: someFiles,
		Long: `导入登记系统导出的主体库（CSV 或 XLSX，可分为几个文件），供比对清单中的市场主体。
全量文件整体换新：要么全部生效，要么仍是原来的；中断、出错、断电都不会留下一半。
可在服务运行时执行，受理不受影响；随后由服务在后台重新比对全部案件。

按标题识别各列，标题可在前20行的任何一行：主体身份代码（pripid）、统一社会信用代码
（uniscid）、注册号（regno）、名称（entname）、法定代表人（负责人、经营者，name、
lerep）、企业类型（enttype）、登记状态（regstate）、登记机关（regorg）、成立日期
（estdate）、核准日期（apprdate）。名称、法定代表人、登记状态，以及主体身份代码和
统一社会信用代码之一必须有。不认识的状态用词按“状态不明”收入并列出；可用 --states
给出对照表，每行为用词、制表符、状态（存续、已吊销、已注销、迁出、歇业、清算、
撤销登记）。

变更文件另有变更标记列（操作、op）：I 新增、U 变更、D 删除，用 --base 指明它以哪一份
快照为基础。

行数不到当前主体库的八成、数据截止日更早时须明确确认。列数不齐、编号重复、编号的
数字已被表格软件毁坏等，指明文件、行、列，整个不导入。先用 --dry-run 查看。

退出码：0 已导入；1 没有导入；2 没有导入，参数不对或须确认（行数过少、截止日更早、
基础快照不对）；3 用 --dry-run 检查发现问题。`,
		Example: `  diaoxiao register import 主体库.csv --as-of 2026-11-01 --dry-run
  diaoxiao register import 主体库1.csv 主体库2.csv --as-of 2026-11-01
  diaoxiao register import 变更.csv --as-of 2026-11-08 --base 3`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(env, cmd, args) }}
	fs := cmd.Flags()
	fs.StringVar(&f.AsOf, "as-of", "", "数据截止`日` yyyy-MM-dd（必填）：文件说的是哪一天的状况")
	fs.Int64Var(&f.Base, "base", 0, "变更文件以哪一份`快照`为基础，见 diaoxiao register show")
	fs.BoolVar(&f.Fewer, "fewer-rows", false, "确认：行数不到当前主体库的八成也导入")
	fs.BoolVar(&f.Older, "older", false, "确认：数据截止日早于当前主体库也导入")
	fs.StringVar(&f.states, "states", "", "登记状态用词的对照表`文件`")
	fs.BoolVar(&f.dryRun, "dry-run", false, "只检查文件，不导入；不需要数据目录")
	fs.BoolVar(&f.asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// someFiles asks for at least one file.
func someFiles(_ *cobra.Command, given []string) error {
	if len(given) == 0 {
		return explain.Usagef("缺少 FILE")
	}
	for _, name := range given {
		if name == "" {
			return explain.Usagef("FILE 不能为空")
		}
	}
	return nil
}

func (f *importFlags) run(env *cli.Environment, cmd *cobra.Command, names []string) (err error) {
	if err := cli.Need(cmd, "as-of"); err != nil {
		return err
	}
	for _, name := range names {
		file, err := openExtract(name)
		if err != nil {
			return err
		}
		defer file.In.(*os.File).Close()
		f.Files = append(f.Files, file)
	}
	if err := f.readStates(); err != nil {
		return err
	}
	p := cli.NewProgress(cmd.ErrOrStderr(), "导入主体库")
	f.indexed = func() {}
	f.Progress = func(at extract.Progress) {
		if tellImport(p, at); at.Read {
			f.indexed = cli.Watch(func() { p.At("已读完 %s 行，正在建立索引", display.Count(at.Rows)) })
		}
	}
	if f.dryRun {
		return f.look(env, cmd)
	}
	f.Remark = func(p grid.Problem) { fmt.Fprintln(cmd.ErrOrStderr(), "注意："+display.Plain(p.Error())) }
	return f.enter(env, cmd)
}

// openExtract opens a file of an extract. To open a pipe would wait for whoever writes to it.
func openExtract(name string) (f extract.File, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return f, err
	}
	if !info.Mode().IsRegular() {
		return f, explain.Usagef("%s 不是文件；先存为 CSV 或 xlsx 文件", display.Plain(name))
	}
	in, err := os.Open(name)
	if err != nil {
		return f, err
	}
	return extract.File{Name: name, In: in, Size: info.Size()}, nil
}

func (f *importFlags) readStates() error {
	if f.states == "" {
		return nil
	}
	file, err := openExtract(f.states)
	if err != nil {
		return err
	}
	defer file.In.(*os.File).Close()
	f.States, err = extract.ReadStates(file)
	return err
}

func tellImport(p *cli.Progress, at extract.Progress) {
	if at.Rows == 0 {
		p.At("检查第%d个文件，共%d个", at.No, at.Files)
		return
	}
	p.At("第%d个文件，共%d个，已读 %s 行", at.No, at.Files, display.Count(at.Rows))
}

// enter imports the files.
func (f *importFlags) enter(env *cli.Environment, cmd *cobra.Command) error {
	return withDesk(env, cmd, store.Options{}, func(desk *intake.Desk, _ *store.Store) error {
		began := time.Now()
		s, err := registrar.New(desk).Import(cmd.Context(), actorOf(env), f.Order)
		f.indexed()
		if err != nil {
			return f.notImported(cmd, err)
		}
		state, err := registrar.New(desk).Current(cmd.Context(), actorOf(env))
		if err != nil {
			return err
		}
		state.Snapshot, state.There = s, true
		if f.asJSON {
			return cli.PrintJSON(cmd.OutOrStdout(), viewRegister(state))
		}
		if err := printRegister(cmd, state); err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.ErrOrStderr(), "主体库已导入，用时%s；案件由服务在后台重新比对\n", cli.Since(began))
		return err
	})
}

// notImported prints all problems of the files, and says that the register is as it was.
func (f *importFlags) notImported(cmd *cobra.Command, err error) error {
	if r, ok := errors.AsType[*extract.Refused](err); ok {
		w := cmd.ErrOrStderr()
		for _, p := range r.Problems {
			fmt.Fprintln(w, display.Plain(p.Error()))
		}
		n := len(r.Problems) + r.More
		return explain.WithStep(fmt.Errorf("文件有%s处问题（以上列出%s处），没有导入，主体库没有变化", display.Count(n),
			display.Count(len(r.Problems))), "改正后重新执行；先用 --dry-run 检查")
	}
	if errors.Is(err, intake.ErrBuilding) {
		return explain.WithStep(errors.New("另一次导入正在进行"), "等它做完再执行；用 diaoxiao register show 查看")
	}
	if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) {
		return err
	}
	if errors.Is(err, intake.ErrUnavailable) {
		return explain.WithStep(err, "用 diaoxiao register show 查看：快照号没有变，就是没有导入，再次执行同一命令")
	}
	if errors.Is(err, store.ErrNoRoom) {
		return explain.Undone("导入", err, "主体库没有变化；腾出磁盘空间后再次执行同一命令")
	}
	return explain.Undone("导入", err, "主体库没有变化；再次执行同一命令即可")
}

// look is a dry run. It does without a store where none is given.
func (f *importFlags) look(env *cli.Environment, cmd *cobra.Command) error {
	err := withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
		p, err := registrar.New(desk).DryRun(cmd.Context(), actorOf(env), f.Order)
		if err != nil {
			return explain.Undone("检查", err, "再次执行同一命令即可")
		}
		return f.printPreview(cmd, p)
	})
	where := cmd.Flags().Changed("data") || cmd.Flags().Changed("database")
	if !errors.Is(err, store.ErrNoData) || where {
		return err
	}
	p, err := registrar.LookAlone(cmd.Context(), f.Order, time.Now())
	if err != nil {
		return explain.Undone("检查", err, "再次执行同一命令即可")
	}
	return f.printPreview(cmd, p)
}

func newRegisterShowCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "show", Short: "显示当前的主体库：截止日、行数、状态、存疑", Args: cli.Args(),
		Example: `  diaoxiao register show
  diaoxiao register show --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				state, err := registrar.New(desk).Current(cmd.Context(), actorOf(env))
				switch {
				case err != nil:
					return err
				case asJSON:
					return cli.PrintJSON(cmd.OutOrStdout(), viewRegister(state))
				case state.Snapshot.ID == 0:
					return explain.WithStep(fmt.Errorf("主体库：%w，还没有导入过", intake.ErrNotFound),
						"用 diaoxiao register import 导入登记系统导出的文件；此前所有清单都是“无法比对”")
				}
				return printRegister(cmd, state)
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// registerView is the state of the register as --json shows it.
type registerView struct {
	Snapshot int64  `json:"snapshot"`
	AsOf     string `json:"asOf"`
	Rows     int    `json:"rows"`
	*registerDetail
}

// registerDetail is what there is to say where there is a register.
type registerDetail struct {
	Age      int64                `json:"age"`   // days
	Stale    bool                 `json:"stale"` // older than the policy allows
	Held     bool                 `json:"held"`  // its rows are there
	States   map[string]int       `json:"states"`
	Words    []register.StateWord `json:"words"`
	Oddities []oddityView         `json:"oddities"`
	Files    []register.File      `json:"files"`
	Base     int64                `json:"base"`
	Applied  *register.Changes    `json:"applied,omitempty"`
	Imported string               `json:"imported"`
	By       string               `json:"by"`
}

type oddityView struct {
	Oddity  register.Oddity `json:"oddity"`
	Title   string          `json:"title"`
	Rows    int             `json:"rows"`
	Samples []sampleView    `json:"samples"`
}

type sampleView struct {
	File  string `json:"file"`
	Row   int    `json:"row"`
	Value string `json:"value"`
}

func viewRegister(s registrar.State) registerView {
	v := registerView{Snapshot: s.Snapshot.ID, AsOf: s.Snapshot.AsOf, Rows: s.Snapshot.Rows}
	if v.Snapshot == 0 {
		return v
	}
	r := s.Snapshot.Report
	v.registerDetail = &registerDetail{Age: s.Age, Stale: s.Stale(), Held: s.There, States: viewStates(r),
		Words: append([]register.StateWord{}, r.Words...), Oddities: viewOddities(r), Files: r.Files,
		Base: s.Snapshot.Base, Imported: s.Snapshot.Imported.In(beijingtime.Zone).Format(time.RFC3339),
		By: s.Snapshot.By}
	if v.Base != 0 {
		v.Applied = &r.Applied
	}
	return v
}

func viewStates(r register.Report) map[string]int {
	all := make(map[string]int)
	for s, n := range r.States {
		all[s.String()] = n
	}
	return all
}

func viewOddities(r register.Report) []oddityView {
	all := []oddityView{}
	for _, o := range register.Oddities() {
		if r.Oddity[o] == 0 {
			continue
		}
		v := oddityView{Oddity: o, Title: o.Title(), Rows: r.Oddity[o], Samples: []sampleView{}}
		for _, s := range r.Samples {
			if s.Oddity == o {
				v.Samples = append(v.Samples, sampleView{s.File, s.Row, s.Value})
			}
		}
		all = append(all, v)
	}
	return all
}

// printRegister shows the state of the register to people.
func printRegister(cmd *cobra.Command, s registrar.State) error {
	t := display.NewTable(cmd.OutOrStdout())
	snapshot := s.Snapshot
	age := fmt.Sprintf("%s（%d天前）", snapshot.AsOf, s.Age)
	if s.Stale() {
		age += "，已过旧：超过安全策略的" + fmt.Sprint(s.Days) + "天"
	}
	t.Add("快照", fmt.Sprint(snapshot.ID))
	t.Add("数据截止日", age)
	t.Add("行数", display.Count(snapshot.Rows))
	if !s.There {
		t.Add("数据", "不在：备份和搬迁不含主体库的数据，请重新导入")
	}
	if a := snapshot.Report.Applied; snapshot.Base != 0 {
		t.Add("变更", fmt.Sprintf("以快照%d为基础，新增%s、变更%s、删除%s", snapshot.Base, display.Count(a.Inserted),
			display.Count(a.Updated), display.Count(a.Deleted)))
	}
	t.Add("导入", cli.Beijing(snapshot.Imported)+" "+snapshot.By)
	for _, f := range snapshot.Report.Files {
		t.Add("文件", fmt.Sprintf("%s，%s 行，SHA-256 %s", display.Plain(f.Name), display.Count(f.Rows), f.SHA256))
	}
	addReport(t, snapshot.Report)
	return t.Flush()
}
