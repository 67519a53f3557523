// Package config holds the settings of the intake server: their names, their defaults, their sources, and the checks
// that refuse settings with which a server must not run. The package does not open the files and databases that
// settings name; the server does.
package config

import (
	"strings"
	"time"

	"github.com/spf13/pflag"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// Settings holds every setting of the server. Flags override DIAOXIAO_… environment variables, those override the
// configuration file, and that overrides the defaults. Tests check that the three spellings of a name agree.
type Settings struct {
	Listen string `toml:"listen" env:"LISTEN"`
	Where
	Durability              string        `toml:"durability" env:"DURABILITY"`
	TLSCert                 string        `toml:"tls_cert" env:"TLS_CERT"`
	TLSKey                  string        `toml:"tls_key" env:"TLS_KEY"`
	TLSCBC                  bool          `toml:"tls_cbc" env:"TLS_CBC"`
	BehindProxy             bool          `toml:"behind_proxy" env:"BEHIND_PROXY"`
	TrustedProxies          []string      `toml:"trusted_proxies" env:"TRUSTED_PROXIES"`
	OpsListen               string        `toml:"ops_listen" env:"OPS_LISTEN"`
	ConsoleListen           string        `toml:"console_listen" env:"CONSOLE_LISTEN"`
	ConsoleURL              string        `toml:"console_url" env:"CONSOLE_URL"`
	ConsoleNets             []string      `toml:"console_networks" env:"CONSOLE_NETWORKS"`
	UnitName                string        `toml:"unit_name" env:"UNIT_NAME"`
	SupportPhone            string        `toml:"support_phone" env:"SUPPORT_PHONE"`
	RegistryURL             string        `toml:"registry_url" env:"REGISTRY_URL"`
	FirstLinkFile           string        `toml:"first_link_file" env:"FIRST_LINK_FILE"`
	EvidenceKeys            string        `toml:"evidence_keys" env:"EVIDENCE_KEYS"`
	EvidencePassphrase      string        `toml:"evidence_passphrase_file" env:"EVIDENCE_PASSPHRASE_FILE"`
	StampURLs               []string      `toml:"stamp_urls" env:"STAMP_URLS"`
	StampCA                 string        `toml:"stamp_ca" env:"STAMP_CA"`
	StampHash               string        `toml:"stamp_hash" env:"STAMP_HASH"`
	StampEvery              time.Duration `toml:"stamp_every" env:"STAMP_EVERY"`
	Calendar                string        `toml:"calendar" env:"CALENDAR"`
	Root                    string        `toml:"root" env:"ROOT"`
	LogFormat               string        `toml:"log_format" env:"LOG_FORMAT"`
	LogLevel                string        `toml:"log_level" env:"LOG_LEVEL"`
	LogDays                 int           `toml:"log_days" env:"LOG_DAYS"`
	LogBytes                int64         `toml:"log_bytes" env:"LOG_BYTES"`
	MaxBody                 int64         `toml:"max_body" env:"MAX_BODY"`
	MaxItems                int           `toml:"max_items" env:"MAX_ITEMS"`
	MaxBodies               int           `toml:"max_bodies" env:"MAX_BODIES"`
	MaxStrangers            int           `toml:"max_strangers" env:"MAX_STRANGERS"`
	MaxLargeBodies          int           `toml:"max_large_bodies" env:"MAX_LARGE_BODIES"`
	MaxLookups              int           `toml:"max_lookups" env:"MAX_LOOKUPS"`
	MaxSessions             int           `toml:"max_sessions" env:"MAX_SESSIONS"`
	MaxConnections          int           `toml:"max_connections" env:"MAX_CONNECTIONS"`
	MaxConnectionsPerSource int           `toml:"max_connections_per_source" env:"MAX_CONNECTIONS_PER_SOURCE"`
	MaxSignIns              int           `toml:"max_sign_ins" env:"MAX_SIGN_INS"`
	SignInsEach             int           `toml:"max_sign_ins_of_source" env:"MAX_SIGN_INS_OF_SOURCE"`
	DiskReserve             int64         `toml:"disk_reserve" env:"DISK_RESERVE"`
	ShutdownDelay           time.Duration `toml:"shutdown_delay" env:"SHUTDOWN_DELAY"`
	ShutdownWait            time.Duration `toml:"shutdown_wait" env:"SHUTDOWN_WAIT"`
}

// Defaults are the settings of a server for which nobody set anything.
func Defaults() Settings {
	return Settings{
		Listen: "127.0.0.1:8080", Where: Where{Data: "./data"}, Durability: "auto",
		TrustedProxies: []string{"127.0.0.0/8", "::1/128"}, LogFormat: "json", LogLevel: "info", LogDays: 400,
		LogBytes: 10 << 30, MaxBody: 64 << 20, MaxItems: api.DefaultItems, MaxBodies: 1024, MaxStrangers: 64,
		MaxLargeBodies: 16, MaxLookups: 64, MaxSessions: intake.DefaultSessions, MaxConnections: 4096,
		MaxConnectionsPerSource: 2048, MaxSignIns: 32, SignInsEach: 2, DiskReserve: 1 << 30, ShutdownWait: time.Minute,
		StampHash: "sha256", StampEvery: 24 * time.Hour,
	}
}

// Usages says in Chinese what each setting that has a flag is for, by its name in the configuration file.
func (c Settings) Usages() map[string]string {
	usages, f := make(map[string]string), pflag.NewFlagSet("", pflag.ContinueOnError)
	c.Flags(f)
	f.VisitAll(func(f *pflag.Flag) {
		usages[strings.ReplaceAll(f.Name, "-", "_")] = strings.ReplaceAll(f.Usage, "`", "")
	})
	return usages
}

// Flags registers a flag for each setting except those of Where, which every command has anyway.
func (c *Settings) Flags(f *pflag.FlagSet) {
	f.StringVar(&c.Listen, "listen", c.Listen, "接口监听`地址`")
	f.StringVar(&c.Durability, "durability", c.Durability,
		"应答前案件须安全到什么`程度`（PostgreSQL）：replicated 已在同步备库上；local 只在主库上；auto 有同步备库时即 replicated")
	f.StringVar(&c.TLSCert, "tls-cert", c.TLSCert, "TLS 证书`文件`（PEM，含中间证书）；文件更新后自动重新载入")
	f.StringVar(&c.TLSKey, "tls-key", c.TLSKey, "TLS 私钥`文件`（PEM）")
	f.BoolVar(&c.TLSCBC, "tls-cbc", c.TLSCBC, "TLS 1.2 也接受 CBC 套件：只为不支持 GCM 的旧系统（如 Windows Server 2012 R2）")
	f.BoolVar(&c.BehindProxy, "behind-proxy", c.BehindProxy, "由前置代理终结 TLS：允许在非本机地址上使用明文 HTTP，并采信受信代理的 X-Forwarded-For")
	f.StringSliceVar(&c.TrustedProxies, "trusted-proxies", c.TrustedProxies,
		"受信代理的地址段（CIDR，以逗号分隔），仅在 --behind-proxy 时有效")
	f.StringVar(&c.OpsListen, "ops-listen", c.OpsListen, "运维监听`地址`，提供 /livez、/readyz、/metrics，不鉴权，不要对外开放；空为不提供")
	f.StringVar(&c.ConsoleListen, "console-listen", c.ConsoleListen, "管理台监听`地址`；空为与接口同一地址的 /console，off 为不提供管理台")
	f.StringVar(&c.ConsoleURL, "console-url", c.ConsoleURL,
		"操作员访问管理台的`网址`，用于一次性链接，如 https://xyjg.example.gov.cn:8443/console；空为按监听地址和证书推断")
	f.StringSliceVar(&c.ConsoleNets, "console-networks", c.ConsoleNets, "可以使用管理台的网段（CIDR，以逗号分隔）；空为不限")
	f.StringVar(&c.UnitName, "unit-name", c.UnitName, "使用管理台的`单位名称`，显示在管理台页首和打印件上，如 某某自治区市场监督管理局；空为不显示")
	f.StringVar(&c.SupportPhone, "support-phone", c.SupportPhone, "技术支持的`电话`，显示在管理台页脚；空为不显示")
	f.StringVar(&c.RegistryURL, "registry-url", c.RegistryURL,
		"登记系统查询页的`网址`，管理台在代码旁提供“查登记”；以 {uniscid}、{pripid} 表示该户的代码；空为不提供")
	f.StringVar(&c.FirstLinkFile, "first-link-file", c.FirstLinkFile,
		"标准输出不是终端时，建立第一位系统管理员的一次性链接写入的`文件`（权限 0600，用后删除）；空为数据目录中的 first-admin-link.txt")
	f.StringVar(&c.EvidenceKeys, "evidence-keys", c.EvidenceKeys,
		"存证密钥的`目录`（diaoxiao evidence init 建立），不得在数据目录内；空为不签署存证日志")
	f.StringVar(&c.EvidencePassphrase, "evidence-passphrase-file", c.EvidencePassphrase, "存证密钥口令的`文件`，只取第一行")
	c.StampFlags(f)
	f.StringVar(&c.Calendar, "calendar", c.Calendar, "工作日历`文件`，代替程序自带的法定节假日安排")
	f.StringVar(&c.Root, "root", c.Root, "接口的路径`前缀`，即 {API_ROOT} 中主机名之后的部分，如 /gateway")
	f.StringVar(&c.LogFormat, "log-format", c.LogFormat, "日志`格式`：json 或 text")
	f.StringVar(&c.LogLevel, "log-level", c.LogLevel, "日志`级别`：debug、info、warn、error")
	f.IntVar(&c.LogDays, "log-days", c.LogDays, "数据库中的调用记录保留多少`天`，至少 180（六个月）")
	f.Int64Var(&c.LogBytes, "log-bytes", c.LogBytes, "数据库中的调用记录最多占多少`字节`，超过时先删最早的；须容得下 180 天的调用")
	f.Int64Var(&c.MaxBody, "max-body", c.MaxBody, "一个请求正文的上限（`字节`）")
	f.IntVar(&c.MaxItems, "max-items", c.MaxItems, "一个案件的市场主体条数上限")
	f.IntVar(&c.MaxBodies, "max-bodies", c.MaxBodies, "同时接收的正文数上限；一个应用最多占一半，过半后四分之一")
	f.IntVar(&c.MaxStrangers, "max-strangers", c.MaxStrangers, "令牌无效的请求，同时读入其正文的上限")
	f.IntVar(&c.MaxLargeBodies, "max-large-bodies", c.MaxLargeBodies, "同时接收的大正文（64 KiB 以上）数上限")
	f.IntVar(&c.MaxLookups, "max-lookups", c.MaxLookups, "同时应答的查询、对账和受理回执数上限；一个应用最多占八分之一")
	f.IntVar(&c.MaxSessions, "max-sessions", c.MaxSessions, "一个应用同时有效的会话数上限，超过时登录答 19008")
	f.IntVar(&c.MaxConnections, "max-connections", c.MaxConnections, "接口和管理台同时的连接数上限；可打开的文件数不足时自动减少")
	f.IntVar(&c.MaxConnectionsPerSource, "max-connections-per-source", c.MaxConnectionsPerSource, "其中一个来源地址的上限；受信代理不限")
	f.IntVar(&c.MaxSignIns, "max-sign-ins", c.MaxSignIns, "管理台同时等待核对密码的登录数上限；本人用过的浏览器另有同样多")
	f.IntVar(&c.SignInsEach, "max-sign-ins-of-source", c.SignInsEach, "其中一个来源的上限")
	f.Int64Var(&c.DiskReserve, "disk-reserve", c.DiskReserve, "数据目录所在磁盘为案件预留的`字节`数，少于它时不再记录调用；0 为不预留")
	f.DurationVar(&c.ShutdownDelay, "shutdown-delay", c.ShutdownDelay, "收到停止信号后，先报告未就绪再等待多久才停止接收，如 10s")
	f.DurationVar(&c.ShutdownWait, "shutdown-wait", c.ShutdownWait, "停止时等待已接收请求应答的最长时间，如 1m")
}

// StampFlags are the flags of time-stamps.
func (c *Settings) StampFlags(f *pflag.FlagSet) {
	f.StringSliceVar(&c.StampURLs, "stamp-urls", c.StampURLs,
		"时间戳机构（RFC 3161）的`网址`，以逗号分隔，依次尝试；空为不申请时间戳")
	f.StringVar(&c.StampCA, "stamp-ca", c.StampCA, "所信任的时间戳机构的根证书`文件`（PEM），可有多个；旧的根证书须保留")
	f.StringVar(&c.StampHash, "stamp-hash", c.StampHash,
		"时间戳的`杂凑算法`：sha256 或 sm3；改换后立即申请一个新的时间戳")
	f.DurationVar(&c.StampEvery, "stamp-every", c.StampEvery, "存证日志有新的内容时每隔多久申请一个时间戳，如 24h")
}
