package trial

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
)

// wire sends requests to the server at base and shows them on out, both directions, as they go over the wire.
type wire struct {
	base string
	sent []byte     // the body sent before
	mu   sync.Mutex // requests of others are shown from other goroutines
	out  io.Writer
}

// unexpected is an answer that is not what the demo shows; exit code 1.
func unexpected(format string, args ...any) error {
	return explain.WithStep(fmt.Errorf("与预期不符："+format, args...), "这是程序的错误，请连同以上输出报告")
}

// call is exchange for requests that must succeed.
func (w *wire) call(ctx context.Context, c api.Call, token string, body []byte) (api.Answer, error) {
	a, err := w.exchange(ctx, c, token, body)
	if err == nil && len(a.Problems) > 0 {
		err = unexpected("%s 应得到 SUCCESS，实际为 %s %s", c, a.Ack(), api.CodeList(a.Problems))
	}
	return a, err
}

// exchange sends one request, shows it and its answer, and returns the answer.
func (w *wire) exchange(ctx context.Context, c api.Call, token string, body []byte) (a api.Answer, err error) {
	url := w.base + c.Path()
	if token != "" {
		url += "?access_token=" + token
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/json")
	if err := w.showRequest(req, body); err != nil {
		return a, err
	}
	began := time.Now()
	resp, err := direct.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	if err := w.showAnswer(resp, text, time.Since(began)); err != nil {
		return a, err
	}
	if a, err = api.ReadAnswer(text, c); err != nil {
		err = unexpected("%s 的应答%w", c, err)
	}
	return a, err
}

// direct uses no proxy: the server is on this machine.
var direct = &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}

// say writes a line.
func (w *wire) say(format string, args ...any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := fmt.Fprintf(w.out, format+"\n", args...)
	return err
}

func (w *wire) heading(title, text string) {
	lead := "── " + title + " "
	w.say("\n%s%s\n%s", lead, strings.Repeat("─", max(0, 80-display.Columns(lead))),
		strings.Join(display.Wrap(text, 80), "\n"))
}

func (w *wire) showRequest(r *http.Request, body []byte) error {
	text := ""
	switch {
	case len(body) > 0 && bytes.Equal(body, w.sent):
		text = quoteLines("> ", []string{fmt.Sprintf("……（与上一次相同的 %s 字节）……", display.Count(len(body)))})
	case len(body) > 0:
		text = quoteLines("> ", excerpt(string(body)))
	}
	w.sent = body
	return w.say("\n> %s %s HTTP/1.1\n> Host: %s\n> Content-Type: %s\n> Content-Length: %d\n>\n%s", r.Method,
		r.URL.RequestURI(), r.URL.Host, r.Header.Get("Content-Type"), len(body), text)
}

func (w *wire) showAnswer(r *http.Response, body []byte, took time.Duration) error {
	return w.say("< %s %s\n< Content-Type: %s\n< X-Request-Id: %s\n<\n%s= %s\n  用时 %s", r.Proto, r.Status,
		r.Header.Get("Content-Type"),
		r.Header.Get("X-Request-Id"), quoteLines("< ", chop(string(body), 80)), strings.Join(readable(body), "\n  "),
		took.Round(10*time.Microsecond))
}

func quoteLines(mark string, lines []string) string {
	return mark + strings.Join(lines, "\n"+mark) + "\n"
}
