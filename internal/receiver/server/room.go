package server

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"diaoxiao/internal/diskroom"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/config"
)

// lookForRoom is the time between two readings of the room on the disk.
const lookForRoom = time.Second

// room follows how much room is left on the disk of the data folder. Below the reserve the server records no calls, so
// that the rest is for cases. With PostgreSQL the room is not known, and calls are always recorded.
type room struct {
	dir     string // "" with PostgreSQL
	reserve uint64
	free    atomic.Uint64
	low     atomic.Bool
}

func newRoom(conf config.Settings) *room {
	r := &room{reserve: uint64(conf.DiskReserve)}
	if conf.Database == "" {
		r.dir = conf.Data
		r.look()
	}
	return r
}

// look reads how much room there is, and reports whether it became low or became enough.
func (r *room) look() (changed bool) {
	free, err := diskroom.Free(r.dir)
	if err != nil {
		return false
	}
	r.free.Store(free)
	low := free < r.reserve
	return r.low.Swap(low) != low
}

// watchRoom holds back the calls of s while the disk has less room than the reserve, until ctx ends.
func (s *Server) watchRoom(ctx context.Context) {
	if s.room.dir == "" {
		return
	}
	t := time.NewTicker(lookForRoom)
	defer t.Stop()
	s.holdCalls(s.room.low.Load())
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if s.room.look() {
				s.holdCalls(s.room.low.Load())
			}
		}
	}
}

// holdCalls stops or resumes the recording of calls, and says so in the log.
func (s *Server) holdCalls(low bool) {
	s.calls.Pause(low)
	free := s.room.free.Load()
	if low {
		s.Log.Warn("disk has less room than the reserve: calls are not recorded, cases are", "free", free, "reserve",
			s.room.reserve)
	} else {
		s.Log.Info("disk has room", "free", free, "reserve", s.room.reserve)
	}
}

// words says to an operator how much room there is; "" where nothing is known.
func (r *room) words() string {
	if r.dir == "" {
		return ""
	}
	text := fmt.Sprintf("%s MiB", display.Count(int64(r.free.Load()>>20)))
	if r.low.Load() {
		text += fmt.Sprintf("，少于预留的%s MiB：不再记录调用，案件照常受理；请尽快腾出空间", display.Count(int64(r.reserve>>20)))
	}
	return text
}
