package server

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

// metrics are the figures of /metrics. Labels take few values: never a caseid or an account.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	bytes    prometheus.Counter
	entities prometheus.Counter
	unread   prometheus.Counter
	unlogged prometheus.Counter
	crowded  prometheus.Counter
	pages    *prometheus.CounterVec
	skipped  atomic.Int64 // the same, for the log
}

// newMetrics returns the figures that requests make, and those of the process.
func newMetrics(build buildinfo.Info) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "diaoxiao_requests_total",
			Help: "Requests by call, outcome and first error code."},
			[]string{"call", "outcome", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "diaoxiao_request_seconds",
			Help:    "Time from the request's header to its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60}}, []string{"call"}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{Name: "diaoxiao_body_bytes_total",
			Help: "Bytes of request bodies."}),
		entities: prometheus.NewCounter(prometheus.CounterOpts{Name: "diaoxiao_accepted_entities_total",
			Help: "Entities in accepted cases."}),
	}
	m.unread = prometheus.NewCounter(prometheus.CounterOpts{Name: "diaoxiao_bodies_unread_total",
		Help: "Requests under no token that lives, answered without reading their bodies " +
			"because too many were under way."})
	m.unlogged = prometheus.NewCounter(prometheus.CounterOpts{Name: "diaoxiao_requests_unlogged_total",
		Help: "Requests under no token that lives, beyond what is logged and recorded of one source in a minute."})
	m.crowded = prometheus.NewCounter(prometheus.CounterOpts{Name: "diaoxiao_console_sign_ins_turned_away_total",
		Help: "Sign-ins at the console that were turned away because too many waited."})
	m.pages = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "diaoxiao_console_requests_total",
		Help: "Requests at the console by status."},
		[]string{"status"})
	m.registry.MustRegister(m.crowded, m.pages)
	m.registry.MustRegister(m.requests, m.seconds, m.bytes, m.entities, m.unread, m.unlogged,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registry.MustRegister(buildFigure(build))
	return m
}

// figures are those of the parts of the server. None of them asks the database when it is read.
func (s *Server) figures() []prometheus.Collector {
	return slices.Concat(storeFigures(s.store), stateFigures(s.store), verifierFigures(s.verifier),
		backlogFigures(s.backlog), witnessFigures(s.witnesses), signerFigures(s.signer),
		stampFigures(s.stamper),
		callFigures(s.calls), connectionFigures(s.bound), []prometheus.Collector{roomFigures(s.room),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_ready", Help: "1 while /readyz is 200."},
				func() float64 { return oneIf(s.ready()) })})
}

// callFigures are those of the recorded calls.
func callFigures(calls *calllog.Log) []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_calls_bytes",
			Help: "About how many bytes the recorded calls take."},
			func() float64 { return float64(calls.Volume()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_calls_cut_short",
			Help: "1 where log_bytes had calls of less than 180 days deleted since the start."},
			func() float64 { return oneIf(!calls.CutShort().IsZero()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "diaoxiao_calls_dropped_total",
			Help: "Calls that there was no room for, or that the database refused: left out."},
			func() float64 { return float64(calls.Dropped()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_calls_waiting",
			Help: "Calls that wait to be recorded, in memory and in files."},
			func() float64 { return float64(calls.Waiting()) }),
	}
}

// buildFigure describes the build in its labels.
func buildFigure(v buildinfo.Info) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Name: "diaoxiao_build_info", Help: "1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": v.Version, "commit": v.Commit, "go": v.Go}})
	g.Set(1)
	return g
}

func storeFigures(s *store.Store) []prometheus.Collector {
	counter := func(name, help string, f func(store.Stats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return f(s.Stats()) })
	}
	return []prometheus.Collector{
		counter("diaoxiao_store_commits_total", "Transactions committed.",
			func(s store.Stats) float64 { return float64(s.Commits) }),
		counter("diaoxiao_store_updates_total", "Updates in them.",
			func(s store.Stats) float64 { return float64(s.Updates) }),
		counter("diaoxiao_store_rejected_total", "Updates refused because too many waited.",
			func(s store.Stats) float64 { return float64(s.Rejected) }),
		counter("diaoxiao_store_unknown_total", "Commits of which nobody knows whether they are durable.",
			func(s store.Stats) float64 { return float64(s.Unknown) }),
		counter("diaoxiao_store_commit_seconds_total", "Time spent in committing.",
			func(s store.Stats) float64 { return s.Commit.Seconds() }),
		counter("diaoxiao_store_busy_seconds_total", "Time the writer was at work.",
			func(s store.Stats) float64 { return s.Busy.Seconds() }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_store_waiting",
			Help: "Updates that wait for the writer."},
			func() float64 { return float64(s.Stats().Waiting) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_store_failed",
			Help: "1 while nothing is acknowledged; with SQLite until a restart."},
			func() float64 { return oneIf(s.Ready() != nil) }),
	}
}

// roomFigures are those of the disk.
func roomFigures(r *room) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_disk_free_bytes",
		Help: "Room left where the data folder is; 0 with PostgreSQL."},
		func() float64 { return float64(r.free.Load()) })
}

// certificateFigures are those of the TLS certificate in use.
func certificateFigures(c *certificate) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_certificate_end_seconds",
		Help: "When the TLS certificate ends, in seconds since 1970; missing without TLS."},
		func() float64 { return float64(c.end().Unix()) })
}

// connectionFigures are those of the public listeners.
func connectionFigures(b *peer.Bound) []prometheus.Collector {
	gauge := func(name, help string, f func() int) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return float64(f()) })
	}
	counter := func(name, help string, f func() int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return float64(f()) })
	}
	return []prometheus.Collector{
		gauge("diaoxiao_connections", "Connections of the interface and the console.", b.Open),
		gauge("diaoxiao_connections_limit", "How many there may be.", b.Limit),
		counter("diaoxiao_connections_evicted_total",
			"Connections closed while they waited for a request, to make room for another.", b.Evicted),
		counter("diaoxiao_connections_refused_total", "Connections closed as they came, because there was no room.",
			b.Refused),
	}
}

// logFigures are those of the program's log.
func logFigures(q *logQueue) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "diaoxiao_log_lines_lost_total",
		Help: "Log lines that were lost because the log took none or failed."},
		func() float64 { return float64(q.lost.Load()) })
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// stateNames are the figures that an engine may have, by the names that it gives them.
var stateNames = map[string]struct {
	name, help string
	kind       prometheus.ValueType
}{
	"pool_connections": {"diaoxiao_store_pool_connections",
		"Connections of the pool for reading and verifying.", prometheus.GaugeValue},
	"pool_in_use": {"diaoxiao_store_pool_in_use", "Those in use.", prometheus.GaugeValue},
	"pool_waits_total": {"diaoxiao_store_pool_waits_total", "Times that none was free.",
		prometheus.CounterValue},
	"pool_wait_seconds_total": {"diaoxiao_store_pool_wait_seconds_total", "Time spent in getting one.",
		prometheus.CounterValue},
	"replicated": {"diaoxiao_store_replicated", "1 once synchronous standbys were seen to be named.",
		prometheus.GaugeValue},
}

// stateFigures are those that the engine of s has: none with SQLite.
func stateFigures(s *store.Store) (all []prometheus.Collector) {
	for i, st := range s.Stats().State {
		about, known := stateNames[st.Name]
		if !known {
			continue // the test of the manual would miss it
		}
		value := func() float64 { return s.Stats().State[i].Value }
		if about.kind == prometheus.CounterValue {
			all = append(all, prometheus.NewCounterFunc(prometheus.CounterOpts{Name: about.name, Help: about.help},
				value))
		} else {
			all = append(all, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: about.name, Help: about.help}, value))
		}
	}
	return all
}

func verifierFigures(v *verify.Verifier) []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "diaoxiao_verified_cases_total",
			Help: "Cases verified."},
			func() float64 { n, _ := v.Progress(); return float64(n) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "diaoxiao_verified_entities_total",
			Help: "Entities verified."},
			func() float64 { _, n := v.Progress(); return float64(n) }),
	}
}

func backlogFigures(b *backlog) []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_verifier_backlog_cases",
			Help: "Cases that wait for verification, counted up to 10000."},
			func() float64 { return float64(b.look().cases) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_verifier_oldest_seconds",
			Help: "Age of the oldest case that waits for verification."},
			func() float64 { return b.age(time.Now()).Seconds() }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_verifier_outdated_cases",
			Help: "Cases that an older program verified and that are still to be verified again, counted up to 10000."},
			func() float64 { return float64(b.look().older) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_verifier_stale_cases",
			Help: "Verified cases that are still to be compared with the current register, counted up to 10000."},
			func() float64 { return float64(b.look().stale) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "diaoxiao_verifier_backlog_age_seconds",
			Help: "How long ago the four before were last read from the database."},
			func() float64 { return time.Since(b.look().read).Seconds() }),
	}
}

func (m *metrics) observe(r httpapi.Record) {
	code, _, _ := strings.Cut(r.Codes, ",")
	m.requests.WithLabelValues(string(r.Call), r.Outcome, code).Inc()
	m.seconds.WithLabelValues(string(r.Call)).Observe(r.Duration.Seconds())
	m.bytes.Add(float64(r.Bytes))
	if r.Unread {
		m.unread.Inc()
	}
	if r.Unlogged {
		m.unlogged.Inc()
		m.skipped.Add(1)
	}
	if r.Outcome == string(intake.Accepted) {
		m.entities.Add(float64(r.Items))
	}
}
