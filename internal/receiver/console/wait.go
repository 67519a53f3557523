package console

import (
	"fmt"
	"strconv"
	"time"
)

// waitError is the error for whoever has to wait before trying again.
type waitError struct {
	why  string
	wait time.Duration
}

func (e waitError) Error() string { return e.why }

func (e waitError) seconds() int { return int(e.wait.Seconds()) + 1 }

// mustWait is the error for whoever has to wait, which says when to try again.
func (q *request) mustWait(why string, wait time.Duration) error {
	e := waitError{why, wait}
	q.w.Header().Set("Retry-After", strconv.Itoa(e.seconds()))
	return e
}

func retryHint(e waitError) string {
	return fmt.Sprintf("请在%d秒后再试。反复出现请联系系统管理员。", e.seconds())
}
