package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"diaoxiao/conformance"
	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
)

// examination is one run of the conformance checks, as the command line asks for it.
type examination struct {
	sender      senderFlags
	options     conformance.Options
	tool        string // this program and its version, as reports name it
	dialect     string
	colleague   string
	stranger    conformance.Credentials
	otherSecret string // file
	list        bool
	asJSON      bool
	junit, page string // files
}

// NewConformance is the command conformance: it checks a receiver against the document.
func NewConformance(env *cli.Environment, build buildinfo.Info) *cobra.Command {
	e := examination{tool: toolName(build)}
	cmd := &cobra.Command{
		Use:   "conformance [URL]",
		Short: "逐条检查一个接收端是否符合接口规范，出具验收报告",
		Long: `向接收端 URL（{API_ROOT}，如 https://host:8443）发送请求，逐条检查它是否符合接口
规范和“与规范的对照”（C1 至 S25），对任何一家的接收端都适用。不给出 URL 时用接入
配置（--profile）中的地址。

会报送约 220 件案件，编号都以“联调测试-”开头，最后逐件再报一次；约 1,700 次请求，
共约 30 MiB，其中有 3,000 户、5,003 户和 20,011 户的清单各一份（最大的正文约
2 MiB）。接收端就在近旁的，几秒钟做完。只用于测试环境，不要对着正在办案的系统运
行。须用专为测试建立的应用和账户。

每项检查或为“必须”（MUST：规范写明的，包括它采用的 HTTP 和 JSON，以及保证案件不
丢、不变、不重和他人不能进入的），或为“建议”（SHOULD：规范没有写明之处的读法）。
接收方可以没有的扩展记作“未提供”，缺少条件没有检查的记作“未测”，因为别的检查未
通过而无从判定的也记作“未测”，都不算不合格。

退出码：0 必须项全部通过；3 有未通过的；1 没有能够检查（连接不上、登录被拒绝等）；
2 命令行有误。`,
		Example: `  diaoxiao conformance https://test.example:8443 --app-key dx… --account 测试 \
      --secret-file 测试.secret --html 验收报告.html
  diaoxiao conformance --profile 测试 --check S17 --check 3.1.1
  diaoxiao conformance --list`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return examineTarget(env, cmd, args, &e) },
	}
	f := cmd.Flags()
	e.sender.flags(f)
	plainFlag(&e.sender.over, f)
	f.MarkHidden("outbox")
	f.MarkHidden("url") // it is the argument
	f.StringArrayVar(&e.options.Checks, "check", nil, "只做这个`编号`的检查，如 S17-03、S17、3.1；可重复")
	f.BoolVar(&e.list, "list", false, "只列出检查，不发送任何请求")
	f.StringVar(&e.dialect, "dialect", conformance.AnyDialect, "约定的应答`写法`："+strings.Join(conformance.Dialects(), "、")+
		"；auto 只要求前后一致，strict 要求恰为规范的一种")
	f.BoolVar(&e.options.Strict, "strict", false, "建议项未通过也算不合格")
	f.BoolVar(&e.options.Large, "large", false, "另发送更大的正文：100,003 户的清单（约 11 MiB），和约 65 MiB 的一件")
	f.BoolVar(&e.options.WaitToken, "wait-token", false, "等候 30 分钟，检查令牌到期")
	f.StringVar(&e.colleague, "colleague", "", "同一应用的另一个`账户`；不给出时有关检查记作未测")
	f.StringVar(&e.stranger.AppKey, "other-app-key", "", "另一个应用的 `appKey`，检查应用之间互不可见；不给出时记作未测")
	f.StringVar(&e.stranger.Account, "other-account", "", "另一个应用的`账户`")
	f.StringVar(&e.otherSecret, "other-secret-file", "", "另一个应用的 appSecret `文件`")
	f.BoolVar(&e.asJSON, "json", false, "以 JSON 输出整个报告")
	f.StringVar(&e.junit, "junit", "", "另写一份 JUnit XML `文件`")
	f.StringVar(&e.page, "html", "", "另写一份可以打印、签字的 HTML 报告`文件`")
	cmd.AddCommand(newConformanceVerifyCommand(e.tool))
	return cmd
}

func examineTarget(env *cli.Environment, cmd *cobra.Command, args []string, e *examination) error {
	chosen, unknown := conformance.Select(e.options.Checks)
	if len(unknown) > 0 {
		return explain.BadUsage(explain.WithStep(
			fmt.Errorf("没有编号为 %s 的检查", strings.Join(unknown, "、")),
			"用 diaoxiao conformance --list 查看",
		))
	}
	if e.list {
		return listChecks(cmd.OutOrStdout(), chosen, e.asJSON)
	}
	target, err := examTarget(env, cmd, args, e)
	if err != nil {
		return err
	}
	for _, path := range []string{e.junit, e.page} {
		if err := writable(path); err != nil {
			return err
		}
	}
	shown := newExamProgress(cmd.ErrOrStderr(), len(chosen))
	e.options.Started, e.options.Tool, e.options.RunID = shown.at, e.tool, strings.ToLower(rand.Text()[:8])
	report, err := conformance.Run(cmd.Context(), target, e.options)
	shown.clear()
	if len(report.Results) == 0 {
		return notExamined(err)
	}
	return errors.Join(e.write(cmd, report), halfExamined(err))
}

// examTarget is the receiver that the checks are run against.
func examTarget(
	env *cli.Environment,
	cmd *cobra.Command,
	args []string,
	e *examination,
) (t conformance.Target, err error) {
	if len(args) == 1 {
		cmd.Flags().Set("url", args[0])
	}
	s, err := openSender(env, cmd)
	if err != nil {
		return t, err
	}
	t = conformance.Target{URL: s.URL, Colleague: e.colleague, Stranger: e.stranger, Dialect: e.dialect, Roots: s.Roots}
	t.Credentials = conformance.Credentials{AppKey: s.AppKey, Account: s.Account}
	if (e.stranger.AppKey == "") != (e.otherSecret == "") || (e.stranger.AppKey == "") != (e.stranger.Account == "") {
		return t, explain.Usagef("--other-app-key、--other-account、--other-secret-file 要一起给出")
	}
	if t.AppSecret, err = s.Secret(cmd.Context()); err != nil || e.otherSecret == "" {
		return t, err
	}
	t.Stranger.AppSecret, err = secretOf(cmd, e.otherSecret, e.stranger.Account).Read(cmd.Context())
	return t, err
}

// toolName is this program and its version, as reports name it.
func toolName(v buildinfo.Info) string { return "diaoxiao " + v.Version + v.Source() }

// writable finds out beforehand that a report can be written.
func writable(path string) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// write writes the report to the place that the command line names. It is explain.ErrFaults where a check counts
// against the target.
func (e *examination) write(cmd *cobra.Command, r conformance.Report) error {
	var err error
	if e.asJSON {
		err = cli.PrintJSON(cmd.OutOrStdout(), r)
	} else {
		err = printReport(cmd.OutOrStdout(), r)
	}
	err = errors.Join(err, writeFile(e.junit, r.WriteJUnit), writeFile(e.page, r.WritePage))
	if err == nil && !r.OK() {
		return explain.ErrFaults
	}
	return err
}

func writeFile(path string, write func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// notExamined and halfExamined say why the checks were not run, or not to their end, and the next step.
func notExamined(err error) error {
	for _, s := range []struct {
		cause error
		step  string
	}{
		{conformance.ErrUnreachable, "检查地址、网络和证书；diaoxiao doctor 可以逐项诊断"},
		{conformance.ErrRefused, "检查 appKey、appSecret、account；diaoxiao doctor 可以逐项诊断"},
		{conformance.ErrNotInterface, "检查地址是否为 {API_ROOT}（不含 /security）；diaoxiao doctor 可以逐项诊断"},
	} {
		if errors.Is(err, s.cause) {
			return explain.WithStep(err, s.step)
		}
	}
	if errors.Is(err, conformance.ErrTarget) {
		return explain.BadUsage(err)
	}
	return err
}

func halfExamined(err error) error {
	if err == nil {
		return nil
	}
	return explain.Undone("检查", err, "已做完的结果见报告；可用 --check 只做其余各项")
}

func newConformanceVerifyCommand(tool string) *cobra.Command {
	return &cobra.Command{Use: "verify FILE", Short: "核对一份检查报告（JSON 或 HTML）是否被改动", Args: cli.Args("FILE"),
		Long: `重新计算报告中结果的摘要（SHA-256），与报告上写的比较；HTML 报告另外核对页面的
文字与其中的结果是否一致。摘要不是签名：请与双方签字时写下的摘要比较。`,
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			r, err := conformance.Verify(file, tool)
			if errors.Is(err, conformance.ErrAltered) {
				fmt.Fprintf(cmd.OutOrStdout(), "%s：%s\n", args[0], err)
				return explain.ErrFaults
			}
			if errors.Is(err, conformance.ErrOtherTool) {
				return explain.WithStep(fmt.Errorf("%s：%w；其中的结果未被改动，摘要 %s", args[0], err, r.Digest), "用生成它的版本核对")
			}
			if err != nil {
				return explain.WithStep(
					fmt.Errorf("%s：%w", args[0], err),
					"应为 diaoxiao conformance 的 --json 或 --html 报告",
				)
			}
			_, err = fmt.Fprintf(
				cmd.OutOrStdout(), "%s：未被改动\n检查对象  %s\n结论      %s\n摘要      %s\n", args[0], display.Plain(r.URL),
				r.Verdict(), r.Digest,
			)
			return err
		}}
}
