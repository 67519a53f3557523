package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// identifierFlags are the flags that give the identifier of a person. A file may give it too, because the number of an
// identity card must not get into the history of a shell.
type identifierFlags struct{ value, file string }

func (i *identifierFlags) flags(f *pflag.FlagSet) {
	f.StringVar(&i.value, "identifier", "", "本人的`工号`或身份证号（必填其一），用来防止同一人担任互相监督的角色；只保存不可还原的散列")
	f.StringVar(&i.file, "identifier-file", "", "从`文件`读身份标识（一行；- 为标准输入）：身份证号请用这一参数，不留在命令历史中")
}

func (i *identifierFlags) read(cmd *cobra.Command) (string, error) {
	if (i.value == "") == (i.file == "") {
		return "", explain.Usagef("须给出 --identifier 或 --identifier-file 之一")
	}
	if i.value != "" {
		return i.value, nil
	}
	in := cmd.InOrStdin()
	if i.file != "-" {
		f, err := os.Open(i.file)
		if err != nil {
			return "", fmt.Errorf("身份标识文件：%w", err)
		}
		defer f.Close()
		in = f
	}
	line, err := bufio.NewReader(io.LimitReader(in, 400)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("读身份标识：%w", err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "\uFEFF")), nil
}

// waitsWords names the change of an operator that waits for approval; "" where none waits.
func waitsWords(o intake.Operator) string {
	if o.Waits.Kind == "" {
		return ""
	}
	to := ""
	if o.Waits.Role != "" {
		to = "为" + o.Waits.Role.String()
	}
	return fmt.Sprintf("%s%s，待%s批准", o.Waits.Kind, to, o.Approver())
}

func newOperatorChangeCommand(env *cli.Environment) *cobra.Command {
	var to staff.Particulars
	cmd := &cobra.Command{Use: "change NAME", Short: "修改姓名、电话、单位，立即生效", Args: cli.Args("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !changesAny(cmd, "person", "phone", "unit") {
				return explain.Usagef("须给出 --person、--phone 或 --unit")
			}
			return onOperator(args[0]).do(env, cmd, "已修改", func(d *intake.Desk) error {
				os, err := staff.New(d).Operators(cmd.Context(), actorOf(env))
				for _, o := range os {
					if o.Name != args[0] {
						continue
					}
					if !cmd.Flags().Changed("person") {
						to.Person = o.Person
					}
					if !cmd.Flags().Changed("phone") {
						to.Phone = o.Phone
					}
					if !cmd.Flags().Changed("unit") {
						to.Unit = o.Unit
					}
					return staff.New(d).ChangePerson(cmd.Context(), actorOf(env), args[0], to)
				}
				if err == nil {
					err = fmt.Errorf("操作员%q：%w", args[0], intake.ErrNotFound)
				}
				return err
			})
		}}
	cmd.Flags().StringVar(&to.Person, "person", "", "新的`姓名`")
	cmd.Flags().StringVar(&to.Phone, "phone", "", "新的联系电话")
	cmd.Flags().StringVar(&to.Unit, "unit", "", "新的`单位`或部门")
	return cmd
}

// changesAny reports whether one of the flags was given.
func changesAny(cmd *cobra.Command, names ...string) bool {
	return slices.ContainsFunc(names, cmd.Flags().Changed)
}

func newOperatorRoleCommand(env *cli.Environment) *cobra.Command {
	var role string
	cmd := &cobra.Command{Use: "role NAME", Short: "申请改角色，批准以前角色不变", Args: cli.Args("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cli.Need(cmd, "role"); err != nil {
				return err
			}
			to, err := intake.ParseRole(role)
			if err != nil {
				return err
			}
			return onOperator(args[0]).do(env, cmd, "已申请改角色，待批准",
				func(d *intake.Desk) error {
					return staff.New(d).AskRole(cmd.Context(), actorOf(env), args[0], to)
				})
		}}
	cmd.Flags().StringVar(&role, "role", "", "新的`角色`（必填）：业务员、复核员、系统管理员、安全管理员、审计员")
	return cmd
}

func newOperatorIdentityCommand(env *cli.Environment) *cobra.Command {
	var id identifierFlags
	cmd := &cobra.Command{Use: "identity NAME", Short: "登记身份标识；更换已登记的须经批准", Args: cli.Args("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := id.read(cmd)
			if err != nil {
				return err
			}
			return onOperator(args[0]).do(env, cmd, "的身份标识已登记（更换的待批准）",
				func(d *intake.Desk) error {
					return staff.New(d).RegisterIdentity(cmd.Context(), actorOf(env), args[0], text)
				})
		}}
	id.flags(cmd.Flags())
	return cmd
}

func newOperatorApproveCommand(env *cli.Environment) *cobra.Command {
	var emergency bool
	var reason string
	cmd := &cobra.Command{Use: "approve NAME", Short: "紧急批准账户变更（能批准的人都无法登录时）", Args: cli.Args("NAME"),
		Long: `批准账户变更是管理台“待批准”中的事。只有能批准的人都无法登录时，才用这一命令：
变更须在命令行申请并已等待 24 小时，由另一个登录本机的用户（登录 uid 与申请人不同，su
和 sudo 不改变它）批准，并写明理由。审计记录中单列一种操作，日志中有 WARN 级的告警。`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cli.Need(cmd, "reason"); err != nil {
				return err
			}
			if !emergency {
				return explain.Usagef("命令行只能紧急批准，须加 --emergency；平时请在管理台的“待批准”中批准")
			}
			return onOperator(args[0]).do(env, cmd, "的变更已紧急批准，已记入审计并告警",
				func(d *intake.Desk) error {
					return staff.New(d).ApproveInEmergency(cmd.Context(), actorOf(env), args[0], reason)
				})
		}}
	cmd.Flags().BoolVar(&emergency, "emergency", false, "确认是紧急批准")
	cmd.Flags().StringVar(&reason, "reason", "", "`理由`（必填，记入审计记录）")
	return cmd
}
