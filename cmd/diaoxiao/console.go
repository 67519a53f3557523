package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/workday"
)

const consolePath = "/console"

// consolePrefix is the path the console stands under: beside the interface it is under the interface's own prefix.
func (c *config) consolePrefix() string {
	if c.ConsoleListen == "" {
		return c.Root + consolePath
	}
	return consolePath
}

// consoleReaders is how many pages may read the database at once: the other readers are for senders.
const consoleReaders = 2

// newConsole returns the console's handler, nil where there is to be none.
func (s *service) newConsole() (http.Handler, error) {
	if s.conf.ConsoleListen == consoleOff {
		return nil, nil
	}
	proxies, err := s.conf.proxies()
	if err != nil {
		return nil, err
	}
	nets, err := networks("console_networks", s.conf.ConsoleNets)
	if err != nil {
		return nil, err
	}
	calendar, err := s.conf.calendar()
	if err != nil {
		return nil, err
	}
	desk := intake.NewDesk(intake.Config{Store: s.store.Limit(consoleReaders)})
	pages, err := console.New(console.Config{Desk: desk, Prefix: s.conf.consolePrefix(), Networks: nets, Proxies: proxies, Calendar: calendar,
		SignIns: s.conf.MaxSignIns, SignInsOfSource: s.conf.SignInsEach, Crowded: s.metrics.crowded.Inc, Observe: s.observePage,
		Log: s.log, System: s.system, Backlog: func(ctx context.Context) (int, time.Time, error) { return s.verifier.Backlog(ctx, 100_000) }})
	if err != nil {
		return nil, err
	}
	return framed(pages), nil
}

// calendar is the operator's own where one is set.
func (c *config) calendar() (*workday.Calendar, error) {
	if c.Calendar == "" {
		return workday.Default(), nil
	}
	f, err := os.Open(c.Calendar)
	if err != nil {
		return nil, explain.BadUsage(fmt.Errorf("工作日历：%w", err))
	}
	defer f.Close()
	calendar, err := workday.Parse(f)
	if err != nil {
		return nil, explain.BadUsage(fmt.Errorf("工作日历 %s：%w", c.Calendar, err))
	}
	return calendar, nil
}

// framed refuses what has a length and chunks at once, as the interface does.
func framed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer.FramingOf(r) == peer.Both {
			http.Error(w, "Content-Length 与 Transfer-Encoding 不得同时出现", http.StatusBadRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// beside serves the console under its path and the interface everywhere else, to the letter of its paths.
func beside(console http.Handler, prefix string, door http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == prefix || strings.HasPrefix(r.URL.Path, prefix+"/") {
			console.ServeHTTP(w, r)
			return
		}
		door.ServeHTTP(w, r)
	})
}

// consoleServer is the console on an address of its own.
func consoleServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 10 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
}

// consoleAddr is where the console listens.
func (s *service) consoleAddr() string {
	if s.pages != nil {
		return s.pagesAddr.String()
	}
	return s.addr.String()
}

// setupLink is a one-time link. Its token stands behind the #, which no browser sends and no proxy logs.
func setupLink(base, token string) string { return base + "/setup#" + token }

// consoleBase is how operators reach the console that listens at an address: by the name in the certificate rather than
// by a number.
func (c *config) consoleBase(addr string) string {
	if c.ConsoleURL != "" {
		return strings.TrimSuffix(c.ConsoleURL, "/")
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		host, port = addr, ""
	}
	scheme := "http"
	if c.TLSCert != "" || c.BehindProxy {
		scheme = "https"
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = c.hostName()
	}
	if c.BehindProxy || port == "" || scheme == "https" && port == "443" {
		return scheme + "://" + bracketed(host) + c.consolePrefix()
	}
	return scheme + "://" + net.JoinHostPort(host, port) + c.consolePrefix()
}

func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// hostName is the first name in the certificate, or what the machine calls itself.
func (c *config) hostName() string {
	if leaf := c.leaf(); leaf != nil {
		for _, name := range leaf.DNSNames {
			if !strings.HasPrefix(name, "*") {
				return name
			}
		}
		if len(leaf.IPAddresses) > 0 {
			return leaf.IPAddresses[0].String()
		}
	}
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "localhost"
}

func (c *config) leaf() *x509.Certificate {
	if c.TLSCert == "" {
		return nil
	}
	cert, err := newCertificate(c.TLSCert, c.TLSKey, nil)
	if err != nil {
		return nil
	}
	return cert.current.Leaf
}

// system is what the console's system page shows of the program.
func (s *service) system(context.Context) console.System {
	v := readVersion()
	stats := s.store.Stats()
	sys := console.System{Facts: []console.Fact{
		{Name: "版本", Value: v.Version + v.source() + "，" + v.Go},
		{Name: "启动时间", Value: cli.Beijing(s.began)},
		{Name: "受理", Value: s.standing(), Bad: !s.ready()},
		{Name: "持久程度", Value: durabilityWord(s.store.InForce())},
		{Name: "提交", Value: fmt.Sprintf("%s 次，%s 个请求，%s 次结果不明", display.Count(int(stats.Commits)), display.Count(int(stats.Updates)), display.Count(int(stats.Unknown))),
			Bad: stats.Unknown > 0},
		{Name: "未记入报送记录的调用", Value: display.Count(int(s.calls.Dropped())), Bad: s.calls.Dropped() > 0},
	}}
	if at := s.calls.CutShort(); !at.IsZero() {
		sys.Facts = append(sys.Facts, console.Fact{Name: "调用记录不足 180 天", Bad: true,
			Value: cli.Beijing(at) + " 以前的因超过 log_bytes 已删除；网络日志须留存六个月以上，请调高 log_bytes"})
	}
	if s.cert != nil {
		end := s.cert.end()
		sys.Facts = append(sys.Facts, console.Fact{Name: "TLS 证书到期", Value: cli.Beijing(end), Bad: time.Until(end) < soonExpired})
	}
	if text := s.room.words(); text != "" {
		sys.Facts = append(sys.Facts, console.Fact{Name: "磁盘剩余", Value: text, Bad: s.room.low.Load()})
	}
	for _, f := range s.conf.listed() {
		sys.Settings = append(sys.Settings, console.Fact{Name: f[0], Value: f[1]})
	}
	return sys
}

// standing is what /readyz says.
func (s *service) standing() string {
	switch err := s.store.Ready(); {
	case s.draining.Load():
		return "正在停止"
	case err != nil:
		return standing(err)
	}
	return "正常"
}

func durabilityWord(d store.Durability) string {
	if d == store.Replicated {
		return "已在同步备库上（replicated）"
	}
	return "已写入本机磁盘（local）"
}
