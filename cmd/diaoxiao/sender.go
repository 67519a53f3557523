package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
)

// Where the file of profiles and the name of one may stand in the environment, after envPrefix. A secret may not.
const (
	profilesFile = "PROFILES"
	profileName  = "PROFILE"
)

// senderFlags are the flags of every command that speaks to a receiver.
type senderFlags struct {
	profiles, profile string
	over              profile // what the flags override of the profile
}

func (s *senderFlags) flags(f *pflag.FlagSet) {
	s.fileFlags(f)
	f.StringVar(&s.profile, "profile", "", "接入配置的`名称`；也可用环境变量 DIAOXIAO_PROFILE；缺省为 default 所指的或唯一的一个")
	s.over.flags(f)
}

// fileFlags registers only the flag that names the file.
func (s *senderFlags) fileFlags(f *pflag.FlagSet) {
	f.StringVar(&s.profiles, "profiles", "", "接入配置`文件`；也可用环境变量 DIAOXIAO_PROFILES；缺省在用户配置目录下的 diaoxiao/profiles.toml")
}

func (p *profile) flags(f *pflag.FlagSet) {
	f.StringVar(&p.URL, "url", "", "接收方的`地址` {API_ROOT}，如 https://host:8443；不同时给出 --profile 时不使用任何接入配置")
	f.StringVar(&p.AppKey, "app-key", "", "接收方分配的 `appKey`")
	f.StringVar(&p.Account, "account", "", "登录的`账户`")
	f.StringVar(&p.SecretFile, "secret-file", "", "存有 appSecret 的`文件`，- 为从标准输入读一行；不给出时在终端上询问")
	f.StringVar(&p.CAFile, "ca-file", "", "接收方证书的签发机构（CA）证书`文件`，系统信任之外另加")
	f.StringVar(&p.Outbox, "outbox", "", "发件箱`目录`")
}

// sender is one receiver and who we are there, ready to be spoken to.
type sender struct {
	Profile              string // "" when everything was given by flags
	URL, AppKey, Account string
	Secret               func(context.Context) (string, error)
	HTTP                 *http.Client
	Outbox               string // folder
	settings             profile
	authorities          []*x509.Certificate // that the settings name
	roots                *x509.CertPool      // nil: the system's
}

// openSender puts together what a command needs to speak to the receiver: the flags override the profile. It refuses
// what is not complete or not safe; the secret is not looked at before it is asked for.
func openSender(env *cli.Environment, cmd *cobra.Command) (*sender, error) {
	name, p, err := senderSettings(env, cmd)
	if err != nil {
		return nil, err
	}
	for _, need := range [][2]string{{p.URL, "--url（接收方的地址）"}, {p.AppKey, "--app-key"}, {p.Account, "--account"}} {
		if need[0] == "" {
			return nil, explain.BadUsage(explain.WithStep(errors.New("缺少 "+need[1]), incompleteStep(name)))
		}
	}
	return newSender(cmd, name, p)
}

func incompleteStep(name string) string {
	if name != "" {
		return "在接入配置中补上：diaoxiao profile init " + display.ShellQuote(name) + " …"
	}
	return "先建立接入配置：diaoxiao profile init 生产 --url … --app-key … --account … --secret-file …"
}

// newSender is sender for settings that may lack who we are, as far as doctor goes.
func newSender(cmd *cobra.Command, name string, p profile) (*sender, error) {
	address, err := parseRoot(p.URL, p.PlainHTTP)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	authorities, err := readAuthorities(p.CAFile)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	roots := rootsWith(authorities)
	s := &sender{Profile: name, URL: address, AppKey: p.AppKey, Account: p.Account, HTTP: client.NewHTTP(roots), Outbox: p.Outbox, settings: p,
		authorities: authorities, roots: roots}
	s.Secret = newSecret(cmd, p.SecretFile, p.Account).read
	return s, nil
}

// parseRoot reads an {API_ROOT} and returns it without a closing slash.
func parseRoot(address string, plainHTTP bool) (string, error) {
	root, err := api.ParseRoot(address, plainHTTP)
	if err == nil {
		return root.String(), nil
	}
	err = fmt.Errorf("地址 %q：%w", display.Address(address), err)
	if errors.Is(err, api.ErrPlainHTTP) {
		err = explain.WithStep(err, "若专线已加密，在接入配置中写 plain_http = true")
	}
	return "", err
}

// client returns a client of the receiver; change may be nil.
func (s *sender) client(change func(*client.Config)) (*client.Client, error) {
	conf := client.Config{URL: s.URL, AppKey: s.AppKey, Account: s.Account, Secret: s.Secret, HTTP: s.HTTP, PlainHTTP: s.settings.PlainHTTP}
	if change != nil {
		change(&conf)
	}
	c, err := client.New(conf)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	return c, nil
}
