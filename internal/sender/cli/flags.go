package cli

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/profile"
)

// The variables of the environment, after cli.EnvPrefix, that name the file of profiles and a profile. There is none
// for a secret.
const (
	profilesFile = "PROFILES"
	profileName  = "PROFILE"
)

// Variables are the variables of the environment that the commands of this side read, without cli.EnvPrefix.
func Variables() []string { return []string{profilesFile, profileName} }

// senderFlags are the flags of every command that speaks to a receiver.
type senderFlags struct {
	profiles, profile string
	over              profile.Profile // the settings of the profile that the flags override
}

func (s *senderFlags) flags(f *pflag.FlagSet) {
	s.fileFlags(f)
	f.StringVar(&s.profile, "profile", "", "接入配置的`名称`；也可用环境变量 DIAOXIAO_PROFILE；缺省为 default 所指的或唯一的一个")
	profileFlags(&s.over, f)
}

// fileFlags registers only the flag that names the file.
func (s *senderFlags) fileFlags(f *pflag.FlagSet) {
	f.StringVar(&s.profiles, "profiles", "", "接入配置`文件`；也可用环境变量 DIAOXIAO_PROFILES；缺省在用户配置目录下的 diaoxiao/profiles.toml")
}

// profileFlags registers the flags that override a profile.
func profileFlags(p *profile.Profile, f *pflag.FlagSet) {
	f.StringVar(&p.URL, "url", "", "接收方的`地址` {API_ROOT}，如 https://host:8443；不同时给出 --profile 时不使用任何接入配置")
	f.StringVar(&p.AppKey, "app-key", "", "接收方分配的 `appKey`")
	f.StringVar(&p.Account, "account", "", "登录的`账户`")
	f.StringVar(&p.SecretFile, "secret-file", "", "存有 appSecret 的`文件`，- 为从标准输入读一行；不给出时在终端上询问")
	f.StringVar(&p.CAFile, "ca-file", "", "接收方证书的签发机构（CA）证书`文件`，系统信任之外另加")
	f.StringVar(&p.Outbox, "outbox", "", "发件箱`目录`")
	f.StringVar(&p.Receipts, "receipts", "", "信任策略`文件`：受理之后取得受理回执并以它验证")
}

// openSender puts together all that a command needs to call the receiver: the flags override the profile. It refuses
// settings that are not complete or not safe. The secret is not read before it is needed.
func openSender(env *cli.Environment, cmd *cobra.Command) (*profile.Sender, error) {
	name, p, err := senderSettings(env, cmd)
	if err != nil {
		return nil, err
	}
	for _, need := range [][2]string{{p.URL, "--url（接收方的地址）"}, {p.AppKey, "--app-key"}, {p.Account, "--account"}} {
		if need[0] == "" {
			return nil, explain.BadUsage(explain.WithStep(errors.New("缺少 "+need[1]), incompleteStep(name)))
		}
	}
	return profile.New(name, p, secretOf(cmd, p.SecretFile, p.Account))
}

func incompleteStep(name string) string {
	if name != "" {
		return "在接入配置中补上：diaoxiao profile init " + display.ShellQuote(name) + " …"
	}
	return "先建立接入配置：diaoxiao profile init 生产 --url … --app-key … --account … --secret-file …"
}

// secretOf is the source of the secret of an account for a command.
func secretOf(cmd *cobra.Command, path, account string) *profile.Secret {
	return profile.NewSecret(cmd.Context(), cmd.InOrStdin(), cmd.ErrOrStderr(), path, account)
}

// plainFlag registers the flag that permits http.
func plainFlag(p *profile.Profile, f *pflag.FlagSet) {
	f.BoolVar(&p.PlainHTTP, "plain-http", p.PlainHTTP, "允许向本机以外使用明文 http://；密钥和案件途中可被看到，仅限已加密的专线")
}
