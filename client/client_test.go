package client_test

import (
	"context"
	"testing"

	"diaoxiao/client"
)

func TestNewRefuses(t *testing.T) {
	secret := func(context.Context) (string, error) { return "s", nil }
	for address, plain := range map[string]bool{"": true, "https://host/security/login": true, "http://host": false} {
		if _, err := client.New(client.Config{
			URL:       address,
			PlainHTTP: plain,
			AppKey:    "k",
			Account:   "a",
			Secret:    secret,
		}); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	for address, plain := range map[string]bool{
		"https://host:8443/gateway/": false,
		"http://127.0.0.1:1":         false,
		"http://host":                true,
	} {
		if _, err := client.New(client.Config{
			URL:       address,
			PlainHTTP: plain,
			AppKey:    "k",
			Account:   "a",
			Secret:    secret,
		}); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, c := range []client.Config{
		{Account: "a", Secret: secret},
		{AppKey: "k", Secret: secret},
		{AppKey: "k", Account: "a"},
	} {
		if c.URL = "https://host"; true {
			if _, err := client.New(c); err == nil {
				t.Errorf("%+v is taken", c)
			}
		}
	}
}
