package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/doctor"
	"diaoxiao/internal/sender/profile"
)

// newDoctor is the command doctor: it looks for faults between this machine and a receiver.
func newDoctor(env *cli.Environment) *cobra.Command {
	var flags senderFlags
	var asJSON bool
	var timeout time.Duration
	cmd := &cobra.Command{Use: "doctor [URL]", Short: "诊断到接收方的连接：逐项检查，指出问题和处理办法", Args: cli.AtMost("URL"),
		Long: `从配置到往返，逐项检查本机到接收方的连接，每个问题都给出处理办法：

  配置、代理、DNS、TCP、TLS、时钟、接口、凭据、往返、扩展、注销

不报送任何案件。没有凭据也可运行，与凭据有关的各项列为“未检查”。密钥只发给
证书经过验证的接收方，不显示也不记录。

退出码：0 没有问题；3 有问题；1 检查未能完成；2 参数或接入配置有误。`,
		Example: `  diaoxiao doctor
  diaoxiao doctor https://10.1.2.3:8443 --ca-file ca.pem
  diaoxiao doctor --profile 生产 --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return diagnose(env, cmd, args, timeout, asJSON)
		}}
	flags.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	cmd.Flags().DurationVar(&timeout, "timeout", 10*time.Second, "每一步最多等多久，如 5s")
	return cmd
}

// diagnose examines the way to a receiver and prints the findings: check by check for people, at the end
// as JSON.
func diagnose(env *cli.Environment, cmd *cobra.Command, args []string, timeout time.Duration, asJSON bool) error {
	way, err := wayOf(env, cmd, args, timeout)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	var tell func(*doctor.Diagnosis) error
	if !asJSON {
		tell = func(d *doctor.Diagnosis) error { return d.Print(out) }
		fmt.Fprintf(out, "接收方  %s%s\n\n", way.URL, profileWords(way.Profile))
	}
	all, err := doctor.Examine(cmd.Context(), way, timeout, tell)
	if err != nil && cmd.Context().Err() != nil {
		return explain.Undone("诊断", err, "再次运行即从头检查")
	}
	if err != nil {
		return err
	}
	if asJSON {
		err = cli.PrintJSON(out, all)
	} else {
		_, err = fmt.Fprintf(out, "\n%s\n", all.Counts())
	}
	if err == nil && all.Worst == doctor.Broken {
		err = explain.ErrFaults
	}
	return err
}

func profileWords(name string) string {
	if name == "" {
		return ""
	}
	return "（接入配置 " + name + "）"
}

// wayOf is the way that flags and profile describe; it may lack the appKey, the account and the secret.
func wayOf(env *cli.Environment, cmd *cobra.Command, args []string, timeout time.Duration) (way doctor.Way, err error) {
	if timeout <= 0 {
		return way, explain.Usagef("--timeout 须大于零")
	}
	if len(args) == 1 {
		if cmd.Flags().Changed("url") {
			return way, explain.Usagef("URL 与 --url 只能给出一个")
		}
		if err := cmd.Flags().Set("url", args[0]); err != nil {
			return way, err
		}
	}
	name, p, err := senderSettings(env, cmd)
	if err != nil {
		return way, err
	}
	if p.URL == "" {
		return way, explain.BadUsage(explain.WithStep(
			errors.New("不知道要检查哪个接收方"),
			"diaoxiao doctor https://主机:端口，或"+incompleteStep(name),
		))
	}
	s, err := profile.New(name, p, secretOf(cmd, p.SecretFile, p.Account))
	if err != nil {
		return way, err
	}
	info, err := os.Stat(p.SecretFile)
	return doctor.Way{
		URL:          s.URL,
		PlainHTTP:    p.PlainHTTP,
		Profile:      s.Profile,
		AppKey:       s.AppKey,
		Account:      s.Account,
		Outbox:       s.Outbox,
		HTTP:         s.HTTP,
		SecretFile:   p.SecretFile,
		SecretShared: err == nil && profile.OthersRead(info),
		CAFile:       p.CAFile,
		CA:           s.Authorities,
		Roots:        s.Roots,
		Secret:       s.Secret,
		NoSecret:     profile.ErrNoSecret,
		Explain:      func(err error) (string, string) { return senderSpeaker().Words(err), senderSpeaker().Step(err) },
	}, nil
}
