package config

import (
	"strings"
	"testing"
)

// Two listeners of which the second would find its address taken are refused however the address is written; others are
// not.
func TestSameSocket(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"127.0.0.1:8080", "127.0.0.1:8080", true},
		{"127.0.0.1:8080", "localhost:8080", true},
		{"127.0.0.1:8080", "LOCALHOST:8080", true},
		{"[::1]:8080", "localhost:8080", true},
		{"127.0.0.1:8080", "0.0.0.0:8080", true},
		{"127.0.0.1:8080", ":8080", true},
		{"10.0.0.1:8080", "[::]:8080", true},
		{"127.0.0.1:8080", "[::ffff:127.0.0.1]:8080", true},
		{"127.0.0.1:8080", "127.0.0.1:08080", true},
		{"127.0.0.1:8080", "127.0.0.1:9090", false},
		{"127.0.0.1:8080", "127.0.0.2:8080", false},
		{"127.0.0.1:8080", "10.0.0.1:8080", false},
		{"0.0.0.0:8443", "127.0.0.1:9090", false},
		{"127.0.0.1:0", "127.0.0.1:0", false},
		{"127.0.0.1:8080", "off", false},
		{"127.0.0.1:8080", "", false},
	} {
		if sameSocket(c.a, c.b) != c.want || sameSocket(c.b, c.a) != c.want {
			t.Errorf("%s and %s: want %v", c.a, c.b, c.want)
		}
	}
	conf := Defaults()
	conf.OpsListen = "localhost:8080"
	if err := conf.Check(); err == nil || !strings.Contains(err.Error(), "同一地址") {
		t.Errorf("got %v", err)
	}
}

// The page of the registration system is a page of a site, and another one for each firm.
func TestRegistryURL(t *testing.T) {
	for address, ok := range map[string]bool{
		"":                                    true,
		"https://dj.example/q?code={uniscid}": true,
		"http://10.1.2.3/firm/{pripid}":       true,
		"https://dj.example/q":                false,
		"javascript:alert('{uniscid}')":       false,
		"//dj.example/{pripid}":               false,
		"dj.example/{pripid}":                 false,
	} {
		conf := Defaults()
		conf.RegistryURL = address
		if err := conf.Check(); (err == nil) != ok || !ok && !strings.Contains(err.Error(), "registry_url") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
