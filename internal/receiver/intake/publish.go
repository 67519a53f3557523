package intake

import (
	"time"
)

// PublishRequest (公示申请) is a request to publish a case although no operator has checked its severe findings. The zero
// value: no request waits.
type PublishRequest struct {
	Asked  time.Time
	By     Actor
	Day    string
	Reason string
}
