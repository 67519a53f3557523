package server

import (
	"context"
	"log/slog"
	"time"

	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/peer"
)

// reservedFiles is the number of descriptors that connections must leave free: for the database, for bodies in files,
// and for the operators' listener.
const reservedFiles = 512

// newBound limits the connections of the public listeners by the settings, and by the number of files that the process
// may open.
func newBound(c *config.Settings) (*peer.Bound, error) {
	proxies, err := c.Proxies()
	if err != nil {
		return nil, err
	}
	return peer.NewBound(withinFiles(c.MaxConnections, openFiles()), c.MaxConnectionsPerSource, proxies), nil
}

// withinFiles is the number of connections, at most most, that a limit of open files allows; files is 0 where the limit
// is not known.
func withinFiles(most int, files uint64) int {
	if files == 0 {
		return most
	}
	free := files - min(reservedFiles, files/2)
	return int(min(uint64(most), max(free, 1)))
}

// reportConnections logs at each interval how many connections were closed because there were too many, if any were. It
// returns when ctx ends.
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
