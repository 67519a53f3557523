package server

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/httpapi"
)

// listen opens the listeners, that of the interface first, and serves them.
func (s *Server) listen() error {
	proxies, err := s.Settings.Proxies()
	if err != nil {
		return err
	}
	s.public = httpapi.Server(s.door(proxies))
	pages, err := s.newConsole()
	if err != nil {
		return err
	}
	if pages != nil && s.Settings.ConsoleListen == "" {
		s.public.Handler = beside(pages, consolePrefix(&s.Settings), s.public.Handler)
	}
	s.bound.Follow(s.public)
	l, err := s.listener(s.Settings.Listen)
	if err != nil {
		return err
	}
	s.Addr = l.Addr()
	if err := s.listenMore(pages); err != nil {
		return errors.Join(err, l.Close())
	}
	go s.accept(s.public, l)
	return nil
}

// door is the interface, as the settings want it.
func (s *Server) door(proxies []netip.Prefix) httpapi.Config {
	c := &s.Settings
	return httpapi.Config{Desk: s.Desk, Root: c.Root, MaxBody: c.MaxBody, MaxItems: c.MaxItems, MaxBodies: c.MaxBodies,
		MaxStrangers: c.MaxStrangers, MaxLargeBodies: c.MaxLargeBodies, MaxLookups: c.MaxLookups, Proxies: proxies,
		Log: s.Log, Observe: s.observe}
}

// listener listens at an address, with TLS where there is a certificate.
func (s *Server) listener(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("监听 %s：%w", address, err)
	}
	l = s.bound.Listener(l, s.Settings.TLSCert != "")
	if s.Settings.TLSCert == "" {
		return l, nil
	}
	cert, err := newCertificate(s.Settings.TLSCert, s.Settings.TLSKey, s.Log)
	if err != nil {
		return nil, errors.Join(explain.BadUsage(err), l.Close())
	}
	s.cert = cert
	return tls.NewListener(l, tlsConfig(cert, s.Settings.TLSCBC)), nil
}

// listenMore listens at the addresses besides that of the interface.
func (s *Server) listenMore(pages http.Handler) error {
	if pages != nil && s.Settings.ConsoleListen != "" {
		l, err := s.listener(s.Settings.ConsoleListen)
		if err != nil {
			return err
		}
		s.pages, s.pagesAddr = consoleServer(pages), l.Addr()
		s.bound.Follow(s.pages)
		go s.accept(s.pages, l)
	}
	if s.Settings.OpsListen == "" {
		return nil
	}
	err := s.listenOps()
	if err != nil && s.pages != nil {
		err = errors.Join(err, s.pages.Close())
	}
	return err
}

// accept serves a listener until its server is closed.
func (s *Server) accept(h *http.Server, l net.Listener) {
	if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		s.Broken <- err
	}
}

// listenOps serves the operators' figures, never on the public address.
func (s *Server) listenOps() error {
	l, err := net.Listen("tcp", s.Settings.OpsListen)
	if err != nil {
		return fmt.Errorf("监听 %s：%w", s.Settings.OpsListen, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	s.ops = &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10}
	s.OpsAddr = l.Addr()
	go s.accept(s.ops, l)
	return nil
}
