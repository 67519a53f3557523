package client_test

import (
	"context"
	"testing"

	"diaoxiao/client"
)

func TestNewRefuses(t *testing.T) {
	secret := func(context.Context) (string, error) { return "s", nil }
	for _, address := range []string{"", "host", "ftp://host", "https://", "https://u:p@host", "https://host?a=1", "https://host#a", "http://host", "http://10.1.1.1:80",
		"https://host/security", "https://host/x/security/", "https://host/security/login"} {
		if _, err := client.New(client.Config{URL: address, AppKey: "k", Account: "a", Secret: secret}); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	for _, address := range []string{"https://host", "https://host:8443/gateway/", "http://127.0.0.1:1", "http://localhost", "http://[::1]:1"} {
		if _, err := client.New(client.Config{URL: address, AppKey: "k", Account: "a", Secret: secret}); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := client.New(client.Config{URL: "http://host", PlainHTTP: true, AppKey: "k", Account: "a", Secret: secret}); err != nil {
		t.Error(err)
	}
	for _, c := range []client.Config{{Account: "a", Secret: secret}, {AppKey: "k", Secret: secret}, {AppKey: "k", Account: "a"}} {
		if c.URL = "https://host"; true {
			if _, err := client.New(c); err == nil {
				t.Errorf("%+v is taken", c)
			}
		}
	}
}
