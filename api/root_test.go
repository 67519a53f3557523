package api_test

import (
	"errors"
	"testing"

	"diaoxiao/api"
)

func TestParseRoot(t *testing.T) {
	const (
		shape    = "应为 https://主机[:端口][/前缀]，即文档中的 {API_ROOT}"
		extra    = "不得带用户名、? 或 #"
		security = "{API_ROOT} 不含 /security 及其后的部分，应为 "
	)
	for _, c := range []struct {
		text string
		want string // the root, or the error
	}{
		{"https://host", "https://host"},
		{"HTTPS://host:8443/", "https://host:8443"},
		{"https://host/gateway//", "https://host/gateway"},
		{"https://host/a%2Fb/", "https://host/a%2Fb"},
		{"https://host/网关", "https://host/%E7%BD%91%E5%85%B3"},
		{"https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"},
		{"http://127.0.0.1:1", "http://127.0.0.1:1"},
		{"http://localhost", "http://localhost"},
		{"http://[::1]:1/x", "http://[::1]:1/x"},

		{"", shape},
		{"host", shape},
		{"host:8443", shape},
		{"ftp://host", shape},
		{"https://", shape},
		{"https://:8443", shape},
		{"https:host", shape},
		{"https://host:x", shape},
		{"https://host/%zz", shape},
		{"https://u:geheim@host", extra},
		{"https://u@host", extra},
		{"https://host?a=1", extra},
		{"https://host?", extra},
		{"https://host#a", extra},
		{"https://host/x#", extra},
		{"https://u:geheim@host:x", shape},
		{"https://u:geheim@host/security", extra},

		{"https://host/securityhub", "https://host/securityhub"},
		{"https://host/securityhub/v1", "https://host/securityhub/v1"},
		{"https://host/x-security", "https://host/x-security"},
		{"https://security/", "https://security"},
		{"https://host/security", security + "https://host"},
		{"https://host/x/security/", security + "https://host/x"},
		{"https://host/security/login", security + "https://host"},
		{"https://host/securityhub/security/receiveCaseinfo/", security + "https://host/securityhub"},
	} {
		u, err := api.ParseRoot(c.text, false)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = u.String()
		}
		if got != c.want {
			t.Errorf("%q: %s; want %s", c.text, got, c.want)
		}
	}
}

// Plain HTTP to another machine is what somebody must have asked for; nothing else comes with it.
func TestParseRootPlain(t *testing.T) {
	for _, text := range []string{
		"http://host", "http://10.1.1.1:80/x", "http://127.0.0.1.example", "http://localhost.example",
	} {
		if u, err := api.ParseRoot(text, false); !errors.Is(err, api.ErrPlainHTTP) {
			t.Errorf("%q: %v, %v", text, u, err)
		}
		if u, err := api.ParseRoot(text, true); err != nil || u.String() != text {
			t.Errorf("%q: %v, %v", text, u, err)
		}
	}
	if u, err := api.ParseRoot("http://host/security", true); err == nil {
		t.Errorf("taken as %s", u)
	}
}
