package main

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

// sender is one receiver and who we are there, ready to be spoken to.
type sender struct {
	Profile              string // "" when everything was given by flags
	URL, AppKey, Account string
	Secret               func(context.Context) (string, error)
	HTTP                 *http.Client
	Outbox               string // folder
	settings             profile
	authorities          []*x509.Certificate // that the settings name
	roots                *x509.CertPool      // nil: the system's
}

// newSender makes ready to speak to the receiver of the profile that is called name. It refuses an address or a certificate that
// cannot be used; the profile may lack who we are, which a diagnosis does without.
func newSender(name string, p profile, secret *secret) (*sender, error) {
	address, err := parseRoot(p.URL, p.PlainHTTP)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	authorities, err := readAuthorities(p.CAFile)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	roots := rootsWith(authorities)
	s := &sender{Profile: name, URL: address, AppKey: p.AppKey, Account: p.Account, HTTP: client.NewHTTP(roots), Outbox: p.Outbox, settings: p,
		authorities: authorities, roots: roots}
	s.Secret = secret.read
	return s, nil
}

// parseRoot reads an {API_ROOT} and returns it without a closing slash.
func parseRoot(address string, plainHTTP bool) (string, error) {
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

// client returns a client of the receiver; change may be nil.
func (s *sender) client(change func(*client.Config)) (*client.Client, error) {
	conf := client.Config{URL: s.URL, AppKey: s.AppKey, Account: s.Account, Secret: s.Secret, HTTP: s.HTTP, PlainHTTP: s.settings.PlainHTTP}
	if change != nil {
		change(&conf)
	}
	c, err := client.New(conf)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	return c, nil
}
