package main

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"diaoxiao/internal/httpapi"
	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

// metrics are the figures of /metrics. Labels take few values: never a caseid or an account.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	bytes    prometheus.Counter
	entities prometheus.Counter
}

func newMetrics(s *store.Store, v *intake.Verifier) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "diaoxiao_requests_total", Help: "Requests by call, outcome and first error code."},
			[]string{"call", "outcome", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "diaoxiao_request_seconds", Help: "Time from the request's header to its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60}}, []string{"call"}),
		bytes:    prometheus.NewCounter(prometheus.CounterOpts{Name: "diaoxiao_body_bytes_total", Help: "Bytes of request bodies."}),
		entities: prometheus.NewCounter(prometheus.CounterOpts{Name: "diaoxiao_accepted_entities_total", Help: "Entities in accepted cases."}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.bytes, m.entities, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registry.MustRegister(buildInfo())
	for _, f := range storeFigures(s) {
		m.registry.MustRegister(f)
	}
	for _, f := range verifierFigures(v) {
		m.registry.MustRegister(f)
	}
	return m
}

func buildInfo() prometheus.Collector {
	v := readVersion()
	g := prometheus.NewGauge(prometheus.GaugeOpts{Name: "diaoxiao_build_info", Help: "1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": v.Version, "commit": v.Commit, "go": v.Go}})
	g.Set(1)
	return g
}

func storeFigures(s *store.Store) []prometheus.Collector {
	counter := func(name, help string, f func(store.Stats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return f(s.Stats()) })
	}
	return []prometheus.Collector{
		counter("diaoxiao_store_commits_total", "Transactions committed.", func(s store.Stats) float64 { return float64(s.Commits) }),
		counter("diaoxiao_store_updates_total", "Updates in them.", func(s store.Stats) float64 { return float64(s.Updates) }),
		counter("diaoxiao_store_rejected_total", "Updates refused because too many waited.", func(s store.Stats) float64 { return float64(s.Rejected) }),
		counter("diaoxiao_store_busy_seconds_total", "Time the writer was at work.", func(s store.Stats) float64 { return s.Busy.Seconds() }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_store_waiting", Help: "Updates that wait for the writer."},
			func() float64 { return float64(s.Stats().Waiting) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_store_failed", Help: "1 while nothing is acknowledged; with SQLite until a restart."},
			func() float64 {
				if s.Ready() != nil {
					return 1
				}
				return 0
			}),
	}
}

func verifierFigures(v *intake.Verifier) []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "diaoxiao_verified_cases_total", Help: "Cases verified."},
			func() float64 { n, _ := v.Progress(); return float64(n) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "diaoxiao_verified_entities_total", Help: "Entities verified."},
			func() float64 { _, n := v.Progress(); return float64(n) }),
	}
}

func (m *metrics) observe(r httpapi.Record) {
	code, _, _ := strings.Cut(r.Codes, ",")
	m.requests.WithLabelValues(string(r.Call), r.Outcome, code).Inc()
	m.seconds.WithLabelValues(string(r.Call)).Observe(r.Duration.Seconds())
	m.bytes.Add(float64(r.Bytes))
	if r.Outcome == string(intake.Accepted) {
		m.entities.Add(float64(r.Items))
	}
}
