// Package server runs the intake server: it listens, with or without TLS, and keeps log, figures, room and connections
// within bounds. It knows no flag: it gets settings that were checked.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

// Config is the configuration of a server.
type Config struct {
	Settings config.Settings
	Build    buildinfo.Info
	Log      *slog.Logger
	Observe  func(httpapi.Record) // gets the record of every request, as log and metrics do; may be nil
}

// Server is a running server.
type Server struct {
	Config
	store     *store.Store
	Desk      *intake.Desk
	verifier  *verify.Verifier
	metrics   *metrics
	backlog   *backlog
	calls     *calllog.Log
	stats     *statistics.Statistics
	signer    *evidencelog.Signer  // nil: no evidence log
	stamper   *evidencelog.Stamper // nil: no time-stamps
	witnesses *evidencelog.Witnesses
	room      *room
	bound     *peer.Bound
	cert      *certificate // nil: no TLS
	began     time.Time
	public    *http.Server
	pages     *http.Server // the console's, where it has an address of its own
	ops       *http.Server
	Addr      net.Addr
	pagesAddr net.Addr
	OpsAddr   net.Addr
	draining  atomic.Bool
	Broken    chan error
	life      context.Context // of what goes on beside the requests
	cancel    context.CancelFunc
	workers   sync.WaitGroup
}

// Start opens the store, starts the verifier and listens. The settings must have been checked.
func Start(ctx context.Context, c Config) (*Server, error) {
	s := &Server{Config: c, began: time.Now(), Broken: make(chan error, 3)}
	if err := s.openStore(ctx); err != nil {
		return nil, err
	}
	s.life, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	err := s.furnish(ctx)
	if err == nil {
		err = s.listen()
	}
	if err != nil {
		s.cancel()
		return nil, errors.Join(err, s.store.Close())
	}
	s.work()
	s.Log.Info("listening", "addr", s.Addr.String(), "root", c.Settings.Root, "tls", s.cert != nil,
		"ops", addrString(s.OpsAddr), "data", c.Settings.Where.String(),
		"version", c.Build.Version, "ms", time.Since(s.began).Milliseconds())
	return s, nil
}

// openStore opens the store for a server.
func (s *Server) openStore(ctx context.Context) error {
	if err := checkFolder(&s.Settings); err != nil {
		return err
	}
	durability, err := store.ParseDurability(s.Settings.Durability)
	if err != nil {
		return err
	}
	s.store, err = OpenStore(ctx, &s.Settings.Where, store.Options{Server: true, Durability: durability})
	return err
}

// furnish makes the parts of the server that need the store, and counts the sessions that are alive.
func (s *Server) furnish(ctx context.Context) (err error) {
	s.Desk = intake.NewDesk(intake.Config{Store: s.store, MaxSessions: s.Settings.MaxSessions})
	s.verifier = verify.New(s.Desk, s.Log)
	s.backlog = newBacklog()
	s.calls = newCalls(s.Desk, s.Log, &s.Settings)
	calendar, err := OpenCalendar(&s.Settings)
	if err != nil {
		return err
	}
	s.stats = statistics.New(s.Desk, calendar)
	if s.signer, err = openSigner(s.Desk, s.Log, &s.Settings); err != nil {
		return err
	}
	if s.witnesses, err = openWitnesses(s.Desk, s.Log, &s.Settings); err != nil {
		return err
	}
	if s.stamper, err = openStamper(s.Desk, s.Log, &s.Settings); err != nil {
		return err
	}
	s.room = newRoom(s.Settings)
	if s.bound, err = newBound(&s.Settings); err != nil {
		return err
	}
	s.metrics = newMetrics(s.Build)
	s.metrics.registry.MustRegister(s.figures()...)
	_, err = s.Desk.CountSessions(ctx)
	return err
}

// work starts the goroutines beside the listeners. They do not end with ctx: while the server stops, it still serves
// accepted requests.
func (s *Server) work() {
	for _, run := range []func(context.Context){
		func(ctx context.Context) { s.verifier.Run(ctx) },
		s.sweep,
		func(ctx context.Context) { s.backlog.follow(ctx, s.verifier) },
		s.calls.Run,
		s.signEvidence,
		s.stampEvidence,
		s.witnesses.Run,
		func(ctx context.Context) { s.stats.Run(ctx, s.Log) },
		s.watchRoom,
		func(ctx context.Context) { reportConnections(ctx, s.Log, reportEvery, s.bound) },
		func(ctx context.Context) { s.watchCertificate(ctx, 24*time.Hour) },
		func(ctx context.Context) { followAudit(ctx, s.Desk, s.Log) },
	} {
		s.workers.Go(func() { run(s.life) })
	}
	if s.cert != nil {
		s.metrics.registry.MustRegister(certificateFigures(s.cert))
	}
}

func addrString(a net.Addr) string {
	if a == nil {
		return ""
	}
	return a.String()
}

// sweep ends expired sessions every half minute, and counts those that are alive.
func (s *Server) sweep(ctx context.Context) {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			err := errors.Join(s.Desk.SweepSessions(ctx), staff.New(s.Desk).SweepAccess(ctx),
				casework.New(s.Desk).SweepNames(ctx))
			if err != nil && s.store.Ready() == nil {
				s.Log.Warn("sessions not swept", "err", err)
			}
		}
	}
}
