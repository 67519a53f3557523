package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/store"
)

func newServeCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "serve", Short: "运行接收服务", Args: cli.Args(),
		Long: `运行接收服务，直到收到 SIGTERM 或 Ctrl-C：先报告未就绪，应答完已接收的请求，
然后退出（退出码 0）。
一个数据目录同时只能有一个服务。日志写到标准错误，每个请求一行，不含令牌和密钥。

设置的优先次序：命令行参数 > 环境变量 DIAOXIAO_… > 配置文件 > 默认值；空的环境变量视为未设置。
环境变量名由参数名而来：--log-level 即 DIAOXIAO_LOG_LEVEL，在配置文件中为 log_level。
用 diaoxiao config print 查看生效的设置，用 diaoxiao config check 检查。`,
		Example: `  diaoxiao serve --data /var/lib/diaoxiao
  diaoxiao serve --listen 0.0.0.0:8443 --tls-cert server.crt --tls-key server.key \
      --ops-listen 127.0.0.1:9090`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := loadSettings(env, cmd.Flags())
			if err != nil {
				return err
			}
			lines := newLogQueue(cmd.ErrOrStderr())
			defer lines.Close()
			log, err := newLogger(lines, conf.LogFormat, conf.LogLevel)
			if err != nil {
				return err
			}
			tune()
			return serve(cmd.Context(), conf, log, lines, cmd.OutOrStdout())
		}}
	conf := defaults()
	conf.flags(cmd.Flags())
	return cmd
}

// tune gives the runtime two more processors than there are: Go takes one away from a goroutine that sits in a sync, as
// the writer often does, only after a while. GOMAXPROCS in the environment wins. docs/performance.md has the figures.
func tune() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 2)
	}
}

// serve runs the service until ctx ends. Its log goes to lines; the first one-time link goes to out.
func serve(ctx context.Context, conf config, log *slog.Logger, lines *logQueue, out io.Writer) error {
	// A log reader that went away must not end the service. To ignore the signal would be handed on to child processes.
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)
	defer signal.Stop(pipes)
	s, err := start(ctx, conf, log, nil)
	if err != nil && ctx.Err() != nil {
		return nil // told to stop before it was up
	}
	if err != nil {
		return err
	}
	s.metrics.registry.MustRegister(logFigures(lines))
	go reportMissing(ctx, log, reportEvery, lines.lost.Load, s.metrics.skipped.Load)
	s.welcome(ctx, out)
	select {
	case <-ctx.Done():
	case err = <-s.broken:
		log.Error("listener ended", "err", err)
	}
	return errors.Join(err, s.stop())
}

// reportEvery is the time between two reports of what the log lacks.
const reportEvery = 10 * time.Second

// service is a running server.
type service struct {
	conf      config
	log       *slog.Logger
	store     *store.Store
	desk      *intake.Desk
	verifier  *intake.Verifier
	metrics   *metrics
	backlog   *backlog
	calls     *intake.CallLog
	room      *room
	bound     *peer.Bound
	cert      *certificate // nil: no TLS
	began     time.Time
	public    *http.Server
	pages     *http.Server // the console's, where it has an address of its own
	ops       *http.Server
	addr      net.Addr
	pagesAddr net.Addr
	opsAddr   net.Addr
	draining  atomic.Bool
	broken    chan error
	cancel    context.CancelFunc
	workers   sync.WaitGroup
}

// start opens the store, starts the verifier and listens. also gets every request's record besides log and metrics; it
// may be nil.
func start(ctx context.Context, conf config, log *slog.Logger, also func(httpapi.Record)) (_ *service, err error) {
	began := time.Now()
	s := &service{conf: conf, log: log, began: began, broken: make(chan error, 3)}
	if err := conf.checkFolder(); err != nil {
		return nil, err
	}
	durability, err := store.ParseDurability(conf.Durability)
	if err != nil {
		return nil, err
	}
	if s.store, err = conf.open(ctx, store.Options{Server: true, Durability: durability}); err != nil {
		return nil, err
	}
	s.desk = intake.NewDesk(intake.Config{Store: s.store, MaxSessions: conf.MaxSessions})
	s.verifier = intake.NewVerifier(s.desk, log)
	s.backlog = newBacklog()
	s.calls = intake.NewCallLog(s.desk, log, conf.LogDays).Bound(conf.LogBytes)
	s.room = newRoom(conf)
	s.metrics = newMetrics(s.store, s.verifier, s.backlog, s.calls, s.ready)
	s.metrics.registry.MustRegister(roomFigures(s.room))
	if s.bound, err = conf.newBound(); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	s.metrics.registry.MustRegister(connectionFigures(s.bound)...)
	if _, err := s.desk.CountSessions(ctx); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	if err := s.listen(also); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	// The workers outlive ctx: what was accepted while stopping is still served.
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	s.workers.Go(func() { s.verifier.Run(background) })
	s.workers.Go(func() { s.sweep(background) })
	s.workers.Go(func() { s.backlog.follow(background, s.verifier) })
	s.workers.Go(func() { s.calls.Run(background) })
	s.workers.Go(func() { s.watchRoom(background) })
	s.workers.Go(func() { reportConnections(background, log, reportEvery, s.bound) })
	s.workers.Go(func() { s.watchCertificate(background, 24*time.Hour) })
	if s.cert != nil {
		s.metrics.registry.MustRegister(certificateFigures(s.cert))
	}
	s.workers.Go(func() { followAudit(background, s.desk, log) })
	log.Info("listening", "addr", s.addr.String(), "root", conf.Root, "tls", conf.TLSCert != "", "ops", addrString(s.opsAddr), "data", conf.Where.String(),
		"version", readVersion().Version, "ms", time.Since(began).Milliseconds())
	return s, nil
}

func addrString(a net.Addr) string {
	if a == nil {
		return ""
	}
	return a.String()
}

func (s *service) listen(also func(httpapi.Record)) error {
	proxies, err := s.conf.proxies()
	if err != nil {
		return err
	}
	s.public = httpapi.Server(httpapi.Config{Desk: s.desk, Root: s.conf.Root, MaxBody: s.conf.MaxBody, MaxItems: s.conf.MaxItems,
		MaxBodies: s.conf.MaxBodies, MaxStrangers: s.conf.MaxStrangers, MaxLargeBodies: s.conf.MaxLargeBodies,
		MaxLookups: s.conf.MaxLookups, Proxies: proxies, Log: s.log,
		Observe: func(r httpapi.Record) {
			s.observe(r)
			if also != nil {
				also(r)
			}
		}})
	pages, err := s.newConsole()
	if err != nil {
		return err
	}
	if pages != nil && s.conf.ConsoleListen == "" {
		s.public.Handler = beside(pages, s.conf.consolePrefix(), s.public.Handler)
	}
	s.bound.Follow(s.public)
	l, err := s.listener(s.conf.Listen)
	if err != nil {
		return err
	}
	s.addr = l.Addr()
	if err := s.listenMore(pages); err != nil {
		return errors.Join(err, l.Close())
	}
	go s.accept(s.public, l)
	return nil
}

// observe logs, records and counts a request. Of strangers only so many are logged and recorded that they fill no disk.
func (s *service) observe(r httpapi.Record) {
	s.metrics.observe(r)
	if r.Unlogged {
		return
	}
	logRequest(s.log, r)
	if c, ok := callOf(r); ok {
		s.calls.Add(c)
	}
}

// observePage logs and counts a request at the console. Of nobody who is signed in only so many are logged.
func (s *service) observePage(r console.Record) {
	s.metrics.pages.WithLabelValues(strconv.Itoa(r.Status)).Inc()
	if r.Unlogged {
		s.metrics.unlogged.Inc()
		s.metrics.skipped.Add(1)
		return
	}
	logPage(s.log, r)
}

// listener listens at an address, with TLS where there is a certificate.
func (s *service) listener(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("监听 %s：%w", address, err)
	}
	l = s.bound.Listener(l, s.conf.TLSCert != "")
	if s.conf.TLSCert == "" {
		return l, nil
	}
	cert, err := newCertificate(s.conf.TLSCert, s.conf.TLSKey, s.log)
	if err != nil {
		return nil, errors.Join(explain.BadUsage(err), l.Close())
	}
	s.cert = cert
	return tls.NewListener(l, tlsConfig(cert, s.conf.TLSCBC)), nil
}

// listenMore listens at the addresses besides that of the interface.
func (s *service) listenMore(pages http.Handler) error {
	if pages != nil && s.conf.ConsoleListen != "" {
		l, err := s.listener(s.conf.ConsoleListen)
		if err != nil {
			return err
		}
		s.pages, s.pagesAddr = consoleServer(pages), l.Addr()
		s.bound.Follow(s.pages)
		go s.accept(s.pages, l)
	}
	if s.conf.OpsListen == "" {
		return nil
	}
	err := s.listenOps()
	if err != nil && s.pages != nil {
		err = errors.Join(err, s.pages.Close())
	}
	return err
}

func (s *service) accept(h *http.Server, l net.Listener) {
	if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		s.broken <- err
	}
}

// listenOps serves the operators' figures, never on the public address.
func (s *service) listenOps() error {
	l, err := net.Listen("tcp", s.conf.OpsListen)
	if err != nil {
		return fmt.Errorf("监听 %s：%w", s.conf.OpsListen, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	s.ops = &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10}
	s.opsAddr = l.Addr()
	go s.accept(s.ops, l)
	return nil
}

// readyz is 503 while stopping and while nothing is acknowledged.
func (s *service) readyz(w http.ResponseWriter, _ *http.Request) {
	switch err := s.store.Ready(); {
	case s.draining.Load():
		http.Error(w, "正在停止：不再接收新的请求，应答完已接收的即退出", http.StatusServiceUnavailable)
	case err != nil:
		http.Error(w, standing(err), http.StatusServiceUnavailable)
	default:
		fmt.Fprintf(w, "ok\ndurability=%s\n", s.store.InForce())
		if s.room.low.Load() {
			fmt.Fprintf(w, "磁盘剩余 %s\n", s.room.words())
		}
	}
}

// ready reports whether readyz is 200.
func (s *service) ready() bool { return !s.draining.Load() && s.store.Ready() == nil }

// sweep ends expired sessions every half minute, and counts those that are alive.
func (s *service) sweep(ctx context.Context) {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := s.desk.SweepSessions(ctx); err != nil && s.store.Ready() == nil {
				s.log.Warn("sessions not swept", "err", err)
			}
		}
	}
}

// stop answers what was taken in and closes everything.
func (s *service) stop() error {
	began := time.Now()
	s.draining.Store(true)
	s.log.Info("stopping", "delay", s.conf.ShutdownDelay.String())
	time.Sleep(s.conf.ShutdownDelay)
	ctx, cancel := context.WithTimeout(context.Background(), s.conf.ShutdownWait)
	defer cancel()
	err := s.public.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("等待 %s 后仍有请求没有应答完，已断开：%w", s.conf.ShutdownWait, err), s.public.Close())
	}
	if s.pages != nil {
		if late := s.pages.Shutdown(ctx); late != nil {
			err = errors.Join(err, s.pages.Close())
		}
	}
	s.cancel()
	s.workers.Wait()
	if s.ops != nil {
		err = errors.Join(err, s.ops.Close())
	}
	err = errors.Join(err, s.store.Close())
	s.log.Info("stopped", "took", since(began), "err", err)
	return err
}
