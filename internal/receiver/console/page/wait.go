package page

import (
	"fmt"
	"strconv"
	"time"
)

// WaitError is the error for whoever has to wait before trying again.
type WaitError struct {
	why  string
	wait time.Duration
}

func (e WaitError) Error() string { return e.why }

func (e WaitError) seconds() int { return int(e.wait.Seconds()) + 1 }

// MustWait is the error for whoever has to wait, which says when to try again.
func (q *Request) MustWait(why string, wait time.Duration) error {
	e := WaitError{why, wait}
	q.w.Header().Set("Retry-After", strconv.Itoa(e.seconds()))
	return e
}

func retryHint(e WaitError) string {
	return fmt.Sprintf("请在%d秒后再试。反复出现请联系系统管理员。", e.seconds())
}
