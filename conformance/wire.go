package conformance

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

// request is one request, as malformed as a check wants it. Zero fields: POST, application/json.
type request struct {
	method string
	call   api.Call
	path   string   // in place of the path of call
	token  string   // put into the query as access_token
	query  string   // raw, after the token
	header []string // name, value, …; a name with "" is left out
	body   []byte
	raw    string // in place of all: the text to send, with {target} for path and query, {host} for the host
}

// wire carries requests to the target. It follows no redirect, keeps no cookie and reads no environment.
type wire struct {
	base *url.URL
	http *http.Client
	once *http.Client // a connection for each request
	tls  *tls.Config

	sent    atomic.Int64 // requests
	closes  bool         // the target closes connections after an answer and does not say so
	dropped atomic.Int64 // connections that turned out to be closed
	apart   atomic.Bool  // each request gets a connection of its own from now on
}

const (
	answerTimeout = 60 * time.Second
	maxAnswer     = 4 << 20
)

// newWire is a wire to base, which trusts roots; the roots of the system where it is nil.
func newWire(base *url.URL, roots *x509.CertPool) *wire {
	conf := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return &wire{base: base, tls: conf, http: newClient(conf, false), once: newClient(conf, true)}
}

func newClient(conf *tls.Config, apart bool) *http.Client {
	return &http.Client{
		Timeout:       10 * time.Minute, // a large body may take its time
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: conf, TLSHandshakeTimeout: 10 * time.Second, DisableCompression: true,
			ResponseHeaderTimeout: answerTimeout, MaxIdleConnsPerHost: 8, IdleConnTimeout: 5 * time.Second, DisableKeepAlives: apart,
			DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext},
	}
}

// target is the path and query of a request.
func (w *wire) target(r request) string {
	path := r.path
	if path == "" {
		path = r.call.Path()
	}
	q := r.query
	if r.token != "" {
		q = strings.TrimRight("access_token="+r.token+"&"+r.query, "&")
	}
	if q != "" {
		path += "?" + q
	}
	return w.base.EscapedPath() + path
}

func (r request) verb() string {
	if r.method == "" {
		return http.MethodPost
	}
	return r.method
}

// head are the header fields that are sent.
func (r request) head() http.Header {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(r.header); i += 2 {
		switch name, value := http.CanonicalHeaderKey(r.header[i]), r.header[i+1]; {
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

// do sends r and reads the whole answer. An error means that there was none; it names no URL. A target that closes a
// connection after an answer, without a word, gets the request again on a fresh one: what it loses is the connection,
// not the request.
func (w *wire) do(ctx context.Context, r request) (status int, header http.Header, body []byte, err error) {
	w.sent.Add(1)
	if r.raw != "" {
		return w.doRaw(ctx, r)
	}
	if w.apart.Load() {
		return w.with(ctx, w.once, r)
	}
	used := false
	status, header, body, err = w.with(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) { used = i.Reused }}), w.http, r)
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
func (w *wire) with(ctx context.Context, c *http.Client, r request) (status int, header http.Header, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, r.verb(), w.base.Scheme+"://"+w.base.Host+w.target(r), bytes.NewReader(r.body))
	if err != nil {
		return 0, nil, nil, withoutURL(err)
	}
	req.Header = r.head()
	req.Header.Set("User-Agent", "diaoxiao-conformance")
	return readAnswer(c.Do(req))
}

func (w *wire) doRaw(ctx context.Context, r request) (int, http.Header, []byte, error) {
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

func (w *wire) fill(r request) string {
	return strings.NewReplacer("{target}", w.target(r), "{host}", w.base.Host).Replace(r.raw)
}

func (w *wire) dial(ctx context.Context) (net.Conn, error) {
	port := w.base.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[w.base.Scheme]
	}
	address, d := net.JoinHostPort(w.base.Hostname(), port), &net.Dialer{Timeout: 10 * time.Second}
	if w.base.Scheme == "http" {
		return d.DialContext(ctx, "tcp", address)
	}
	return (&tls.Dialer{NetDialer: d, Config: w.tls}).DialContext(ctx, "tcp", address)
}

func readAnswer(resp *http.Response, err error) (int, http.Header, []byte, error) {
	if err != nil {
		return 0, nil, nil, withoutURL(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
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

// mediaType is the header of a request without what is not about its body.
func (r request) mediaType() []string {
	for i := 0; i+1 < len(r.header); i += 2 {
		if http.CanonicalHeaderKey(r.header[i]) == "Content-Type" {
			return r.header[i : i+2]
		}
	}
	return nil
}
