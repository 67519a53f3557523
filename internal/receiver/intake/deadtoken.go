package intake

import (
	"sync"
	"time"
)

// deadTokens remembers, for each dead token, when its last attempt was recorded. A dead token leaves at most one
// attempt a minute, however often it comes: attempts are stored for ever, and anybody may have a token that has ended.
type deadTokens struct {
	mu   sync.Mutex
	last map[TokenHash]deadAttempt
}

type deadAttempt struct {
	minute  int64
	request string
}

// maxDead limits the memory of deadTokens.
const maxDead = 4096

// first reports whether an attempt is the first of its minute under a token. It gives the same answer again for the
// same request, because a transaction may run twice.
func (d *deadTokens) first(t TokenHash, now time.Time, request string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := deadAttempt{now.Unix() / 60, request}
	if before, known := d.last[t]; known && before.minute == a.minute {
		return before.request == request
	}
	if d.last == nil || len(d.last) >= maxDead {
		d.last = make(map[TokenHash]deadAttempt)
	}
	d.last[t] = a
	return true
}
