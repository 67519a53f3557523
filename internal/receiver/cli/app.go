package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func newAppCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "app", Short: "管理接入应用（执法办案系统）",
		Long: `管理接入应用（执法办案系统）。APP 为 appKey 或应用名称。
改动立即生效，可在服务运行时执行，并记入审计记录。`}
	cmd.AddCommand(newAppCreateCommand(env), newAppListCommand(env), newAppShowCommand(env), newAppRotateCommand(env),
		newAppChangeCommand(env), newAppDisableCommand(env, true), newAppDisableCommand(env, false))
	return cmd
}

func newAppCreateCommand(env *cli.Environment) *cobra.Command {
	var spec intake.AppSpec
	var dialect string
	var asJSON bool
	names := make([]string, 0, 4)
	for _, d := range api.Dialects() {
		names = append(names, string(d))
	}
	cmd := &cobra.Command{Use: "create", Short: "建立接入应用及其账户，显示一次 appSecret", Args: cli.Args(),
		Example: `  diaoxiao app create --name 呼和浩特市执法办案系统 --account 张三 --account 李四 \
      --contact 王五 --phone 0471-1234567`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cli.Need(cmd, "name", "account"); err != nil {
				return err
			}
			d, err := api.ParseDialect(dialect)
			if err != nil {
				return explain.BadUsage(err)
			}
			spec.Dialect = d
			return withDesk(env, cmd, store.Options{}, func(desk *intake.Desk, _ *store.Store) error {
				cred, err := desk.CreateApp(cmd.Context(), actorOf(env), spec)
				if err != nil {
					return err
				}
				return printCredentials(cmd, cred, asJSON)
			})
		}}
	f := cmd.Flags()
	f.StringVar(&spec.Name, "name", "", "应用`名称`（必填，不得重复）")
	f.StringArrayVar(&spec.Accounts, "account", nil, "用户账户`名称`（必填，可多次给出）")
	f.StringVar(&dialect, "dialect", string(api.All), "应答报文`格式`："+strings.Join(names, "、")+"；除非对方严格检查成员名，不必改动")
	f.StringVar(&spec.Contact, "contact", "", "联系人")
	f.StringVar(&spec.Phone, "phone", "", "联系电话")
	f.BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

func printCredentials(cmd *cobra.Command, cred intake.Credentials, asJSON bool) error {
	if asJSON {
		return cli.PrintJSON(cmd.OutOrStdout(), cred)
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "appKey     %s\nappSecret  %s\n账户       %s\n", cred.AppKey,
		cred.AppSecret, strings.Join(cred.Accounts, "、"))
	fmt.Fprintln(cmd.ErrOrStderr(), "appSecret 只显示这一次，系统仅保存其散列；请以安全方式交给接入单位。")
	return err
}

// appView is an app as --json shows it.
type appView struct {
	AppKey   string        `json:"appKey"`
	Name     string        `json:"name"`
	Contact  string        `json:"contact"`
	Phone    string        `json:"phone"`
	Dialect  api.Dialect   `json:"dialect"`
	Disabled bool          `json:"disabled"`
	Created  time.Time     `json:"createdAt"`
	Accounts []accountView `json:"accounts,omitempty"`
	Secrets  []secretView  `json:"secrets,omitempty"`
}

type accountView struct {
	Name     string `json:"name"`
	Disabled bool   `json:"disabled"`
}

type secretView struct {
	Created time.Time  `json:"createdAt"`
	Expires *time.Time `json:"expiresAt"`
}

func viewApp(a intake.App) appView {
	return appView{AppKey: a.Key, Name: a.Name, Contact: a.Contact, Phone: a.Phone, Dialect: a.Dialect,
		Disabled: a.Disabled, Created: a.Created.In(beijingtime.Zone)}
}

func newAppListCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "列出接入应用", Args: cli.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				apps, err := desk.Apps(cmd.Context(), actorOf(env))
				if err != nil {
					return err
				}
				views := make([]appView, len(apps))
				for i, a := range apps {
					views[i] = viewApp(a.App)
				}
				if asJSON {
					return cli.PrintJSON(cmd.OutOrStdout(), views)
				}
				t := display.NewTable(cmd.OutOrStdout())
				t.Add("appKey", "名称", "状态", "应答报文格式", "联系人", "电话")
				for _, v := range views {
					t.Add(v.AppKey, v.Name, yesNo(v.Disabled), string(v.Dialect), v.Contact, v.Phone)
				}
				return t.Flush()
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

func newAppShowCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "show APP", Short: "显示一个接入应用、其账户与密钥的期限", Args: cli.Args("APP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				a, err := desk.App(cmd.Context(), actorOf(env), args[0])
				if err != nil {
					return err
				}
				v := viewAppDetail(a)
				if asJSON {
					return cli.PrintJSON(cmd.OutOrStdout(), v)
				}
				return printApp(cmd, v)
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

func viewAppDetail(a intake.AppDetail) appView {
	v := viewApp(a.App)
	for _, acc := range a.Accounts {
		v.Accounts = append(v.Accounts, accountView{acc.Name, acc.Disabled})
	}
	for _, s := range a.Secrets {
		sv := secretView{Created: s.Created.In(beijingtime.Zone)}
		if !s.Expires.IsZero() {
			until := s.Expires.In(beijingtime.Zone)
			sv.Expires = &until
		}
		v.Secrets = append(v.Secrets, sv)
	}
	return v
}

func printApp(cmd *cobra.Command, v appView) error {
	t := display.NewTable(cmd.OutOrStdout())
	t.Add("appKey", v.AppKey)
	t.Add("名称", v.Name)
	t.Add("状态", yesNo(v.Disabled))
	t.Add("应答报文格式", string(v.Dialect))
	t.Add("联系人", strings.TrimSpace(v.Contact+" "+v.Phone))
	t.Add("建立", cli.Beijing(v.Created))
	for _, a := range v.Accounts {
		t.Add("账户", a.Name+"（"+yesNo(a.Disabled)+"）")
	}
	for _, s := range v.Secrets {
		until := "长期有效"
		if s.Expires != nil {
			until = "有效至 " + cli.Beijing(*s.Expires)
		}
		t.Add("密钥", cli.Beijing(s.Created)+" 生成，"+until)
	}
	return t.Flush()
}

func newAppRotateCommand(env *cli.Environment) *cobra.Command {
	var overlap time.Duration
	var asJSON bool
	cmd := &cobra.Command{Use: "rotate-secret APP", Short: "换发 appSecret；原密钥在过渡期内继续有效", Args: cli.Args("APP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if overlap < 0 {
				return explain.Usagef("--overlap 不得为负")
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				cred, err := desk.RotateSecret(cmd.Context(), actorOf(env), args[0], overlap)
				if err != nil {
					return err
				}
				return printCredentials(cmd, cred, asJSON)
			})
		}}
	cmd.Flags().DurationVar(&overlap, "overlap", 7*24*time.Hour, "原密钥继续有效的时间，如 24h；0 为立即失效")
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

func newAppChangeCommand(env *cli.Environment) *cobra.Command {
	var name, contact, phone string
	cmd := &cobra.Command{Use: "change APP", Short: "修改应用的名称、联系人、电话", Args: cli.Args("APP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			given := cmd.Flags().Changed
			if !given("name") && !given("contact") && !given("phone") {
				return explain.Usagef("须给出 --name、--contact 或 --phone")
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				a, err := desk.App(cmd.Context(), actorOf(env), args[0])
				if err != nil {
					return err
				}
				for flag, to := range map[string][2]*string{"name": {&name, &a.Name}, "contact": {&contact, &a.Contact},
					"phone": {&phone, &a.Phone}} {
					if given(flag) {
						*to[1] = *to[0]
					}
				}
				if err := desk.ChangeApp(cmd.Context(), actorOf(env), a.Key, a.Name, a.Contact, a.Phone); err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "应用 %s 已修改\n", display.Plain(args[0]))
				return err
			})
		}}
	cmd.Flags().StringVar(&name, "name", "", "新的`名称`")
	cmd.Flags().StringVar(&contact, "contact", "", "新的联系人")
	cmd.Flags().StringVar(&phone, "phone", "", "新的联系电话")
	return cmd
}

func newAppDisableCommand(env *cli.Environment, disable bool) *cobra.Command {
	use, short := "enable APP", "启用接入应用"
	if disable {
		use, short = "disable APP", "停用接入应用，立即结束其全部会话"
	}
	return &cobra.Command{Use: use, Short: short, Args: cli.Args("APP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onApp(args[0]).do(env, cmd, "已"+yesNo(disable), func(d *intake.Desk) error {
				return d.SetAppDisabled(cmd.Context(), actorOf(env), args[0], disable)
			})
		}}
}
