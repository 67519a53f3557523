package trial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/sandbox"
)

// sandboxListen is the address of a sandbox, unless --listen gives another or the port is taken.
const sandboxListen = "127.0.0.1:8090"

// sandboxFlags are the flags of a sandbox.
type sandboxFlags struct {
	listen, dialect, cert, key, transcript string
	tls, json                              bool
	seed                                   uint64
}

func newSandboxCommand() *cobra.Command {
	var f sandboxFlags
	cmd := &cobra.Command{Use: "sandbox", Short: "联调沙箱：真实的接收服务、现成的凭据，可按剧本出错", Args: cli.Args(),
		Long: `在临时数据目录上运行真实的接收服务，给出现成的凭据；结束（Ctrl-C）时一切删除。
只放测试数据。

让往来出错有三种办法，不改接口的任何规定：
  账户    以故障的名称登录，如 应答丢失：每件案件第一次报送时案件已受理而应答丢失，
          再发一次即正常；账户 轮流 让每件案件依次遇到各种故障
  请求头  X-Sandbox-Fault: reply-lost;times=2
  规则    控制接口 /sandbox/rules：接下来的几次、第几件案件、按可能性
每次启动的种子是随机的，凭据也就不同；同一 --seed 的凭据和故障完全相同，可以重现。

浏览器打开 /sandbox/ 看全部故障、凭据和 curl 示例；/sandbox/verdict 评判客户端应对
得对不对，逐条给出依据和条款。结束时在标准错误显示评判的小结。

沙箱不读环境变量和配置文件，也不使用 --data。`,
		Example: `  diaoxiao sandbox
  diaoxiao sandbox --tls --seed 7 --transcript 往来.jsonl
  diaoxiao sandbox --listen 127.0.0.1:0 --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := f.config(cmd)
			if err != nil {
				return err
			}
			return f.run(cmd, conf)
		}}
	cmd.Flags().StringVar(&f.listen, "listen", "", "监听`地址`；不给出时用 "+sandboxListen+"，被占用则另选端口")
	cmd.Flags().BoolVar(&f.tls, "tls", false, "用 HTTPS，证书由临时自建的 CA 签发")
	cmd.Flags().StringVar(&f.cert, "tls-cert", "", "用 HTTPS，证书`文件`（PEM）")
	cmd.Flags().StringVar(&f.key, "tls-key", "", "私钥`文件`（PEM）")
	cmd.Flags().StringVar(&f.dialect, "dialect", "", "首选应用的应答`写法`：all、table、example、overview；各种写法的应用都有（默认 all）")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "`种子`，决定凭据和按可能性发生的故障；不给出时随机")
	cmd.Flags().Lookup("seed").DefValue = ""
	cmd.Flags().StringVar(&f.transcript, "transcript", "", "把每次往来追加到`文件`（JSON Lines，令牌和密钥已遮盖）")
	cmd.Flags().BoolVar(&f.json, "json", false, "就绪时以一行 JSON 输出地址和凭据，此外不输出什么")
	return cmd
}

// config makes of the flags what the sandbox takes.
func (f *sandboxFlags) config(cmd *cobra.Command) (c sandbox.Config, err error) {
	for _, name := range []string{"data", "database", "database-password-file", "config"} {
		if cmd.Flags().Changed(name) {
			return c, explain.Usagef("沙箱使用临时数据目录和默认设置，不接受 --%s", name)
		}
	}
	c = sandbox.Config{Listen: f.listen, OwnCA: f.tls, Seed: f.seed}
	if !cmd.Flags().Changed("seed") { // a new sandbox is not taken for the one before, which had accepted cases
		c.Seed = uint64(rand.Uint32())
	}
	if c.Listen == "" {
		c.Listen = sandboxListen
	}
	if c.Dialect, err = api.ParseDialect(f.dialect); err != nil {
		return c, explain.BadUsage(err)
	}
	if (f.cert == "") != (f.key == "") || f.tls && f.cert != "" {
		return c, explain.Usagef("--tls-cert 与 --tls-key 须同时给出，并且不与 --tls 同用")
	}
	if f.cert != "" {
		if c.TLS, err = server.TLSConfig(f.cert, f.key, slog.New(slog.DiscardHandler)); err != nil {
			return c, explain.BadUsage(err)
		}
	}
	return c, nil
}

// run runs a sandbox until a signal ends it. A closed terminal ends it like Ctrl-C: no file may be left.
func (f *sandboxFlags) run(cmd *cobra.Command, c sandbox.Config) (err error) {
	ctx, stop := untilClosed(cmd.Context())
	defer stop()
	if f.transcript != "" {
		file, openErr := os.OpenFile(f.transcript, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if openErr != nil {
			return fmt.Errorf("往来记录：%w", openErr)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		c.Transcript = file
	}
	out := &lines{w: cmd.OutOrStdout(), quiet: f.json}
	c.Observe = out.exchange
	out.mu.Lock() // nothing is shown before the credentials
	s, err := f.start(ctx, c)
	if err == nil {
		err = f.tell(cmd, s)
	}
	out.mu.Unlock()
	if s == nil {
		return err
	}
	if err == nil {
		<-ctx.Done()
	}
	verdict := s.Verdict()
	if err := errors.Join(ignorePipe(ctx, err), s.Close()); err != nil {
		return err
	}
	if !f.json {
		tellVerdict(cmd.ErrOrStderr(), verdict)
	}
	return nil
}

// ignorePipe: where a signal ended everything, what could not be written is no matter.
func ignorePipe(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// start takes another port where the default one is taken.
func (f *sandboxFlags) start(ctx context.Context, c sandbox.Config) (*sandbox.Server, error) {
	s, err := sandbox.Start(ctx, c)
	if _, taken := errors.AsType[*net.OpError](err); taken && f.listen == "" {
		c.Listen = "127.0.0.1:0"
		s, err = sandbox.Start(ctx, c)
	}
	return s, err
}

// tell prints the address of the sandbox and how to log in.
func (f *sandboxFlags) tell(cmd *cobra.Command, s *sandbox.Server) error {
	if !s.Addr.IP.IsLoopback() {
		fmt.Fprintf(cmd.ErrOrStderr(), "注意：监听在 %s，其他机器也能访问沙箱、它的凭据和全部往来；只放测试数据，用完即停\n", s.Addr)
	}
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), s.Info())
	}
	var b strings.Builder
	fmt.Fprintf(&b, "联调沙箱：真实的接收服务，数据为临时，结束即删除；只放测试数据\n\n")
	for _, line := range [][2]string{{"接口地址", s.URL}, {"appKey", s.AppKey}, {"appSecret", s.AppSecret},
		{"account", sandbox.Account + "（一切正常），或一种故障的名称：每件案件第一次出错，再发即正常"}, {"密钥文件", s.SecretFile},
		{"信任策略", s.PolicyFile + "（验证受理回执）"},
		{"CA 证书", caWhere(s)}, {"种子", fmt.Sprintf("%d（--seed %[1]d 可重现这次的凭据和故障）", s.Seed)}, {"说明和控制", s.ControlURL},
		{"评判", s.ControlURL + "verdict"}} {
		if line[1] != "" {
			fmt.Fprintf(&b, "  %s%s\n", display.Pad(line[0], 12), line[1])
		}
	}
	fmt.Fprintf(&b, "\n报送自己的清单（另一个终端；清单.csv 换成自己的文件，发件箱随沙箱一起删除）：\n  %s\n", SubmitLine(s))
	b.WriteString("\n故障（也是账户）：\n")
	for _, f := range sandbox.Faults() {
		fmt.Fprintf(&b, "  %s%s%s\n", display.Pad(f.Name, 12), display.Pad(f.ID, 16), f.Does)
	}
	fmt.Fprintf(&b, "  %s%s%s\n", display.Pad(sandbox.Rotation, 12), display.Pad("", 16), "每件案件依次遇到下一种报送故障")
	b.WriteString("\n应用（应答的写法）：\n")
	for _, a := range s.Apps {
		fmt.Fprintf(&b, "  %s%s  %s\n", display.Pad(string(a.Dialect), 12), a.AppKey, a.AppSecret)
	}
	b.WriteString("\n此后每次往来显示一行。按 Ctrl-C 结束。\n\n")
	_, err := io.WriteString(cmd.OutOrStdout(), b.String())
	return err
}

// caWhere is where to get the certificate that clients are to trust; "" where the sandbox made none.
func caWhere(s *sandbox.Server) string {
	if s.CAFile == "" {
		return ""
	}
	return s.CAFile + "，也在 " + s.ControlURL + "ca.pem"
}

// SubmitLine sends a list to the sandbox, with an outbox that ends with it: what another sandbox has accepted is no
// matter here.
func SubmitLine(s *sandbox.Server) string {
	line := "diaoxiao submit 清单.csv --url " + s.URL + " --app-key " + s.AppKey + " --account " + sandbox.Account
	if s.CAFile != "" {
		line += " --ca-file " + display.ShellQuote(s.CAFile)
	}
	return line + " --secret-file " + display.ShellQuote(s.SecretFile) + " --outbox " + display.ShellQuote(s.Outbox)
}
