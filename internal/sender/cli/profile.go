package cli

import (
	"cmp"
	"errors"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/profile"
)

// newProfile is the command profile with the commands below it.
func newProfile(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "profile", Short: "报送方的接入配置：向哪里报送，以谁的名义",
		Long: `接入配置记着接收方的地址和报送方的身份，供 submit、outbox、status、reconcile、
doctor 使用。文件为 TOML，每个接收方一节；密钥不写在其中，另存一个文件：

  default = "生产"

  [生产]
  url = "https://10.1.2.3:8443"
  app_key = "dx…"
  account = "张三"
  secret_file = "生产.secret"
  ca_file = "ca.pem"
  receipts = "policy.txt"

receipts 是验证受理回执的信任策略；有它时，受理之后取得回执。相对路径以该文件所在目录为准。`}
	cmd.AddCommand(newProfileInitCommand(env), newProfileListCommand(env), newProfileShowCommand(env))
	return cmd
}

func newProfileListCommand(env *cli.Environment) *cobra.Command {
	var s senderFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "列出接入配置",
		Args:  cli.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := givenProfiles(env, cmd)
			if err != nil {
				return err
			}
			if asJSON {
				for _, name := range f.Names {
					if err := cli.PrintJSON(cmd.OutOrStdout(), viewProfile(f, name)); err != nil {
						return err
					}
				}
				return nil
			}
			t := display.NewTable(cmd.OutOrStdout())
			t.Add("名称", "默认", "地址", "appKey", "账户")
			for _, name := range f.Names {
				v := viewProfile(f, name)
				t.Add(name, mark(v.Default), v.URL, v.AppKey, v.Account)
			}
			return t.Flush()
		},
	}
	s.fileFlags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func mark(yes bool) string {
	if yes {
		return "是"
	}
	return ""
}

// profileView is a profile as --json shows it. There is no secret in it.
type profileView struct {
	Name       string `json:"name"`
	Default    bool   `json:"default"`
	URL        string `json:"url"`
	AppKey     string `json:"appKey"`
	Account    string `json:"account"`
	SecretFile string `json:"secretFile"`
	CAFile     string `json:"caFile"`
	Outbox     string `json:"outbox"`
	Receipts   string `json:"receipts"`
	PlainHTTP  bool   `json:"plainHTTP"`
}

func viewProfile(f profile.File, name string) profileView {
	p := f.Absolute(f.Profiles[name])
	chosen, _ := f.Choose("")
	return profileView{
		name,
		name == chosen,
		display.Address(p.URL),
		p.AppKey,
		p.Account,
		p.SecretFile,
		p.CAFile,
		p.Outbox,
		p.Receipts,
		p.PlainHTTP,
	}
}

// givenProfiles reads the file of profiles, which must be there.
func givenProfiles(env *cli.Environment, cmd *cobra.Command) (f profile.File, err error) {
	if err := forSender(env, cmd.Flags()); err != nil {
		return f, err
	}
	path, _, err := profilesPath(env, cmd.Flags())
	if err == nil {
		f, err = profile.Read(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = explain.WithStep(err, incompleteStep(""))
	}
	if err != nil {
		return f, explain.BadUsage(err)
	}
	return f, nil
}

func newProfileShowCommand(env *cli.Environment) *cobra.Command {
	var s senderFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "显示一个接入配置，不含密钥",
		Args:  cli.Args("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := givenProfiles(env, cmd)
			if err != nil {
				return err
			}
			if _, err := f.Choose(args[0]); err != nil {
				return explain.BadUsage(err)
			}
			v := viewProfile(f, args[0])
			if v.Outbox == "" {
				v.Outbox = profile.DefaultOutbox(v.Name)
			}
			if asJSON {
				return cli.PrintJSON(cmd.OutOrStdout(), v)
			}
			return v.print(cmd.OutOrStdout(), f.Path)
		},
	}
	s.fileFlags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

func (v profileView) print(w io.Writer, path string) error {
	t := display.NewTable(w)
	for _, line := range [][2]string{
		{"名称", v.Name},
		{"默认", mark(v.Default)},
		{"地址", v.URL},
		{"appKey", v.AppKey},
		{"账户", v.Account},
		{"密钥文件", cmp.Or(v.SecretFile, "（未设，用时在终端上询问）")},
		{"CA 证书", v.CAFile},
		{"发件箱", v.Outbox},
		{"信任策略", v.Receipts},
		{"明文 HTTP", mark(v.PlainHTTP)},
		{"配置文件", path},
	} {
		if line[1] != "" {
			t.Add(line[0], line[1])
		}
	}
	return t.Flush()
}
