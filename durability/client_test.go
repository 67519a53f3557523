//go:build linux

package durability

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Codes that the scenarios look for.
const (
	invalidToken = "13000"
	conflict     = "19005"
	tooMany      = "19008"
	unavailable  = "19009"
	noSuchCase   = "19013"
)

// credentials are what `app create --json` prints.
type credentials struct {
	AppKey    string   `json:"appKey"`
	AppSecret string   `json:"appSecret"`
	Accounts  []string `json:"accounts"`
}

// client is one sender with its session.
type client struct {
	http  http.Client
	addr  string
	token string
}

func newClient(addr, token string) *client {
	return &client{
		http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 2 * time.Minute},
		addr,
		token,
	}
}

// reply is an answer. The zero Status means that none arrived: the outcome is unknown.
type reply struct {
	Status   int
	Ack      string
	Code     string // of the first error
	AcceptID string
	Token    string
	State    string

	RetryAfter string // the header
}

// success is an acknowledgement as a sender reads it.
func (r reply) success() bool { return r.Status == http.StatusOK && r.Ack == "SUCCESS" }

// call makes one call of the interface.
func (c *client) call(name string, body []byte) reply {
	u := url.URL{Scheme: "http", Host: c.addr, Path: "/security/" + name}
	if name != "login" {
		u.RawQuery = url.Values{"access_token": {c.token}}.Encode()
	}
	res, err := c.http.Post(u.String(), "application/json", bytes.NewReader(body))
	if err != nil {
		return reply{}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}
	}
	r := readReply(res.StatusCode, b)
	r.RetryAfter = res.Header.Get("Retry-After")
	return r
}

func readReply(status int, b []byte) reply {
	var v struct {
		AckCode     string
		AccessToken string
		AcceptID    string
		State       string
		Errors      []struct{ ErrorCode string }
	}
	if json.Unmarshal(b, &v) != nil {
		return reply{}
	}
	r := reply{Status: status, Ack: v.AckCode, AcceptID: v.AcceptID, Token: v.AccessToken, State: v.State}
	if len(v.Errors) > 0 {
		r.Code = v.Errors[0].ErrorCode
	}
	return r
}

func (c *client) submit(body []byte) reply { return c.call("receiveCaseinfo", body) }

func (c *client) query(caseID string) reply {
	b, _ := json.Marshal(map[string]string{"caseid": caseID}) // of a string
	return c.call("queryCaseinfo", b)
}

// login opens a session and keeps its token; a login that fails leaves the one there was.
func (c *client) login(cr credentials) reply {
	// of strings
	b, _ := json.Marshal(map[string]string{"appKey": cr.AppKey, "appSecret": cr.AppSecret, "account": cr.Accounts[0]})
	r := c.call("login", b)
	if r.success() {
		c.token = r.Token
	}
	return r
}

func (c *client) logout() reply { return c.call("logout", []byte("{}")) }

func (c *client) close() { c.http.CloseIdleConnections() }
