package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/profile"
)

func newProfileInitCommand(env *cli.Environment) *cobra.Command {
	var s senderFlags
	var beDefault bool
	cmd := &cobra.Command{Use: "init NAME", Short: "建立或修改一个接入配置", Args: cli.Args("NAME"),
		Long: `建立名为 NAME 的接入配置；已有时只改给出的各项。文件中其余内容不变。
--secret-file 所指的文件不存在而在终端上运行时，询问 appSecret（不显示）并存入
该文件，只有本人可读。`,
		Example: `  diaoxiao profile init 生产 --url https://10.1.2.3:8443 --app-key dx… \
      --account 张三 --secret-file 生产.secret --ca-file ca.pem`,
		RunE: func(cmd *cobra.Command, args []string) error { return initProfile(env, cmd, args[0], beDefault) }}
	s.fileFlags(cmd.Flags())
	profileFlags(&s.over, cmd.Flags())
	plainFlag(&s.over, cmd.Flags())
	cmd.Flags().BoolVar(&beDefault, "default", false, "不指明 --profile 时就用它")
	return cmd
}

func initProfile(env *cli.Environment, cmd *cobra.Command, name string, beDefault bool) error {
	if err := profile.CheckName(name); err != nil {
		return explain.BadUsage(err)
	}
	if err := forSender(env, cmd.Flags()); err != nil {
		return err
	}
	path, _, err := profilesPath(env, cmd.Flags())
	if err != nil {
		return err
	}
	f, err := profile.Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain.BadUsage(err)
	}
	p, existed := f.Profiles[name]
	override(&p, cmd.Flags())
	if err := settle(cmd, &p); err != nil {
		return err
	}
	if err := profile.Save(path, name, p, beDefault); err != nil {
		return err
	}
	return printSaved(cmd.OutOrStdout(), path, name, existed)
}

func printSaved(w io.Writer, path, name string, existed bool) error {
	word := "已建立"
	if existed {
		word = "已修改"
	}
	_, err := fmt.Fprintf(
		w, "%s接入配置 %s（%s）\n下一步：diaoxiao doctor --profile %s\n", word, name, path, display.ShellQuote(name),
	)
	return err
}

// settle checks a profile and makes its paths absolute: the user gave them as seen from the working folder.
func settle(cmd *cobra.Command, p *profile.Profile) error {
	for _, need := range [][2]string{{p.URL, "--url"}, {p.AppKey, "--app-key"}, {p.Account, "--account"}} {
		if need[0] == "" {
			return explain.Usagef("缺少 %s", need[1])
		}
	}
	address, err := profile.ParseRoot(p.URL, p.PlainHTTP)
	if err != nil {
		return explain.BadUsage(err)
	}
	p.URL = address
	for _, given := range []struct {
		flag string
		path *string
	}{{"secret-file", &p.SecretFile}, {"ca-file", &p.CAFile}, {"outbox", &p.Outbox}, {"receipts", &p.Receipts}} {
		if cmd.Flags().Changed(given.flag) && *given.path != "" {
			if *given.path, err = filepath.Abs(*given.path); err != nil {
				return err
			}
		}
	}
	if cmd.Flags().Changed("ca-file") {
		if _, err := profile.ReadAuthorities(p.CAFile); err != nil {
			return explain.BadUsage(err)
		}
	}
	if cmd.Flags().Changed("receipts") {
		if _, err := readPolicy(p.Receipts); err != nil {
			return err
		}
	}
	if cmd.Flags().Changed("secret-file") {
		return keepSecret(cmd, p)
	}
	return nil
}

// keepSecret has the file of the secret be there.
func keepSecret(cmd *cobra.Command, p *profile.Profile) error {
	if given, _ := cmd.Flags().GetString("secret-file"); given == "-" {
		return explain.Usagef("接入配置须指明密钥所在的文件，不能是 -")
	}
	info, err := os.Stat(p.SecretFile)
	if err == nil && profile.OthersRead(info) {
		profile.WarnOthersRead(cmd.ErrOrStderr(), p.SecretFile)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := profile.AskSecret(cmd.Context(), cmd.InOrStdin(), cmd.ErrOrStderr(), "账户 "+p.Account+
		" 的 appSecret（不显示），将存入 "+p.SecretFile+"：")
	if errors.Is(err, profile.ErrNoSecret) {
		return explain.BadUsage(explain.WithStep(
			fmt.Errorf("密钥文件 %s 不存在", p.SecretFile),
			"在终端上运行本命令，或先把 appSecret 存入该文件（一行）并 chmod 600",
		))
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.SecretFile), 0o700); err != nil {
		return err
	}
	return profile.WriteNew(p.SecretFile, text+"\n")
}
