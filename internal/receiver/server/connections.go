package server

import (
	"context"
	"log/slog"
	"time"

	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/peer"
)

// reservedFiles are the descriptors that connections leave alone: for the database, bodies that are put aside, and the
// operators' listener.
const reservedFiles = 512

// newBound bounds the connections of the public listeners by the settings, and by what the process may open.
func newBound(c *config.Settings) (*peer.Bound, error) {
	proxies, err := c.Proxies()
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

// reportConnections writes to the log, once each time, how many connections were closed for want of room. It returns
// with ctx.
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
			log.Warn("too many connections", "open", b.Open(), "limit", b.Limit(), "evicted", e-evicted, "refused",
				r-refused)
			evicted, refused = e, r
		}
	}
}
