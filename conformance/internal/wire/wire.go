// Package wire carries the requests of conformance checks over real HTTP, as malformed as a check wants them, and shows
// requests and answers to people without their secrets.
package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"diaoxiao/api"
)

// Request is one request, as malformed as a check wants it. Zero fields: POST, application/json.
type Request struct {
	Method string
	Call   api.Call
	Path   string   // in place of the path of call
	Token  string   // put into the query as access_token
	Query  string   // raw, after the token
	Header []string // name, value, …; a name with "" is left out
	Body   []byte
	Raw    string // in place of all: the text to send, with {target} for path and query, {host} for the host
}

// Wire carries requests to the target. It follows no redirect, keeps no cookie and reads no environment.
type Wire struct {
	Base *url.URL
	HTTP *http.Client
	once *http.Client // a connection for each request
	tls  *tls.Config

	Sent    atomic.Int64 // requests
	closes  bool         // the target closes connections after an answer and does not say so
	dropped atomic.Int64 // connections that turned out to be closed
	apart   atomic.Bool  // each request gets a connection of its own from now on
}

// answerTimeout is how long an answer may take to begin.
const answerTimeout = 60 * time.Second

// MaxAnswer is how many bytes of an answer are read.
const MaxAnswer = 4 << 20

// New is a wire to base, which trusts roots; the roots of the system where it is nil.
func New(base *url.URL, roots *x509.CertPool) *Wire {
	conf := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return &Wire{Base: base, tls: conf, HTTP: newClient(conf, false), once: newClient(conf, true)}
}

func newClient(conf *tls.Config, apart bool) *http.Client {
	return &http.Client{
		Timeout:       10 * time.Minute, // a large body may take its time
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			TLSClientConfig:       conf,
			TLSHandshakeTimeout:   10 * time.Second,
			DisableCompression:    true,
			ResponseHeaderTimeout: answerTimeout,
			MaxIdleConnsPerHost:   8,
			IdleConnTimeout:       5 * time.Second,
			DisableKeepAlives:     apart,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		},
	}
}

// target is the path and query of a request.
func (w *Wire) target(r Request) string {
	path := r.Path
	if path == "" {
		path = r.Call.Path()
	}
	q := r.Query
	if r.Token != "" {
		q = strings.TrimRight("access_token="+r.Token+"&"+r.Query, "&")
	}
	if q != "" {
		path += "?" + q
	}
	return w.Base.EscapedPath() + path
}

func (r Request) verb() string {
	if r.Method == "" {
		return http.MethodPost
	}
	return r.Method
}

// head are the header fields that are sent.
func (r Request) head() http.Header {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(r.Header); i += 2 {
		switch name, value := http.CanonicalHeaderKey(r.Header[i]), r.Header[i+1]; {
		case value == "":
			h.Del(name)
		case name == "Content-Type":
			h.Set(name, value)
		default:
			h.Add(name, value)
		}
	}
	return h
}

// Do sends r and reads the whole answer. An error means that there was none; it names no URL. A target that closes a
// connection after an answer, without a word, gets the request again on a fresh one: what it loses is the connection,
// not the request.
func (w *Wire) Do(ctx context.Context, r Request) (status int, header http.Header, body []byte, err error) {
	w.Sent.Add(1)
	if r.Raw != "" {
		return w.doRaw(ctx, r)
	}
	if w.apart.Load() {
		return w.with(ctx, w.once, r)
	}
	used := false
	status, header, body, err = w.with(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) { used = i.Reused }}), w.HTTP, r)
	if err == nil || !used || ctx.Err() != nil || !wasClosed(err) {
		return status, header, body, err
	}
	w.dropped.Add(1)
	w.apart.Store(true)
	return w.with(ctx, w.once, r)
}

// wasClosed reports whether a connection was closed before any of an answer came. The last of these errors has no
// name in net/http.
func wasClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		strings.Contains(err.Error(), "server closed idle connection")
}

// with sends r by a client.
func (w *Wire) with(
	ctx context.Context,
	c *http.Client,
	r Request,
) (status int, header http.Header, body []byte, err error) {
	req, err := http.NewRequestWithContext(
		ctx,
		r.verb(),
		w.Base.Scheme+"://"+w.Base.Host+w.target(r),
		bytes.NewReader(r.Body),
	)
	if err != nil {
		return 0, nil, nil, withoutURL(err)
	}
	req.Header = r.head()
	req.Header.Set("User-Agent", "diaoxiao-conformance")
	return readAnswer(c.Do(req))
}

func (w *Wire) doRaw(ctx context.Context, r Request) (int, http.Header, []byte, error) {
	c, err := w.dial(ctx)
	if err != nil {
		return 0, nil, nil, err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(answerTimeout))
	if _, err := io.WriteString(c, w.fill(r)); err != nil {
		return 0, nil, nil, err
	}
	return readAnswer(http.ReadResponse(bufio.NewReader(c), nil))
}

func (w *Wire) fill(r Request) string {
	return strings.NewReplacer("{target}", w.target(r), "{host}", w.Base.Host).Replace(r.Raw)
}

func (w *Wire) dial(ctx context.Context) (net.Conn, error) {
	port := w.Base.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[w.Base.Scheme]
	}
	address, d := net.JoinHostPort(w.Base.Hostname(), port), &net.Dialer{Timeout: 10 * time.Second}
	if w.Base.Scheme == "http" {
		return d.DialContext(ctx, "tcp", address)
	}
	return (&tls.Dialer{NetDialer: d, Config: w.tls}).DialContext(ctx, "tcp", address)
}

func readAnswer(resp *http.Response, err error) (int, http.Header, []byte, error) {
	if err != nil {
		return 0, nil, nil, withoutURL(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswer))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("应答没有完整到达：%w", withoutURL(err))
	}
	return resp.StatusCode, resp.Header, body, nil
}

// withoutURL takes the URL, and the token in it, out of an error of net/http.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// MediaType is the header of a request without what is not about its body.
func (r Request) MediaType() []string {
	for i := 0; i+1 < len(r.Header); i += 2 {
		if http.CanonicalHeaderKey(r.Header[i]) == "Content-Type" {
			return r.Header[i : i+2]
		}
	}
	return nil
}
