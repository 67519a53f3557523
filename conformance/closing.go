package conformance

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"diaoxiao/api"
)

// try finds out whether the target closes a connection after its answer without saying so. Then each request gets a
// connection of its own: on a shared one many would meet the closing, each time others.
func (w *wire) try(ctx context.Context) {
	c, err := w.dial(ctx)
	if err != nil {
		return
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(answerTimeout))
	r := request{call: api.Logout, token: unknownToken, raw: "POST {target} HTTP/1.1\r\nHost: {host}\r\n" +
		"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"}
	if _, err := io.WriteString(c, w.fill(r)); err != nil {
		return
	}
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.Close {
		return
	}
	c.SetDeadline(time.Now().Add(200 * time.Millisecond))
	if _, err := in.ReadByte(); err != nil && !isTimeout(err) {
		w.closes = true
		w.http.Transport.(*http.Transport).DisableKeepAlives = true
	}
}

func isTimeout(err error) bool {
	t, ok := err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

// quietly is how the target closed connections without saying so; "" if it did not.
func (w *wire) quietly() string {
	var how []string
	if w.closes {
		how = append(how, "应答之后关闭连接而没有声明（Connection: close）；检查改为每次请求用一个新连接")
	}
	if n := w.dropped.Load(); n > 0 {
		how = append(how, fmt.Sprintf("另有 %d 次在用过的连接上没有得到应答，换新连接重发", n))
	}
	return strings.Join(how, "；")
}
