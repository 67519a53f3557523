package httpapi_test

import (
	"fmt"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/httpapi"
)

// behindProxy believes the X-Forwarded-For of the test's own client.
func behindProxy(c *httpapi.Config) {
	c.Proxies = []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"),
		netip.MustParsePrefix("10.1.0.0/16"),
		netip.MustParsePrefix("fd00::/8"),
	}
}

// guess fails to log in, from a source, n times and returns the last answer.
func (s *sender) guess(t tester, n int, from string) (a answer) {
	t.Helper()
	for i := range n {
		a = s.d.post(t, "/security/login", s.loginWith("appSecret", fmt.Sprint("guess", i)), "X-Forwarded-For", from)
	}
	return a
}

func (s *sender) loginFrom(t tester, from string) answer {
	t.Helper()
	a := s.d.post(t, "/security/login", s.credentials(), "X-Forwarded-For", from)
	s.d.secret(a.Token)
	return a
}

// Guessing is slowed down, for its source only: the app is never locked.
func TestThrottle(t *testing.T) {
	d := openDoor(t, behindProxy)
	s := d.app(t, api.All)
	a := s.guess(t, 1000, "192.0.2.7")
	wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if a.Status != 429 || a.codes() != "19008" || err != nil || wait < 1 || wait > 60 {
		t.Errorf("the thousandth: %d, Retry-After %q, %s", a.Status, a.Header.Get("Retry-After"), a.Body)
	}
	if a := s.loginFrom(t, "192.0.2.7"); a.Status != 429 || a.Token != "" {
		t.Errorf("with the right secret from there: %d %s", a.Status, a.Body)
	}
	d.wait(time.Duration(wait) * time.Second)
	if a := s.loginFrom(t, "192.0.2.7"); a.codes() != "SUCCESS" {
		t.Errorf("from there, after Retry-After: %d %s", a.Status, a.Body)
	}
	if a := s.loginFrom(t, "192.0.2.8"); a.codes() != "SUCCESS" {
		t.Errorf("from another source: %d %s", a.Status, a.Body)
	}
	if r := d.record(t, a); r.Source != "192.0.2.7" {
		t.Errorf("%+v", r)
	}
}

// A sender whose settings are wrong for a moment is not locked out, nor one that logs in often.
func TestThrottleSparesSenders(t *testing.T) {
	d := openDoor(t, behindProxy)
	s := d.app(t, api.All)
	if a := s.guess(t, 15, "192.0.2.7"); a.codes() != "12004" {
		t.Errorf("the fifteenth: %s", a.Body)
	}
	for range 200 {
		if a := s.loginFrom(t, "192.0.2.7"); a.codes() != "SUCCESS" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
}

// One source is an IPv4 address in either form, the /64 of an IPv6 address.
func TestSources(t *testing.T) {
	d := openDoor(t, behindProxy)
	s := d.app(t, api.All)
	s.guess(t, 40, "192.0.2.7")
	s.guess(t, 40, "2001:db8:1:2::7")
	for from, free := range map[string]bool{
		"192.0.2.7": false, "::ffff:192.0.2.7": false, "192.0.2.6": true, " 192.0.2.7 ": false,
		"2001:db8:1:2::8": false, "2001:db8:1:2:ffff::1": false, "2001:db8:1:3::7": true,
		"198.51.100.1, 192.0.2.7": false, "192.0.2.7, 198.51.100.1": true, // only the last hop was written by the proxy
		"198.51.100.1, 192.0.2.7, 10.1.2.3": false, "192.0.2.7, 198.51.100.1, 10.1.2.3, fd00::1": true,
		"garbage, 192.0.2.7": false, "192.0.2.7, garbage": true,
	} {
		if a := s.loginFrom(t, from); (a.codes() == "SUCCESS") != free {
			t.Errorf("%s: %d %s", from, a.Status, a.Body)
		}
	}
}

// X-Forwarded-For of one that is no proxy is ignored.
func TestForwardedByNoProxy(t *testing.T) {
	for name, change := range map[string]func(*httpapi.Config){
		"no proxies":    func(*httpapi.Config) {},
		"other proxies": func(c *httpapi.Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")} },
	} {
		d := openDoor(t, change)
		s := d.app(t, api.All)
		var a answer
		for i := range 60 {
			a = s.guess(t, 1, fmt.Sprintf("192.0.2.%d", i))
		}
		if r := d.record(t, a); a.Status != 429 || r.Source != "127.0.0.1" {
			t.Errorf("%s: %d, source %s", name, a.Status, r.Source)
		}
		if a := s.loginFrom(t, "198.51.100.9"); a.Status != 429 {
			t.Errorf("%s: a made-up source is let in: %s", name, a.Body)
		}
	}
}
