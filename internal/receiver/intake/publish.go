package intake

import (
	"time"
)

// PublishRequest (公示申请) asks for the publication of a case whose severe findings nobody has checked. The zero value:
// none waits.
type PublishRequest struct {
	Asked  time.Time
	By     Actor
	Day    string
	Reason string
}
