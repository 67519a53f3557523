package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/store"
)

func newOperatorCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "operator", Short: "管理管理台的操作员",
		Long: `管理管理台的操作员。新建和重置得到一次性链接，由本人打开，设置密码和动态口令。
新建、重置、启用和改角色须由第二人在管理台的“待批准”中批准后才生效：一般账户由安全
管理员批准，安全管理员的账户由审计员批准，审计员的账户由另一位审计员或安全管理员批准；
申请人和账户本人不能批准。命令行只能申请。第一位系统管理员、安全管理员、审计员免批准，
审计和日志有专门的记录。没有默认账户，也没有默认密码。可在服务运行时执行。`}
	cmd.AddCommand(newOperatorCreateCommand(env), newOperatorListCommand(env), newOperatorResetCommand(env),
		newOperatorDeedCommand(env, "disable NAME", "停用操作员，立即结束其会话", "已停用",
			func(ctx context.Context, d *intake.Desk, name string) error {
				return staff.New(d).SetOperatorDisabled(ctx, actorOf(env), name, true)
			}),
		newOperatorDeedCommand(env, "enable NAME", "启用操作员，须经批准", "已申请启用，待批准",
			func(ctx context.Context, d *intake.Desk, name string) error {
				return staff.New(d).SetOperatorDisabled(ctx, actorOf(env), name, false)
			}),
		newOperatorChangeCommand(env), newOperatorRoleCommand(env), newOperatorIdentityCommand(env),
		newOperatorApproveCommand(env), newOperatorDeedCommand(env, "unlock NAME", "解除登录失败过多的锁定", "已解锁",
			func(ctx context.Context, d *intake.Desk, name string) error {
				return staff.New(d).UnlockOperator(ctx, actorOf(env), name)
			}))
	return cmd
}

func newOperatorCreateCommand(env *cli.Environment) *cobra.Command {
	var spec staff.OperatorSpec
	var role string
	var id identifierFlags
	var asJSON bool
	cmd := &cobra.Command{Use: "create NAME", Short: "建立操作员，显示一次性链接", Args: cli.Args("NAME"),
		Example: `  diaoxiao operator create surina --person 苏日娜 --role 系统管理员 --identifier 工号0123`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := cli.Need(cmd, "person", "role"); err != nil {
				return err
			}
			if spec.Role, err = intake.ParseRole(role); err != nil {
				return err
			}
			spec.Name = args[0]
			if spec.Identifier, err = id.read(cmd); err != nil {
				return err
			}
			return withDesk(env, cmd, store.Options{}, func(desk *intake.Desk, _ *store.Store) error {
				token, err := staff.New(desk).CreateOperator(cmd.Context(), actorOf(env), spec)
				if err != nil {
					return err
				}
				return printLink(env, cmd, spec.Name, token, asJSON)
			})
		}}
	f := cmd.Flags()
	f.StringVar(&spec.Person, "person", "", "`姓名`（必填）")
	f.StringVar(&spec.Phone, "phone", "", "联系电话")
	f.StringVar(&spec.Unit, "unit", "", "`单位`或部门")
	f.StringVar(&role, "role", "", "`角色`（必填）：业务员、复核员、系统管理员、安全管理员、审计员")
	id.flags(f)
	f.BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

func newOperatorResetCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "reset NAME", Short: "作废密码和动态口令，显示新的一次性链接", Args: cli.Args("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				token, err := staff.New(desk).ResetOperator(cmd.Context(), actorOf(env), args[0])
				if err != nil {
					return onNotFound(err, "用 diaoxiao operator list 查看操作员")
				}
				return printLink(env, cmd, args[0], token, asJSON)
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// linkView is a one-time link as --json shows it.
type linkView struct {
	Name    string    `json:"name"`
	Link    string    `json:"link"`
	Expires time.Time `json:"expiresAt"`
}

func printLink(env *cli.Environment, cmd *cobra.Command, name, token string, asJSON bool) error {
	conf, err := config.Read(env, cmd.Flags())
	if err != nil {
		return err
	}
	at := conf.ConsoleListen
	if at == "" || at == config.ConsoleOff {
		at = conf.Listen
	}
	v := linkView{name, server.SetupLink(server.ConsoleBase(&conf, at), token),
		time.Now().Add(staff.InvitationLife).In(beijingtime.Zone).Truncate(time.Second)}
	if asJSON {
		return cli.PrintJSON(cmd.OutOrStdout(), v)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), v.Link)
	fmt.Fprintf(cmd.ErrOrStderr(), "请把链接以安全方式交给本人，在 %s 前打开；只能用一次。\n主机名不对时，请用 --config 指明服务的配置文件，或设置 console_url。\n",
		cli.Beijing(v.Expires))
	return err
}

// operatorView is an operator as --json shows it.
type operatorView struct {
	Name     string     `json:"name"`
	Person   string     `json:"person"`
	Phone    string     `json:"phone"`
	Role     string     `json:"role"`
	Standing string     `json:"standing"`
	Waits    string     `json:"waits"` // the change that waits for approval, in Chinese; "": none
	Known    bool       `json:"identifierRegistered"`
	Created  time.Time  `json:"createdAt"`
	Password *time.Time `json:"passwordSetAt"`
	Unit     string     `json:"unit"`
	SignedIn *time.Time `json:"signedInAt"`
}

func newOperatorListCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "列出操作员", Args: cli.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				os, err := staff.New(desk).Operators(cmd.Context(), actorOf(env))
				if err != nil {
					return err
				}
				views := make([]operatorView, len(os))
				for i, o := range os {
					views[i] = operatorView{o.Name, o.Person, o.Phone, o.Role.String(), o.Standing(time.Now()),
						waitsWords(o), o.Identified(), o.Created.In(beijingtime.Zone), atOrNil(o.PasswordSet), o.Unit,
						atOrNil(o.SignedIn)}
				}
				if asJSON {
					return cli.PrintJSON(cmd.OutOrStdout(), views)
				}
				t := display.NewTable(cmd.OutOrStdout())
				t.Add("用户名", "姓名", "角色", "单位", "状态", "电话", "建立时间", "最近登录", "待批准", "身份标识")
				for _, v := range views {
					t.Add(v.Name, v.Person, v.Role, v.Unit, v.Standing, v.Phone, cli.Beijing(v.Created),
						signedText(v), v.Waits, map[bool]string{true: "已登记", false: "未登记身份标识"}[v.Known])
				}
				return t.Flush()
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// atOrNil is a time in Beijing; nil: there is none.
func atOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(beijingtime.Zone)
	return &t
}

// signedText is when an operator last signed in, in words.
func signedText(v operatorView) string {
	if v.SignedIn == nil {
		return "无记录"
	}
	return cli.Beijing(*v.SignedIn)
}

// newOperatorDeedCommand does one thing with the operator that its argument names.
func newOperatorDeedCommand(env *cli.Environment, use, short, done string,
	do func(context.Context, *intake.Desk, string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cli.Args("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onOperator(args[0]).do(env, cmd, done,
				func(d *intake.Desk) error { return do(cmd.Context(), d, args[0]) })
		}}
}
