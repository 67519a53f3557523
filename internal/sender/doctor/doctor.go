// Package doctor finds out what stands between a sender and a receiver: settings, proxy, names, network, certificates,
// clocks, and whether what answers is the interface. Each check builds on those before it, so that one cause is told of
// once; what it comes to is in Chinese, with the command or setting that mends it. No case is sent, and the secret goes
// to nobody whose certificate was not verified.
package doctor

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/url"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
)

// Way is the way to one receiver, as the sender has set it up. Anything that is not given is "".
type Way struct {
	URL                      string // {API_ROOT}, read by [api.ParseRoot]
	PlainHTTP                bool   // the sender lets it be plain HTTP
	Profile, AppKey, Account string
	SecretFile, CAFile       string
	SecretShared             bool                // others on this machine can read SecretFile
	CA                       []*x509.Certificate // of CAFile
	Roots                    *x509.CertPool      // nil: those of the system
	Outbox                   string              // folder
	HTTP                     *http.Client        // verifies with Roots

	// Secret asks for the secret; NoSecret is its error where there is none to be had.
	Secret   func(context.Context) (string, error)
	NoSecret error

	// Explain says an error in Chinese, and what to do about it or "".
	Explain func(error) (words, next string)
}

// examination is one look at a way.
type examination struct {
	Way
	all     Checkup
	timeout time.Duration
	root    *url.URL // {API_ROOT}
	proxy   *url.URL // nil: none
	hop     string   // host:port to connect to: the proxy's, or the receiver's
	shown   bool     // requests can be sent, perhaps to somebody else
	trusted bool     // the server is the one it should be
	seen    *probe   // what the interface answered

	client    *client.Client // logged in; nil: not
	exchanges []client.Exchange
	queried   error // what the last question for a case came to
}

// step is one check: it notes what it finds.
type step struct {
	name string
	run  func(context.Context, *Diagnosis)
}

func (x *examination) steps() []step {
	return []step{
		{"配置", x.checkSettings},
		{"代理", x.checkProxy},
		{"DNS", x.checkDNS},
		{"TCP", x.checkTCP},
		{"TLS", x.checkTLS},
		{"时钟", x.checkClock},
		{"接口", x.checkInterface},
		{"凭据", x.checkCredentials},
		{"往返", x.checkRoundTrip},
		{"扩展", x.checkExtensions},
		{"注销", x.checkLogout},
	}
}

// Examine makes every check of a way in turn, each step of which may take as long as timeout, and tells of each as it
// is done; tell may be nil. It may be repeated. An error is tell's, that of ctx, or of a URL that is none; a way that
// does not work is no error.
func Examine(ctx context.Context, way Way, timeout time.Duration, tell func(*Diagnosis) error) (*Checkup, error) {
	root, err := url.Parse(way.URL)
	if err != nil {
		return nil, err
	}
	x := &examination{
		Way:     way,
		timeout: timeout,
		root:    root,
		all:     Checkup{URL: way.URL, Profile: way.Profile, Account: way.Account},
	}
	for i, s := range x.steps() {
		found := &Diagnosis{No: i + 1, Name: s.name, Standing: Fine}
		began := time.Now()
		s.run(ctx, found)
		found.Millis = millis(time.Since(began))
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		x.all.Checks = append(x.all.Checks, found)
		if tell == nil {
			continue
		}
		if err := tell(found); err != nil {
			return nil, err
		}
	}
	x.all.Worst = x.all.worst()
	return &x.all, nil
}

// of is how a check before came out.
func (x *examination) of(name string) Standing {
	for _, found := range x.all.Checks {
		if found.Name == name {
			return found.Standing
		}
	}
	return Unchecked
}

// broke names the first of the checks before that has failed or was not made.
func (x *examination) broke(names ...string) (string, bool) {
	for _, name := range names {
		if s := x.of(name); s == Broken || s == Unchecked {
			return name, true
		}
	}
	return "", false
}

// endpoint is the address of a call.
func (x *examination) endpoint(c api.Call) string { return x.URL + c.Path() }

// words says an error in Chinese.
func (x *examination) words(err error) string {
	words, _ := x.Explain(err)
	return words
}

// next is what to do about an error, "" if that is not known.
func (x *examination) next(err error) string {
	_, next := x.Explain(err)
	return next
}
