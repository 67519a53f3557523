// Package receivertest is a sender for the tests of the receiver: it speaks plain HTTP to a server, without the client
// of the sender's side, so that a test sees every answer as it came.
package receivertest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/sandbox"
)

// Account is the account that the apps of a Sender have.
const Account = "演示经办人"

// Sender sends requests to the server at Base, once admitted as App and under Token.
type Sender struct {
	Base  string
	App   intake.Credentials
	Token string
}

// direct uses no proxy: the server is on this machine.
var direct = &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}

// CloseIdleConnections closes the connections of all Senders that wait for a request.
func CloseIdleConnections() { direct.CloseIdleConnections() }

// Admit creates an app of that name at the desk of the server and logs in as it.
func (s *Sender) Admit(t *testing.T, desk *intake.Desk, name string) {
	t.Helper()
	var err error
	s.App, err = desk.CreateApp(t.Context(), intake.Actor("cli:test"),
		intake.AppSpec{Name: name, Accounts: []string{Account}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Call(t.Context(), api.Login, "", LoginBody(s.App))
	if err != nil {
		t.Fatal(err)
	}
	s.Token = a.Token
}

// Receive sends a body that must be accepted and returns its acceptid.
func (s *Sender) Receive(t *testing.T, body []byte) string {
	t.Helper()
	a, err := s.Call(t.Context(), api.Receive, s.Token, body)
	if err != nil {
		t.Fatal(err)
	}
	return a.AcceptID
}

// Call is Exchange for requests that must succeed.
func (s *Sender) Call(ctx context.Context, c api.Call, token string, body []byte) (api.Answer, error) {
	a, err := s.Exchange(ctx, c, token, body)
	if err == nil && len(a.Problems) > 0 {
		err = fmt.Errorf("%s: %s %s", c, a.Ack(), api.CodeList(a.Problems))
	}
	return a, err
}

// Exchange sends one request and returns its answer.
func (s *Sender) Exchange(ctx context.Context, c api.Call, token string, body []byte) (a api.Answer, err error) {
	url := s.Base + c.Path()
	if token != "" {
		url += "?access_token=" + token
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := direct.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	return api.ReadAnswer(text, c)
}

// CaseBody is the body of a request that reports a case.
func CaseBody(c api.Case) []byte { return sandbox.CaseBody(c) }

// LoginBody is the body of a request that logs in as Account.
func LoginBody(c intake.Credentials) []byte {
	return fmt.Appendf(nil, `{"appKey":%q,"appSecret":%q,"account":%q}`, c.AppKey, c.AppSecret, Account)
}
