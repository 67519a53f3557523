package cli

import (
	"context"
	"fmt"
	"time"

	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
)

// failedLogin records an exchange of the login before the first case, and reports whether x was one.
func (p *submitPrinter) failedLogin(x client.Exchange) bool {
	if !p.loggingIn.Load() {
		return false
	}
	p.attempt, p.why = x.Attempt, fmt.Sprintf("HTTP %d %s", x.Status, x.Codes)
	if x.Err != nil {
		p.why = senderSpeaker().Words(x.Err)
	}
	return true
}

// wait is the sleep of the client. During the login it prints why the user has to wait.
func (p *submitPrinter) wait(ctx context.Context, d time.Duration) error {
	if p.loggingIn.Load() && !p.asJSON {
		fmt.Fprintf(p.errw, "接收方：%s，第 %d 次，%.1f 秒后再试；Ctrl-C 结束\n", display.Plain(p.why), p.attempt, d.Seconds())
	}
	return cli.Sleep(ctx, d)
}
