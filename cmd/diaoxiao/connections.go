package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"diaoxiao/internal/peer"
)

// reservedFiles are the descriptors that connections leave alone: for the database, bodies that are put aside, and the
// operators' listener.
const reservedFiles = 512

// newBound bounds the connections of the public listeners by the settings, and by what the process may open.
func (c *config) newBound() (*peer.Bound, error) {
	proxies, err := c.proxies()
	if err != nil {
		return nil, err
	}
	return peer.NewBound(withinFiles(c.MaxConnections, openFiles()), c.MaxConnectionsPerSource, proxies), nil
}

// withinFiles is how many connections there may be where so many files may be open, 0: nobody knows.
func withinFiles(most int, files uint64) int {
	if files == 0 {
		return most
	}
	free := files - min(reservedFiles, files/2)
	return int(min(uint64(most), max(free, 1)))
}

// connectionFigures are those of the public listeners.
func connectionFigures(b *peer.Bound) []prometheus.Collector {
	gauge := func(name, help string, f func() int) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(f()) })
	}
	counter := func(name, help string, f func() int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(f()) })
	}
	return []prometheus.Collector{
		gauge("diaoxiao_connections", "Connections of the interface and the console.", b.Open),
		gauge("diaoxiao_connections_limit", "How many there may be.", b.Limit),
		counter("diaoxiao_connections_evicted_total", "Connections closed while they waited for a request, to make room for another.", b.Evicted),
		counter("diaoxiao_connections_refused_total", "Connections closed as they came, because there was no room.", b.Refused),
	}
}

// reportConnections writes to the log, once each time, how many connections were closed for want of room. It returns with ctx.
func reportConnections(ctx context.Context, log *slog.Logger, every time.Duration, b *peer.Bound) {
	t := time.NewTicker(every)
	defer t.Stop()
	var evicted, refused int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if e, r := b.Evicted(), b.Refused(); e > evicted || r > refused {
			log.Warn("too many connections", "open", b.Open(), "limit", b.Limit(), "evicted", e-evicted, "refused", r-refused)
			evicted, refused = e, r
		}
	}
}
