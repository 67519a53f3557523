package intake

import (
	"sync"
	"time"
)

// deadTokens remembers under which dead token the last attempt was recorded, and when: each leaves one in a minute,
// however often it comes. Attempts are kept for ever, and a token that has ended is in the hands of nobody knows whom.
type deadTokens struct {
	mu   sync.Mutex
	last map[TokenHash]deadAttempt
}

type deadAttempt struct {
	minute  int64
	request string
}

// maxDead bounds the memory of deadTokens.
const maxDead = 4096

// first reports whether an attempt is the first of its minute under a token. It says the same of one request again: a
// transaction may run twice.
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
