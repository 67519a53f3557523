package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/receiver/calllog"
)

// Check refuses settings that contradict each other or are not safe.
func (c *Settings) Check() error {
	for _, f := range []func() error{c.checkAddresses, c.checkRoot, c.checkConsole, c.checkLog, c.checkLimits,
		c.checkEvidence, c.checkStamps} {
		if err := f(); err != nil {
			return err
		}
	}
	if !slices.Contains([]string{"", "auto", "replicated", "local"}, c.Durability) {
		return fmt.Errorf("%q不是已知的持久性要求；可用：auto、replicated、local", c.Durability)
	}
	_, err := c.Proxies()
	return err
}

// checkStamps refuses addresses that are no URL of HTTP, and authorities without a root to trust.
func (c *Settings) checkStamps() error {
	for _, u := range c.StampURLs {
		at, err := url.Parse(u)
		if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
			return errors.New("stamp_urls：应为 http:// 或 https:// 开头的网址，以逗号分隔")
		}
	}
	if len(c.StampURLs) > 0 && (c.StampCA == "" || c.EvidenceKeys == "") {
		return errors.New("设置 stamp_urls 时须同时设置 stamp_ca 和 evidence_keys")
	}
	if !slices.Contains([]string{"sha256", "sm3"}, c.StampHash) {
		return fmt.Errorf("stamp_hash=%q 不是已知的杂凑算法；可用：sha256、sm3", c.StampHash)
	}
	if c.StampEvery < time.Minute {
		return fmt.Errorf("stamp_every=%s：至少为 1m", c.StampEvery)
	}
	return nil
}

// checkEvidence refuses keys in the data folder: its backups and its administrators must not have them.
func (c *Settings) checkEvidence() error {
	if (c.EvidenceKeys == "") != (c.EvidencePassphrase == "") {
		return errors.New("evidence_keys 与 evidence_passphrase_file 须同时设置")
	}
	if c.EvidenceKeys == "" || c.Data == "" {
		return nil
	}
	for _, path := range []string{c.EvidenceKeys, c.EvidencePassphrase} {
		rel, err := filepath.Rel(c.Data, path)
		if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return fmt.Errorf("存证密钥和口令（%s）不得在数据目录 %s 内：备份和数据库管理员不应得到它们", path, c.Data)
		}
	}
	return nil
}

func (c *Settings) checkAddresses() error {
	host, err := splitAddress("listen", c.Listen)
	switch {
	case err != nil:
		return err
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("tls_cert 与 tls_key 须同时设置")
	case c.TLSCert == "" && !c.BehindProxy && !isLoopback(host):
		return fmt.Errorf("listen=%q 不是本机地址，令牌不得以明文传输：请设置 --tls-cert 与 --tls-key，或在前置代理终结 TLS 时使用 --behind-proxy",
			c.Listen)
	case c.OpsListen == "":
		return c.checkDistinct()
	}
	if _, err = splitAddress("ops_listen", c.OpsListen); err != nil {
		return err
	}
	return c.checkDistinct()
}

// checkDistinct refuses two listeners at one address: the second would find it taken.
func (c *Settings) checkDistinct() error {
	all := []struct{ name, address string }{{"listen", c.Listen}, {"ops_listen", c.OpsListen},
		{"console_listen", c.ConsoleListen}}
	for i, b := range all {
		for _, a := range all[:i] {
			if sameSocket(a.address, b.address) {
				return fmt.Errorf("%s（%s）与 %s（%s）是同一地址：各用各的端口", b.name, b.address, a.name, a.address)
			}
		}
	}
	return nil
}

// sameSocket reports whether of two listeners the second would find its address taken: the port is the same, and the
// host, however it is written, or one of them takes every address in.
func sameSocket(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	if errA != nil || errB != nil {
		return false
	}
	numberA, _ := strconv.Atoi(portA)
	numberB, _ := strconv.Atoi(portB)
	if numberA == 0 || numberA != numberB {
		return false
	}
	one, other := hostsOf(hostA), hostsOf(hostB)
	return everyAddress(hostA) || everyAddress(hostB) ||
		slices.ContainsFunc(one, func(p netip.Addr) bool { return slices.Contains(other, p) })
}

// everyAddress reports whether a host to listen at is all that the machine has.
func everyAddress(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || err == nil && ip.IsUnspecified()
}

// hostsOf are the IP addresses of a host to listen at, nil for a name other than localhost. It asks no name server.
func hostsOf(host string) []netip.Addr {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap().WithZone("")}
	}
	if strings.EqualFold(host, "localhost") {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}
	}
	return nil
}

func splitAddress(name, address string) (host string, err error) {
	host, port, err := net.SplitHostPort(address)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		return "", fmt.Errorf("%s=%q：应为 地址:端口，如 127.0.0.1:8080", name, address)
	}
	return host, nil
}

func (c *Settings) checkRoot() error {
	if c.Root == "" {
		return nil
	}
	if !strings.HasPrefix(c.Root, "/") || strings.HasSuffix(c.Root, "/") || strings.Contains(c.Root, "//") ||
		strings.ContainsAny(c.Root, "?#% ") {
		return fmt.Errorf("root=%q：应以 / 开头、不以 / 结尾，如 /gateway", c.Root)
	}
	return nil
}

func (c *Settings) checkLog() error {
	if c.LogFormat != "json" && c.LogFormat != "text" {
		return fmt.Errorf("log_format=%q：应为 json 或 text", c.LogFormat)
	}
	if c.LogDays < calllog.MinCallDays {
		return fmt.Errorf("log_days=%d：至少为 %d，网络日志须留存六个月以上（网络安全法第二十一条）", c.LogDays, calllog.MinCallDays)
	}
	_, err := ParseLevel(c.LogLevel)
	return err
}

func (c *Settings) checkLimits() error {
	for _, least := range []struct {
		name       string
		value, min int64
	}{{"max_body", c.MaxBody, 1 << 10}, {"max_items", int64(c.MaxItems), 1}, {"max_bodies", int64(c.MaxBodies), 2},
		{"max_strangers", int64(c.MaxStrangers), 1},
		{"max_large_bodies", int64(c.MaxLargeBodies), 1}, {"max_lookups", int64(c.MaxLookups), 1},
		{"max_sessions", int64(c.MaxSessions), 1}, {"max_connections", int64(c.MaxConnections), 1},
		{"max_connections_per_source", int64(c.MaxConnectionsPerSource), 1},
		{"max_sign_ins", int64(c.MaxSignIns), 1}, {"max_sign_ins_of_source", int64(c.SignInsEach), 1},
		{"disk_reserve", c.DiskReserve, 0}, {"log_bytes", c.LogBytes, 1 << 20}} {
		if least.value < least.min {
			return fmt.Errorf("%s=%d：至少为 %d", least.name, least.value, least.min)
		}
	}
	if c.ShutdownDelay < 0 || c.ShutdownWait <= 0 {
		return errors.New("shutdown_delay 不得为负，shutdown_wait 须大于零")
	}
	return nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// ConsoleOff is the console_listen of a server without one.
const ConsoleOff = "off"

func (c *Settings) checkConsole() error {
	if c.ConsoleListen != "" && c.ConsoleListen != ConsoleOff {
		host, err := splitAddress("console_listen", c.ConsoleListen)
		if err != nil {
			return err
		}
		if c.TLSCert == "" && !c.BehindProxy && !isLoopback(host) {
			return fmt.Errorf("console_listen=%q 不是本机地址，密码不得以明文传输："+
				"请设置 --tls-cert 与 --tls-key，或在前置代理终结 TLS 时使用 --behind-proxy", c.ConsoleListen)
		}
	}
	if u, err := url.Parse(c.ConsoleURL); err != nil || c.ConsoleURL != "" &&
		(u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("console_url=%q：应为网址，如 https://xyjg.example.gov.cn:8443/console", c.ConsoleURL)
	}
	if err := c.checkRegistry(); err != nil {
		return err
	}
	_, err := Networks("console_networks", c.ConsoleNets)
	return err
}

// checkRegistry refuses an address that is no page of a site, or the same page for every firm.
func (c *Settings) checkRegistry() error {
	u, err := url.Parse(strings.NewReplacer("{uniscid}", "1", "{pripid}", "1").Replace(c.RegistryURL))
	if c.RegistryURL == "" {
		return nil
	}
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" ||
		!strings.Contains(c.RegistryURL, "{uniscid}") && !strings.Contains(c.RegistryURL, "{pripid}") {
		return fmt.Errorf("registry_url=%q：应为含有 {uniscid} 或 {pripid} 的网址，"+
			"如 https://dj.example.gov.cn/query?code={uniscid}", c.RegistryURL)
	}
	return nil
}

// Networks reads the networks of the setting of that name.
func Networks(name string, texts []string) (ps []netip.Prefix, err error) {
	for _, s := range texts {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%s=%q：应为地址段，如 10.1.2.3/32", name, s)
		}
		ps = append(ps, p)
	}
	return ps, nil
}

// Proxies are the addresses whose X-Forwarded-For is believed.
func (c *Settings) Proxies() ([]netip.Prefix, error) {
	ps, err := Networks("trusted_proxies", c.TrustedProxies)
	if err != nil || !c.BehindProxy {
		return nil, err
	}
	for _, p := range ps {
		if p.Bits() == 0 {
			return nil, fmt.Errorf("trusted_proxies=%q：包括所有地址，任何人都能冒充来源和 HTTPS；只写代理自己的地址", p)
		}
	}
	return ps, nil
}

// ParseLevel is the level of the log that a text names.
func ParseLevel(s string) (slog.Level, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(s)); err != nil {
		return l, fmt.Errorf("log_level=%q：应为 debug、info、warn 或 error", s)
	}
	return l, nil
}
