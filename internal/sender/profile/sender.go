package profile

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
)

// Sender is one receiver and the account there, ready for calls.
type Sender struct {
	Profile              string // "" when everything was given by flags
	URL, AppKey, Account string
	Secret               func(context.Context) (string, error)
	HTTP                 *http.Client
	Outbox               string // folder
	Receipts             string // file of the trust policy that receipts are verified by; "": none are asked for
	settings             Profile
	Authorities          []*x509.Certificate // that the settings name
	Roots                *x509.CertPool      // nil: the system's
}

// New makes ready to speak to the receiver of the profile that is called name. It refuses an address or a certificate
// that cannot be used; the profile may lack the account, which a diagnosis does without.
func New(name string, p Profile, secret *Secret) (*Sender, error) {
	address, err := ParseRoot(p.URL, p.PlainHTTP)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	authorities, err := ReadAuthorities(p.CAFile)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	roots := rootsWith(authorities)
	s := &Sender{
		Profile:     name,
		URL:         address,
		AppKey:      p.AppKey,
		Account:     p.Account,
		HTTP:        client.NewHTTP(roots),
		Outbox:      p.Outbox,
		Receipts:    p.Receipts,
		settings:    p,
		Authorities: authorities,
		Roots:       roots,
	}
	s.Secret = secret.Read
	return s, nil
}

// ParseRoot reads an {API_ROOT} and returns it without a closing slash.
func ParseRoot(address string, plainHTTP bool) (string, error) {
	root, err := api.ParseRoot(address, plainHTTP)
	if err == nil {
		return root.String(), nil
	}
	err = fmt.Errorf("地址 %q：%w", display.Address(address), err)
	if errors.Is(err, api.ErrPlainHTTP) {
		err = explain.WithStep(err, "若专线已加密，在接入配置中写 plain_http = true")
	}
	return "", err
}

// Client returns a client of the receiver; change may be nil.
func (s *Sender) Client(change func(*client.Config)) (*client.Client, error) {
	conf := client.Config{
		URL:       s.URL,
		AppKey:    s.AppKey,
		Account:   s.Account,
		Secret:    s.Secret,
		HTTP:      s.HTTP,
		PlainHTTP: s.settings.PlainHTTP,
	}
	if change != nil {
		change(&conf)
	}
	c, err := client.New(conf)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	return c, nil
}
