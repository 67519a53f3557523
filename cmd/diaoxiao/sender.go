package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
}

// sender puts together what a command needs to speak to the receiver: the flags override the profile. It refuses what is not
// complete or not safe; the secret is not looked at before it is asked for.
func (c *command) sender(cmd *cobra.Command) (*sender, error) {
	name, p, err := c.senderSettings(cmd)
	if err != nil {
		return nil, err
	}
	for _, need := range [][2]string{{p.URL, "--url（接收方的地址）"}, {p.AppKey, "--app-key"}, {p.Account, "--account"}} {
		if need[0] == "" {
			return nil, usageError{nextStep{errors.New("缺少 " + need[1]), incompleteStep(name)}}
		}
	}
	return c.newSender(cmd, name, p)
}

func incompleteStep(name string) string {
	if name != "" {
		return "在接入配置中补上：diaoxiao profile init " + shellQuote(name) + " …"
	}
	return "先建立接入配置：diaoxiao profile init 生产 --url … --app-key … --account … --secret-file …"
}

// newSender is sender for settings that may lack who we are, as far as doctor goes.
func (c *command) newSender(cmd *cobra.Command, name string, p profile) (*sender, error) {
	address, err := parseRoot(p.URL, p.PlainHTTP)
	if err != nil {
		return nil, usageError{err}
	}
	roots, err := readRoots(p.CAFile)
	if err != nil {
		return nil, usageError{err}
	}
	s := &sender{Profile: name, URL: address, AppKey: p.AppKey, Account: p.Account, HTTP: newHTTP(roots), Outbox: p.Outbox, settings: p}
	s.Secret = newSecret(cmd, p.SecretFile, p.Account).read
	return s, nil
}

// senderSettings reads flags, environment and the file of profiles. Given an address and no profile, it takes none: the
// secret of one receiver must not go to another, nor his outbox.
func (c *command) senderSettings(cmd *cobra.Command) (name string, p profile, err error) {
	if err := c.forSender(cmd.Flags()); err != nil {
		return "", p, err
	}
	given := cmd.Flags()
	asked, _ := given.GetString("profile")
	if !given.Changed("profile") {
		asked = env.ToMap(c.environ)[envPrefix+profileName]
	}
	if asked != "" || !given.Changed("url") {
		if name, p, err = c.profileNamed(given, asked); err != nil {
			return "", p, err
		}
	}
	p.override(given)
	if p.Outbox == "" {
		p.Outbox = c.defaultOutbox(name)
	}
	return name, p, nil
}

// override takes over what was given on the command line.
func (p *profile) override(given *pflag.FlagSet) {
	mine := pflag.NewFlagSet("", pflag.ContinueOnError)
	p.plainFlag(mine)
	kept := *p
	p.flags(mine) // sets every field to its default
	*p = kept
	given.Visit(func(f *pflag.Flag) {
		if target := mine.Lookup(f.Name); target != nil {
			target.Value.Set(f.Value.String())
		}
	})
}

// profileNamed reads the file and chooses. Without any file there is no profile, unless one was asked for.
func (c *command) profileNamed(given *pflag.FlagSet, asked string) (name string, p profile, err error) {
	path, explicit, err := c.profilesPath(given)
	if err != nil {
		return "", p, err
	}
	f, err := readProfiles(path)
	if errors.Is(err, fs.ErrNotExist) && asked == "" && !explicit {
		return "", p, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", p, usageError{nextStep{err, "用 diaoxiao profile init " + shellQuote(orText(asked, "生产")) + " … 建立，或用 --profiles 指明另一个文件"}}
	}
	if err == nil {
		name, err = f.choose(asked)
	}
	if err != nil {
		return "", p, usageError{err}
	}
	return name, f.absolute(f.Profiles[name]), nil
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// profilesPath is where the profiles are; explicit says whether the user named the file.
func (c *command) profilesPath(given *pflag.FlagSet) (path string, explicit bool, err error) {
	if path, _ = given.GetString("profiles"); path != "" {
		return path, true, nil
	}
	if path = env.ToMap(c.environ)[envPrefix+profilesFile]; path != "" {
		return path, true, nil
	}
	dir, err := c.configDir()
	if err != nil {
		return "", false, nextStep{err, "用 --profiles 指明接入配置文件"}
	}
	return filepath.Join(dir, "profiles.toml"), false, nil
}

// configDir is where a user's settings of this program are.
func (c *command) configDir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("找不到用户配置目录：%w", err)
	}
	return filepath.Join(dir, "diaoxiao"), nil
}

// defaultOutbox is beside the settings, one for each profile, so that it is the same from whatever folder one works.
func (c *command) defaultOutbox(name string) string {
	dir, err := c.configDir()
	if err != nil || name == "" {
		return "outbox"
	}
	return filepath.Join(dir, "outbox", name)
}

// forSender refuses what senders' commands do not take: the settings of a server, and variables nobody knows.
func (c *command) forSender(given *pflag.FlagSet) error {
	for _, name := range []string{"data", "database", "database-password-file", "config"} {
		if given.Changed(name) {
			return usagef("这是报送方的命令，经接口与接收方往来，不接受 --%s", name)
		}
	}
	if err := knownEnvironment(env.ToMap(c.environ)); err != nil {
		return usageError{err}
	}
	return nil
}

// knownEnvironment refuses variables with our prefix that nobody reads: a mistyped one would silently not count.
func knownEnvironment(environ map[string]string) error {
	known := append(settingNames("env"), "CONFIG", copyFrom, copyTo, profilesFile, profileName)
	for _, name := range slices.Sorted(maps.Keys(environ)) {
		short, ours := strings.CutPrefix(name, envPrefix)
		if ours && slices.Contains([]string{"SECRET", "APPSECRET"}, strings.ReplaceAll(short, "_", "")) {
			return fmt.Errorf("密钥不从环境变量读取（%s），子进程和诊断工具都看得到；请存入文件并用 --secret-file 指明", name)
		}
		if ours && !slices.Contains(known, short) {
			return fmt.Errorf("环境变量 %s 不是已知的设置；可用：%s%s", name, envPrefix, strings.Join(known, "、"+envPrefix))
		}
	}
	return nil
}

// parseRoot reads an {API_ROOT} and returns it without a closing slash.
func parseRoot(address string, plainHTTP bool) (string, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("地址 %q：应为 https://主机[:端口][/前缀]，即文档中的 {API_ROOT}", masked(address))
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", fmt.Errorf("地址 %q：不得带用户名、? 或 #", masked(address))
	case u.Scheme == "http" && !plainHTTP && !isLoopback(u.Hostname()):
		return "", nextStep{fmt.Errorf("地址 %q 是明文 HTTP，密钥、令牌和案件途中人人可见", address), "改用 https://；若专线已加密，在接入配置中写 plain_http = true"}
	}
	root := strings.TrimRight(address, "/")
	if cut, _, found := strings.Cut(root, "/security"); found {
		return "", fmt.Errorf("地址 %q：{API_ROOT} 不含 /security 及其后的部分，应为 %s", address, cut)
	}
	return root, nil
}

// newHTTP follows no redirect: the token stands in the address.
func newHTTP(roots *x509.CertPool) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
