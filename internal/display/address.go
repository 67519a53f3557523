package display

import (
	"net/url"
	"regexp"
)

var passwordIn = regexp.MustCompile(`(//[^/?#:@]*):[^@]*@`)

// Address is a URL without its password, also where it is not well formed.
func Address(address string) string {
	shown := passwordIn.ReplaceAllString(address, "$1:***@")
	u, err := url.Parse(shown)
	if err != nil || !u.Query().Has("password") {
		return shown
	}
	q := u.Query()
	q.Set("password", "***")
	u.RawQuery = q.Encode()
	return u.String()
}
