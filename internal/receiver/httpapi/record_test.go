package httpapi_test

import (
	"strings"
	"testing"

	"diaoxiao/api"
)

// Of a login that fails the record names the app, where there is one or could be, and never what may be a secret.
func TestRecordOfFailedLogin(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	unknown := "dx" + strings.Repeat("a", 24)
	for _, c := range []struct {
		what, body, key string
		known           bool
	}{
		{"wrong secret", s.loginWith("appSecret", "x"), s.key, true},
		{"wrong account", s.loginWith("account", s.secret), s.key, true},
		{"another's key", s.loginWith("appKey", unknown), unknown, false},
		{"the secret for the key", s.loginWith("appKey", s.secret), "", false},
		{"a key too long", s.loginWith("appKey", unknown+"a"), "", false},
		{"a key in capitals", s.loginWith("appKey", strings.ToUpper(unknown)), "", false},
	} {
		r := d.record(t, d.post(t, "/security/login", c.body))
		if r.AppKey != c.key || (r.AppID != 0) != c.known || r.Account != "" || r.Codes == "" {
			t.Errorf("%s: %+v", c.what, r)
		}
	}
	d.setApp(t, s, true)
	if r := d.record(t, d.post(t, "/security/login", s.credentials())); r.AppKey != s.key || r.AppID == 0 ||
		r.Account != "" {
		t.Errorf("disabled: %+v", r)
	}
}
