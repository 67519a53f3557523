package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/caarlos0/env/v11"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/api"
)

// envPrefix begins the name of every setting in the environment.
const envPrefix = "DIAOXIAO_"

// config is every setting of the server. Flags override DIAOXIAO_… environment variables, those the configuration file, and
// that the defaults; the three spellings are tested for agreement.
type config struct {
	Listen         string        `toml:"listen" env:"LISTEN"`
	Data           string        `toml:"data" env:"DATA"`
	TLSCert        string        `toml:"tls_cert" env:"TLS_CERT"`
	TLSKey         string        `toml:"tls_key" env:"TLS_KEY"`
	BehindProxy    bool          `toml:"behind_proxy" env:"BEHIND_PROXY"`
	TrustedProxies []string      `toml:"trusted_proxies" env:"TRUSTED_PROXIES"`
	OpsListen      string        `toml:"ops_listen" env:"OPS_LISTEN"`
	Root           string        `toml:"root" env:"ROOT"`
	LogFormat      string        `toml:"log_format" env:"LOG_FORMAT"`
	LogLevel       string        `toml:"log_level" env:"LOG_LEVEL"`
	MaxBody        int64         `toml:"max_body" env:"MAX_BODY"`
	MaxItems       int           `toml:"max_items" env:"MAX_ITEMS"`
	MaxBodies      int           `toml:"max_bodies" env:"MAX_BODIES"`
	MaxLargeBodies int           `toml:"max_large_bodies" env:"MAX_LARGE_BODIES"`
	ShutdownDelay  time.Duration `toml:"shutdown_delay" env:"SHUTDOWN_DELAY"`
	ShutdownWait   time.Duration `toml:"shutdown_wait" env:"SHUTDOWN_WAIT"`
}

func defaults() config {
	return config{
		Listen: "127.0.0.1:8080", Data: "./data", TrustedProxies: []string{"127.0.0.0/8", "::1/128"}, LogFormat: "json", LogLevel: "info",
		MaxBody: 64 << 20, MaxItems: api.DefaultItems, MaxBodies: 1024, MaxLargeBodies: 16, ShutdownWait: time.Minute,
	}
}

// flags registers a flag for each setting but data, which every command has.
func (c *config) flags(f *pflag.FlagSet) {
	f.StringVar(&c.Listen, "listen", c.Listen, "接口监听地址")
	f.StringVar(&c.TLSCert, "tls-cert", c.TLSCert, "TLS 证书文件（PEM，含中间证书）；文件更新后自动重新载入")
	f.StringVar(&c.TLSKey, "tls-key", c.TLSKey, "TLS 私钥文件（PEM）")
	f.BoolVar(&c.BehindProxy, "behind-proxy", c.BehindProxy, "由前置代理终结 TLS：允许在非本机地址上使用明文 HTTP，并采信受信代理的 X-Forwarded-For")
	f.StringSliceVar(&c.TrustedProxies, "trusted-proxies", c.TrustedProxies, "受信代理的地址段（CIDR），仅在 --behind-proxy 时有效")
	f.StringVar(&c.OpsListen, "ops-listen", c.OpsListen, "运维监听地址，提供 /livez、/readyz、/metrics；空为不提供")
	f.StringVar(&c.Root, "root", c.Root, "接口的路径前缀，即 {API_ROOT} 中主机名之后的部分，如 /gateway")
	f.StringVar(&c.LogFormat, "log-format", c.LogFormat, "日志格式：json 或 text")
	f.StringVar(&c.LogLevel, "log-level", c.LogLevel, "日志级别：debug、info、warn、error")
	f.Int64Var(&c.MaxBody, "max-body", c.MaxBody, "一个请求正文的上限（字节）")
	f.IntVar(&c.MaxItems, "max-items", c.MaxItems, "一个案件的市场主体条数上限")
	f.IntVar(&c.MaxBodies, "max-bodies", c.MaxBodies, "同时接收的正文数上限；一个应用最多占一半")
	f.IntVar(&c.MaxLargeBodies, "max-large-bodies", c.MaxLargeBodies, "同时接收的大正文（64KiB以上）数上限")
	f.DurationVar(&c.ShutdownDelay, "shutdown-delay", c.ShutdownDelay, "收到停止信号后，先报告未就绪再等待多久才停止接收")
	f.DurationVar(&c.ShutdownWait, "shutdown-wait", c.ShutdownWait, "停止时等待已接收请求应答的最长时间")
}

// load puts the settings together. flags is the command's flag set, of which only what was given on the command line counts.
func (c *command) load(flags *pflag.FlagSet) (config, error) {
	conf := defaults()
	environ := env.ToMap(c.environ)
	file := c.file
	if file == "" {
		file = environ[envPrefix+"CONFIG"]
	}
	if err := conf.fromFile(file); err != nil {
		return conf, usageError{err}
	}
	if err := conf.fromEnvironment(environ); err != nil {
		return conf, usageError{err}
	}
	if err := conf.fromFlags(flags); err != nil {
		return conf, usageError{err}
	}
	if err := conf.check(); err != nil {
		return conf, usageError{err}
	}
	return conf, nil
}

func (c *config) fromFile(path string) error {
	if path == "" {
		return nil
	}
	meta, err := toml.DecodeFile(path, c)
	var parse toml.ParseError
	switch {
	case errors.As(err, &parse):
		return fmt.Errorf("配置文件%s：%s", path, parse.ErrorWithPosition())
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("配置文件%s不存在", path)
	case err != nil:
		return fmt.Errorf("配置文件%s：%w", path, err)
	}
	for _, key := range meta.Undecoded() {
		return fmt.Errorf("配置文件%s：没有名为%q的设置；可用：%s", path, key, strings.Join(settingNames("toml"), "、"))
	}
	return nil
}

func (c *config) fromEnvironment(environ map[string]string) error {
	known := append(settingNames("env"), "CONFIG")
	for name := range environ {
		short, ours := strings.CutPrefix(name, envPrefix)
		if ours && !slices.Contains(known, short) {
			return fmt.Errorf("环境变量%s不是已知的设置；可用：%s%s", name, envPrefix, strings.Join(known, "、"+envPrefix))
		}
	}
	if err := env.ParseWithOptions(c, env.Options{Prefix: envPrefix, Environment: environ}); err != nil {
		return fmt.Errorf("环境变量：%w", err)
	}
	return nil
}

func (c *config) fromFlags(given *pflag.FlagSet) (err error) {
	mine := pflag.NewFlagSet("", pflag.ContinueOnError)
	mine.StringVar(&c.Data, "data", c.Data, "")
	c.flags(mine)
	given.Visit(func(f *pflag.Flag) {
		target := mine.Lookup(f.Name)
		if target == nil || err != nil {
			return
		}
		if s, ok := f.Value.(pflag.SliceValue); ok {
			err = target.Value.(pflag.SliceValue).Replace(s.GetSlice())
			return
		}
		err = target.Value.Set(f.Value.String())
	})
	return err
}

// settingNames lists the settings by the given struct tag.
func settingNames(tag string) (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[config]()) {
		names = append(names, f.Tag.Get(tag))
	}
	return names
}

// check refuses settings that contradict each other or are not safe.
func (c *config) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	switch {
	case err != nil:
		return fmt.Errorf("listen=%q：应为 地址:端口", c.Listen)
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("tls_cert 与 tls_key 须同时设置")
	case c.TLSCert == "" && !c.BehindProxy && !isLoopback(host):
		return fmt.Errorf("listen=%q 不是本机地址，令牌不得以明文传输：请设置 --tls-cert 与 --tls-key，或在前置代理终结 TLS 时使用 --behind-proxy", c.Listen)
	case c.Root != "" && (!strings.HasPrefix(c.Root, "/") || strings.HasSuffix(c.Root, "/") || strings.Contains(c.Root, "//")):
		return fmt.Errorf("root=%q：应以/开头、不以/结尾", c.Root)
	case c.LogFormat != "json" && c.LogFormat != "text":
		return fmt.Errorf("log_format=%q：应为 json 或 text", c.LogFormat)
	case c.MaxBody < 1<<10 || c.MaxItems < 1 || c.MaxBodies < 2 || c.MaxLargeBodies < 1:
		return errors.New("max_body 至少 1024，max_items 与 max_large_bodies 至少 1，max_bodies 至少 2")
	case c.ShutdownDelay < 0 || c.ShutdownWait <= 0:
		return errors.New("shutdown_delay 不得为负，shutdown_wait 须大于零")
	}
	if _, err := parseLevel(c.LogLevel); err != nil {
		return err
	}
	_, err = c.proxies()
	return err
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// proxies are the addresses whose X-Forwarded-For is believed.
func (c *config) proxies() (ps []netip.Prefix, err error) {
	for _, s := range c.TrustedProxies {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("trusted_proxies=%q：应为地址段，如 10.1.2.3/32", s)
		}
		ps = append(ps, p)
	}
	if !c.BehindProxy {
		return nil, nil
	}
	return ps, nil
}

func (c *command) config() *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "检查或显示生效的设置"}
	flagged := defaults()
	check := &cobra.Command{Use: "check", Short: "检查设置：命令行、环境变量与配置文件", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := c.load(cmd.Flags())
			if err != nil {
				return err
			}
			if conf.TLSCert != "" {
				if _, err := newCertificate(conf.TLSCert, conf.TLSKey); err != nil {
					return usageError{err}
				}
			}
			fmt.Fprintln(cmd.OutOrStdout(), "设置无误")
			return nil
		}}
	print := &cobra.Command{Use: "print", Short: "显示生效的设置（TOML，可存为配置文件）", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := c.load(cmd.Flags())
			if err != nil {
				return err
			}
			return toml.NewEncoder(cmd.OutOrStdout()).Encode(conf)
		}}
	flagged.flags(check.Flags())
	flagged.flags(print.Flags())
	cmd.AddCommand(check, print)
	return cmd
}
