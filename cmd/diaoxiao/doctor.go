package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/client"
)

func (c *command) doctor() *cobra.Command {
	var flags senderFlags
	var asJSON bool
	var timeout time.Duration
	cmd := &cobra.Command{Use: "doctor [URL]", Short: "诊断到接收方的连接：逐项检查，指出问题和处理办法", Args: atMost("URL"),
		Long: `从配置到往返，逐项检查本机到接收方的连接，每个问题都给出处理办法：

  配置、代理、DNS、TCP、TLS、时钟、接口、凭据、往返、扩展、注销

不报送任何案件。没有凭据也可运行，与凭据有关的各项列为“未检查”。密钥只发给
证书经过验证的接收方，不显示也不记录。

退出码：0 没有问题；3 有问题；1 检查未能完成；2 参数或接入配置有误。`,
		Example: `  diaoxiao doctor
  diaoxiao doctor https://10.1.2.3:8443 --ca-file ca.pem
  diaoxiao doctor --profile 生产 --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := c.newDoctor(cmd, args, timeout)
			if err != nil {
				return err
			}
			if !asJSON {
				d.out = cmd.OutOrStdout()
			}
			return d.report(cmd, asJSON)
		}}
	flags.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	cmd.Flags().DurationVar(&timeout, "timeout", 10*time.Second, "每一步最多等多久，如 5s")
	return cmd
}

// doctor examines the way to one receiver, each step building on those before it.
type doctor struct {
	*sender
	all     checkup
	out     io.Writer // nil: nothing is told before the end
	timeout time.Duration
	root    *url.URL // {API_ROOT}
	proxy   *url.URL // nil: none
	hop     string   // host:port to connect to: the proxy's, or the receiver's
	shown   bool     // requests can be sent, perhaps to somebody else
	trusted bool     // who answers is who he should be
	seen    *probe   // what the interface answered

	client    *client.Client // logged in; nil: not
	exchanges []client.Exchange
	queried   error // what the last question for a case came to
}

func (c *command) newDoctor(cmd *cobra.Command, args []string, timeout time.Duration) (*doctor, error) {
	if timeout <= 0 {
		return nil, usagef("--timeout 须大于零")
	}
	if len(args) == 1 {
		if cmd.Flags().Changed("url") {
			return nil, usagef("URL 与 --url 只能给出一个")
		}
		if err := cmd.Flags().Set("url", args[0]); err != nil {
			return nil, err
		}
	}
	name, p, err := c.senderSettings(cmd)
	if err != nil {
		return nil, err
	}
	if p.URL == "" {
		return nil, usageError{nextStep{errors.New("不知道要检查哪个接收方"), "diaoxiao doctor https://主机:端口，或" + incompleteStep(name)}}
	}
	s, err := c.newSender(cmd, name, p)
	if err != nil {
		return nil, err
	}
	root, err := url.Parse(s.URL)
	return &doctor{sender: s, timeout: timeout, root: root,
		all: checkup{URL: s.URL, Profile: s.Profile, Account: s.Account}}, err
}

// step is one check. It returns what those after it lack, if they cannot be made.
type step struct {
	name string
	run  func(context.Context, *diagnosis)
}

func (d *doctor) steps() []step {
	return []step{{"配置", d.checkSettings}, {"代理", d.checkProxy}, {"DNS", d.checkDNS}, {"TCP", d.checkTCP}, {"TLS", d.checkTLS}, {"时钟", d.checkClock},
		{"接口", d.checkInterface}, {"凭据", d.checkCredentials}, {"往返", d.checkRoundTrip}, {"扩展", d.checkExtensions}, {"注销", d.checkLogout}}
}

// examine makes every check in turn and tells of each as it is done.
func (d *doctor) examine(ctx context.Context) error {
	for i, s := range d.steps() {
		found := &diagnosis{No: i + 1, Name: s.name, Standing: fine}
		began := time.Now()
		s.run(ctx, found)
		found.Millis = millis(time.Since(began))
		if err := ctx.Err(); err != nil {
			return undone("诊断", err, "再次运行即从头检查")
		}
		d.all.Checks = append(d.all.Checks, found)
		if d.out != nil {
			if err := found.print(d.out); err != nil {
				return err
			}
		}
	}
	d.all.Worst = d.all.worst()
	return nil
}

// of is how a check before came out.
func (d *doctor) of(name string) standing {
	for _, found := range d.all.Checks {
		if found.Name == name {
			return found.Standing
		}
	}
	return unchecked
}

// broke names the first of the checks before that has failed or was not made.
func (d *doctor) broke(names ...string) (string, bool) {
	for _, name := range names {
		if s := d.of(name); s == broken || s == unchecked {
			return name, true
		}
	}
	return "", false
}

func (d *doctor) report(cmd *cobra.Command, asJSON bool) error {
	if d.out != nil {
		who := ""
		if d.Profile != "" {
			who = "（接入配置 " + d.Profile + "）"
		}
		fmt.Fprintf(d.out, "接收方  %s%s\n\n", d.URL, who)
	}
	if err := d.examine(cmd.Context()); err != nil {
		return err
	}
	if asJSON {
		if err := printJSON(cmd.OutOrStdout(), d.all); err != nil {
			return err
		}
	} else if _, err := fmt.Fprintf(d.out, "\n%s\n", d.all.counts()); err != nil {
		return err
	}
	if d.all.Worst == broken {
		return errFaults
	}
	return nil
}

// endpoint is the address of a call.
func (d *doctor) endpoint(c api.Call) string { return d.URL + c.Path() }

// atMost takes one argument or none.
func atMost(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if len(given) == 0 {
			return nil
		}
		return args(name)(c, given)
	}
}
