package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/receiver/config"
)

// reportEvery is the time between two reports of missing log lines.
const reportEvery = 10 * time.Second

// Run runs a server until ctx ends. Its log goes to errw; the link for the first administrator, or the place where
// that link is, goes to out.
func Run(ctx context.Context, conf config.Settings, build buildinfo.Info, out, errw io.Writer) error {
	lines := newLogQueue(errw)
	defer lines.Close()
	log, err := NewLogger(lines, conf.LogFormat, conf.LogLevel)
	if err != nil {
		return err
	}
	defer outliveReaders()()
	s, err := Start(ctx, Config{Settings: conf, Build: build, Log: log})
	if err != nil && ctx.Err() != nil {
		return nil // ctx ended while the server was starting
	}
	if err != nil {
		return err
	}
	s.metrics.registry.MustRegister(logFigures(lines))
	go reportMissing(ctx, log, reportEvery, lines.lost.Load, s.metrics.skipped.Load)
	s.welcome(ctx, out)
	return errors.Join(s.wait(ctx, log), s.Stop())
}

// outliveReaders keeps the process alive when the reader of its log ends, until the returned function is called. It
// receives SIGPIPE and does not ignore it: child processes would inherit an ignored signal.
func outliveReaders() (done func()) {
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)
	return func() { signal.Stop(pipes) }
}

// wait returns when ctx ends, or with the error of a listener that ended.
func (s *Server) wait(ctx context.Context, log *slog.Logger) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.Broken:
		log.Error("listener ended", "err", err)
		return err
	}
}
