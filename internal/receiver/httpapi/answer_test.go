package httpapi_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// answer is one answer, with what it says in the dialect all.
type answer struct {
	Status     int
	Header     http.Header
	Body       []byte
	AckCode    string `json:"ackCode"`
	Token      string `json:"access_token"`
	AcceptID   string `json:"acceptid"`
	CaseID     string
	State      string
	ReceivedAt string
	Items      int
	Findings   int
	Errors     []struct{ Name, ErrorCode, Message, Field string }
}

// codes are the codes of the errors, "14000,14008"; "SUCCESS" of a success.
func (a answer) codes() string {
	var cs []string
	for _, e := range a.Errors {
		cs = append(cs, e.ErrorCode)
	}
	if len(cs) == 0 {
		return a.AckCode
	}
	return strings.Join(cs, ",")
}

// keys are the names of the members of an answer, in their order.
func (a answer) keys() (names []string) {
	dec := json.NewDecoder(bytes.NewReader(a.Body))
	dec.Token()
	for dec.More() {
		name, _ := dec.Token()
		names = append(names, name.(string))
		var v json.RawMessage
		dec.Decode(&v)
	}
	return names
}

// client follows no redirect and keeps no cookie.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{MaxIdleConnsPerHost: 100}}

// do sends a request and holds what is true of every answer.
func (d *door) do(t tester, r *http.Request) answer {
	t.Helper()
	res, err := client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	return d.take(t, res)
}

func (d *door) take(t tester, res *http.Response) answer {
	t.Helper()
	defer res.Body.Close()
	a := answer{Status: res.StatusCode, Header: res.Header}
	var err error
	if a.Body, err = io.ReadAll(res.Body); err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	if res.Request == nil || res.Request.Method != "HEAD" {
		if err := json.Unmarshal(a.Body, &a); err != nil {
			t.Fatalf("status %d, no envelope: %v: %q", a.Status, err, a.Body)
		}
		if !strings.HasPrefix(string(a.Body), `{"ack`) || !bytes.Contains(a.Body, []byte(`"errors":[`)) {
			t.Errorf("no envelope: %s", a.Body)
		}
	}
	d.holdHeader(t, a)
	d.holdDescription(t, res, a)
	return a
}

func (d *door) holdHeader(t tester, a answer) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Type":           "application/json; charset=utf-8",
		"Cache-Control":          "no-store",
		"X-Content-Type-Options": "nosniff",
		"Location":               "",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("status %d: %s is %q, want %q", a.Status, name, got, want)
		}
	}
	if len(a.Header.Get("X-Request-Id")) < 16 {
		t.Errorf("X-Request-Id is %q", a.Header.Get("X-Request-Id"))
	}
	if wait := a.Header.Get("Retry-After"); (wait != "") != (a.Status == 429 || a.Status == 503) {
		t.Errorf("status %d: Retry-After is %q", a.Status, wait)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids = append(d.ids, a.Header.Get("X-Request-Id"))
	said := fmt.Sprintf("%s %s", a.Header, a.Body) // a token that it hands out is not known yet
	for _, s := range d.secrets {
		if strings.Contains(said, s) {
			t.Errorf("a secret is in the answer: %s", said)
		}
	}
}

// post sends a body to path with header fields given as name, value, name, value.
func (d *door) post(t tester, path string, body any, header ...string) answer {
	t.Helper()
	return d.do(t, d.request(t, "POST", path, body, header...))
}

func (d *door) request(t tester, method, path string, body any, header ...string) *http.Request {
	t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	case []byte:
		in = bytes.NewReader(b)
	case io.Reader:
		in = b
	}
	r, err := http.NewRequest(method, d.server.URL+path, in)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] == "" {
			r.Header.Del(header[i])
			continue
		}
		r.Header.Add(header[i], header[i+1])
		if header[i] == "Content-Type" {
			r.Header.Set(header[i], header[i+1])
		}
	}
	return r
}

// raw sends bytes as they are and reads one answer.
func (d *door) raw(t tester, text string) answer {
	t.Helper()
	c := d.dial(t)
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatalf("write: %v", err)
	}
	res := readResponse(t, c)
	if r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text))); err == nil {
		res.Request = r
	}
	return d.take(t, res)
}

func (d *door) dial(t tester) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", d.server.Listener.Addr().String())
	if err != nil {
		t.Fatalf("%v", err)
	}
	c.SetDeadline(time.Now().Add(time.Minute)) // ends a test that hangs, however slow the machine
	return c
}
