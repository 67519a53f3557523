package postgres

import (
	"net"
	"time"
)

// silence is how long a server may leave unanswered what the network should have brought it, before its connection
// counts as lost.
const silence = 10 * time.Second

// dialer makes connections that notice when the network is gone, whether something was sent or an answer is waited for:
// without it a call hangs for a quarter of an hour.
func dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silence / 2, Interval: silence / 4, Count: 2},
		Control:         boundSilence,
	}
}
