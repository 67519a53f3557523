package server

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/store"
)

// consoleReaders is how many pages may read the database at the same time. The other readers are for senders.
const consoleReaders = 2

// newConsole returns the handler of the console, nil where the settings turn the console off.
func (s *Server) newConsole() (http.Handler, error) {
	if s.Settings.ConsoleListen == config.ConsoleOff {
		return nil, nil
	}
	proxies, err := s.Settings.Proxies()
	if err != nil {
		return nil, err
	}
	nets, err := config.Networks("console_networks", s.Settings.ConsoleNets)
	if err != nil {
		return nil, err
	}
	calendar, err := OpenCalendar(&s.Settings)
	if err != nil {
		return nil, err
	}
	desk := intake.NewDesk(intake.Config{Store: s.store.Limit(consoleReaders)})
	pages, err := console.New(console.Config{Desk: desk, Staff: staff.New(desk), Prefix: consolePrefix(&s.Settings),
		Networks: nets, Proxies: proxies, Calendar: calendar, SignIns: s.Settings.MaxSignIns,
		SignInsOfSource: s.Settings.SignInsEach, Crowded: s.metrics.crowded.Inc, Observe: s.observePage, Log: s.Log,
		Spool: s.store.SpoolDir(), Background: func(f func(context.Context)) { s.workers.Go(func() { f(s.life) }) },
		Unit: s.Settings.UnitName, Support: s.Settings.SupportPhone, Version: s.Build.Version,
		Registry: s.Settings.RegistryURL, Policy: trustPolicy(s.Settings.EvidenceKeys),
		System: s.system, Backlog: func(ctx context.Context) (int, time.Time,
			error) {
			return s.verifier.Backlog(ctx, 100_000)
		}})
	if err != nil {
		return nil, err
	}
	return framed(pages), nil
}

// framed refuses a request that has both Content-Length and Transfer-Encoding, as the interface does.
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
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 10 * time.Minute,
		IdleTimeout:  2 * time.Minute, MaxHeaderBytes: 16 << 10}
}

// consoleAddr is the address at which the console listens.
func (s *Server) consoleAddr() string {
	if s.pages != nil {
		return s.pagesAddr.String()
	}
	return s.Addr.String()
}

// system is the data of the console's system page.
func (s *Server) system(ctx context.Context) console.System {
	stats := s.store.Stats()
	sys := console.System{Facts: []console.Fact{
		{Name: "版本", Value: s.Build.Version + s.Build.Source() + "，" + s.Build.Go},
		{Name: "启动时间", Value: cli.Beijing(s.began)},
		{Name: "受理", Value: s.standing(), Bad: !s.ready()},
		{Name: "数据持久化级别", Value: durabilityWord(s.store.InForce())},
		{Name: "提交", Value: fmt.Sprintf("%s次，%s个请求，结果未知%s次", display.Count(int(stats.Commits)),
			display.Count(int(stats.Updates)), display.Count(int(stats.Unknown))),
			Bad: stats.Unknown > 0},
		{Name: "待入库调用数", Value: display.Count(s.calls.Waiting())},
		{Name: "未入库调用数", Value: display.Count(int(s.calls.Dropped())), Bad: s.calls.Dropped() > 0},
	}}
	if at := s.calls.CutShort(); !at.IsZero() {
		sys.Facts = append(sys.Facts, console.Fact{Name: "调用记录不足 180 天", Bad: true,
			Value: cli.Beijing(at) + " 以前的因超过 log_bytes 已删除；网络日志须留存六个月以上，请调高 log_bytes"})
	}
	if s.cert != nil {
		end := s.cert.end()
		sys.Facts = append(sys.Facts,
			console.Fact{Name: "TLS 证书到期", Value: cli.Beijing(end), Bad: time.Until(end) < soonExpired})
	}
	if n, err := s.store.Size(ctx); err == nil {
		sys.Facts = append(sys.Facts, console.Fact{Name: "数据库大小", Value: display.Bytes(uint64(n))})
	}
	if text := s.room.words(); text != "" {
		sys.Facts = append(sys.Facts, console.Fact{Name: "磁盘剩余", Value: text, Bad: s.room.low.Load()})
	}
	sys.Evidence = s.evidenceFacts()
	usages := s.Settings.Usages()
	for _, f := range s.Settings.Listed() {
		sys.Settings = append(sys.Settings, console.Fact{Name: f[0], Value: f[1],
			About: cmp.Or(usages[f[0]], placeWords[f[0]])})
	}
	return sys
}

// standing is the state of the server for the console: stopping, or the reason why nothing is acknowledged, or 正常.
func (s *Server) standing() string {
	switch err := s.store.Ready(); {
	case s.draining.Load():
		return "正在停止"
	case err != nil:
		return standing(err)
	}
	return "正常"
}

// placeWords are what the settings of the place of the data are for, which every command has.
var placeWords = map[string]string{"data": "数据目录", "database": "PostgreSQL 的地址"}

func durabilityWord(d store.Durability) string {
	if d == store.Replicated {
		return "已在同步备库上（replicated）"
	}
	return "已写入本机磁盘（local）"
}
