package trial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/sandbox"
)

func newDemoCommand(build buildinfo.Info) *cobra.Command {
	var once bool
	var listen string
	cmd := &cobra.Command{Use: "demo", Short: "演示：在临时数据目录上运行真实的服务，走完一次报送", Args: cli.Args(),
		Long: `在临时数据目录上启动真实的接收服务，建立一个接入应用，把一件虚构的案件
（1,254 户，其中几条有错）按登录、报送、重复报送、查询、注销的次序发一遍，
逐字显示往来的请求和应答，再列出核验提示和一次出错的应答。
随后给出可以粘贴到 bash 的 curl 命令，并继续运行，直到按 Ctrl-C；结束时删除
临时数据目录。

演示不读环境变量和配置文件，也不使用 --data。任何一步与预期不符，退出码为 1。`,
		Example: `  diaoxiao demo
  diaoxiao demo --once | less`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range []string{"data", "database", "database-password-file", "config"} {
				if cmd.Flags().Changed(name) {
					return explain.Usagef("演示使用临时数据目录和默认设置，不接受 --%s", name)
				}
			}
			return demo(cmd, build, listen, once)
		}}
	cmd.Flags().BoolVar(&once, "once", false, "演示完即结束，不继续运行")
	cmd.Flags().StringVar(&listen, "listen", "", "监听`地址`（本机）；不给出时用 127.0.0.1:8080，被占用则另选端口")
	return cmd
}

// demoEntities is the size of the case shown; demoSeed and pasteSeed make two cases with different caseids.
const (
	demoEntities = 1254
	demoSeed     = 1
	pasteSeed    = 2
	demoAccount  = "演示经办人"
)

// demo runs the show. A closed terminal or pager ends it like Ctrl-C: nothing may be left behind.
func demo(cmd *cobra.Command, build buildinfo.Info, listen string, once bool) (err error) {
	ctx, stop := untilClosed(cmd.Context())
	defer stop()
	defer func() {
		if err != nil && ctx.Err() != nil {
			err = context.Canceled // whatever it broke
		}
	}()
	dir, err := os.MkdirTemp("", "diaoxiao-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d := &demonstration{wire: wire{out: cmd.OutOrStdout()}, dir: dir, build: build, began: time.Now()}
	if err := d.start(ctx, listen); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.stop()) }()
	if err := d.show(ctx); err != nil {
		return err
	}
	if once {
		return d.say("\n演示完毕，用时 %s。不带 --once 运行时，服务继续运行，并给出可以粘贴的 curl 命令。", cli.Since(d.began))
	}
	return d.serve(ctx)
}

// untilClosed is ctx, ended also by a closed terminal or pager.
func untilClosed(ctx context.Context) (context.Context, context.CancelFunc) {
	signals := []os.Signal{syscall.SIGPIPE}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signal.NotifyContext(ctx, signals...)
}

// demonstration is one run of the demo.
type demonstration struct {
	wire
	dir      string
	build    buildinfo.Info
	began    time.Time
	log      *os.File
	service  *server.Server
	app      intake.Credentials
	body     []byte // of the case
	token    string
	acceptID string
	live     atomic.Bool // requests are shown as they come
}

// start starts the real server as serve does, its log in a file.
func (d *demonstration) start(ctx context.Context, listen string) (err error) {
	conf := config.Defaults()
	conf.Data, conf.Listen, conf.LogFormat = filepath.Join(d.dir, "data"), listen, "text"
	if listen == "" {
		conf.Listen = config.Defaults().Listen
	}
	if err := conf.Check(); err != nil {
		return explain.BadUsage(err)
	}
	if d.log, err = os.Create(filepath.Join(d.dir, "server.log")); err != nil {
		return err
	}
	log, err := server.NewLogger(d.log, conf.LogFormat, conf.LogLevel)
	if err != nil {
		return err
	}
	c := server.Config{Settings: conf, Build: d.build, Log: log, Observe: d.observe}
	d.service, err = server.Start(ctx, c)
	if _, taken := errors.AsType[*net.OpError](err); taken && listen == "" {
		c.Settings.Listen = "127.0.0.1:0"
		d.service, err = server.Start(ctx, c)
	}
	if err != nil {
		return errors.Join(err, d.log.Close())
	}
	d.base = "http://" + d.service.Addr.String()
	return nil
}

func (d *demonstration) stop() error { return errors.Join(d.service.Stop(), d.log.Close()) }

const opening = `演示：真实的接收服务，虚构的案件
  接口      %s/security
  数据目录  %s（结束时删除）
  服务日志  %s
以下  > 为请求  < 为应答原文（折行显示）  = 为应答还原转义后的样子`

// show goes through everything; it ends at the first thing that is not as expected.
func (d *demonstration) show(ctx context.Context) error {
	if err := d.say(opening, d.base, d.service.Settings.Data, d.log.Name()); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{d.admit, d.login, d.send, d.repeat, d.query, d.logout,
		d.verification, d.mistake} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// admit creates the app, as diaoxiao app create does.
func (d *demonstration) admit(ctx context.Context) (err error) {
	d.app, err = d.service.Desk.CreateApp(ctx, intake.Shell{Name: "demo"}.Actor(),
		intake.AppSpec{Name: "演示执法办案系统", Accounts: []string{demoAccount}})
	if err != nil {
		return err
	}
	d.body = sandbox.CaseBody(sandbox.Batch(demoSeed, demoEntities))
	d.heading("准备", "建立接入应用 演示执法办案系统，账户 "+demoAccount+"（同 diaoxiao app create）")
	return d.say("appKey     %s\nappSecret  %s", d.app.AppKey, d.app.AppSecret)
}

func (d *demonstration) login(ctx context.Context) error {
	d.heading("1 登录", "取得 30 分钟有效的令牌")
	a, err := d.call(ctx, api.Login, "", loginBody(d.app))
	d.token = a.Token
	return err
}

func (d *demonstration) send(ctx context.Context) error {
	d.heading("2 报送", fmt.Sprintf("一件案件，%s 户；应答之时已持久保存", display.Count(demoEntities)))
	a, err := d.call(ctx, api.Receive, d.token, d.body)
	if _, ok := acceptid.CaseNo(a.AcceptID); err == nil && !ok {
		err = unexpected("报送应得到 18 位受理号，实际为 %q", a.AcceptID)
	}
	d.acceptID = a.AcceptID
	return err
}

func (d *demonstration) repeat(ctx context.Context) error {
	d.heading("3 重复报送", "没有收到应答的一方以相同内容再发一次，得到同一受理号")
	a, err := d.call(ctx, api.Receive, d.token, d.body)
	if err == nil && a.AcceptID != d.acceptID {
		err = unexpected("重复报送应得到同一受理号 %s，实际为 %q", d.acceptID, a.AcceptID)
	}
	return err
}

func (d *demonstration) query(ctx context.Context) error {
	d.heading("4 查询", "规范以外的扩展接口：按受理号或案件编号查询受理情况")
	a, err := d.call(ctx, api.Query, d.token, []byte(`{"acceptid":"`+d.acceptID+`"}`))
	if err == nil && (a.AcceptID != d.acceptID || a.Status.Items != demoEntities) {
		err = unexpected("查询应得到受理号 %s、%d 户，实际为 %q、%d 户", d.acceptID, demoEntities, a.AcceptID, a.Status.Items)
	}
	return err
}

func (d *demonstration) logout(ctx context.Context) error {
	d.heading("5 注销", "令牌立即失效")
	_, err := d.call(ctx, api.Logout, d.token, nil)
	return err
}

// mistake sends a case that the document does not let through, with a new session.
func (d *demonstration) mistake(ctx context.Context) error {
	d.heading("7 出错的应答", "没有案件名称，日期不存在，清单第 2 条没有法定代表人：一次指出全部错误，不予受理")
	token, err := d.freshToken(ctx)
	if err != nil {
		return err
	}
	wrong := sandbox.Batch(pasteSeed, 3)
	wrong.CaseName, wrong.PenaltyDate, wrong.PenaltyList[1].Legal = " ", "2026-02-30", ""
	a, err := d.exchange(ctx, api.Receive, token, sandbox.CaseBody(wrong))
	if err != nil {
		return err
	}
	const want = "14001,19003,14008"
	if got := api.CodeList(a.Problems); got != want {
		return unexpected("应得到 FAILURE 和错误代码 %s，实际为 %s %s", want, a.Ack(), got)
	}
	return nil
}

func (d *demonstration) freshToken(ctx context.Context) (string, error) {
	quiet := wire{base: d.base, out: io.Discard}
	a, err := quiet.call(ctx, api.Login, "", loginBody(d.app))
	return a.Token, err
}

// serve keeps the server running for the user's own requests.
func (d *demonstration) serve(ctx context.Context) error {
	if err := d.paste(); err != nil {
		return err
	}
	d.live.Store(true)
	select {
	case <-ctx.Done():
	case err := <-d.service.Broken:
		return err
	}
	return d.say("\n演示结束，删除临时数据目录。")
}

// observe shows one line for each request once the show is over.
func (d *demonstration) observe(r httpapi.Record) {
	if !d.live.Load() {
		return
	}
	call := string(r.Call)
	if call == "" {
		call = r.Path
	}
	line := fmt.Sprintf("%s  %-15s  HTTP %d  %s", time.Now().Format(time.TimeOnly), display.Plain(call), r.Status,
		outcomeWords(r))
	d.say("%s  %s", line, r.Duration.Round(10*time.Microsecond))
}

// outcomeWords says in Chinese how a request ended.
func outcomeWords(r httpapi.Record) string {
	switch {
	case r.Codes != "":
		return "拒绝 " + r.Codes
	case r.Outcome == string(intake.Accepted):
		return fmt.Sprintf("受理 %s  %s 户", r.AcceptID, display.Count(r.Items))
	case r.Outcome == string(intake.Repeated):
		return "重复报送 " + r.AcceptID
	}
	return strings.TrimSpace("成功 " + r.AcceptID)
}
