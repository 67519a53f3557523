package httpapi

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// errOver ends a body that is longer than allowed.
var errOver = errors.New("body too large")

// arrival reads a large body as it arrives. The connection's deadlines move on as long as bytes keep coming at minRate,
// so that a slow line is served and a sender that only holds the connection is not.
type arrival struct {
	e     *exchange
	max   int64
	n     int64
	began time.Time
	armed time.Time
	over  bool
	err   error // why the body did not arrive, if it did not
}

func newArrival(e *exchange, most int64) *arrival {
	return &arrival{e: e, max: most, began: time.Now()}
}

func (a *arrival) Read(p []byte) (int, error) {
	if a.over = a.over || a.e.r.ContentLength > a.max; a.over {
		return 0, errOver
	}
	if now := time.Now(); now.Sub(a.armed) > time.Second && !a.evicted() {
		a.arm(now)
	}
	n, err := a.e.r.Body.Read(p)
	if a.n += int64(n); a.n > a.max {
		a.over = true
		return 0, errOver
	}
	if err != nil && err != io.EOF {
		a.err = err
	}
	return n, err
}

// evicted reports whether the body has lost its slot, and with it the time to arrive.
func (a *arrival) evicted() bool { return a.e.on != nil && a.e.on.evicted.Load() }

// arm moves the deadlines: half a minute from now, but not past what minRate allows since the beginning.
func (a *arrival) arm(now time.Time) {
	a.armed = now
	paced := a.began.Add(readTimeout + time.Duration(a.n)*time.Second/minRate)
	read := now.Add(readTimeout)
	if paced.Before(read) {
		read = paced
	}
	a.e.deadline(read, read.Add(writeTimeout))
}

// rearm gives the answer its own time.
func (a *arrival) rearm() {
	now := time.Now()
	a.e.deadline(now.Add(readTimeout), now.Add(writeTimeout))
}

func megabytes(n int64) string { return fmt.Sprintf("%gMiB", float64(n)/(1<<20)) }
