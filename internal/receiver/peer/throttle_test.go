package peer_test

import (
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"diaoxiao/internal/receiver/peer"
)

// Failures that were under way together count as a burst, not one after the other: the source waits seconds, not hours.
func TestThrottleDoesNotAddUp(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	th := peer.NewThrottle(func() time.Time { return now })
	office := netip.MustParseAddr("192.0.2.7")
	for range 19 {
		th.Failed(office)
	}
	if w := th.Wait(office); w != 0 {
		t.Errorf("19 failures: wait %s", w)
	}
	for range 2000 {
		th.Failed(office)
	}
	if w := th.Wait(office); w <= 0 || w > 6*time.Second {
		t.Errorf("2,019 failures at once: wait %s", w)
	}
	now = now.Add(6 * time.Second)
	if w := th.Wait(office); w != 0 {
		t.Errorf("6 seconds later: wait %s", w)
	}
	th.Failed(office)
	if w := th.Wait(office); w <= 0 || w > 6*time.Second {
		t.Errorf("one more failure: wait %s", w)
	}
}

// The zone of an address in X-Forwarded-For is free text; it is no part of the source.
func TestSourceHasNoZone(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "127.0.0.1:5"
	r.Header.Set("X-Forwarded-For", "fe80::1%evil zone \u202e")
	got := peer.Source(r, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	if got.String() != "fe80::1" {
		t.Errorf("source %q", got)
	}
}
