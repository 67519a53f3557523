package wire

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Try finds out whether the target closes a connection after its answer without saying so. Then each request gets a
// connection of its own: on a shared one many would meet the closing, each time others.
func (w *Wire) Try(ctx context.Context, r Request) {
	r.Raw = "POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n" +
		fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(r.Body), r.Body)
	if w.closesAfter(ctx, r) {
		w.closes = true
		w.apart.Store(true)
	}
}

// closesAfter sends a request on a connection of its own and reports whether it is closed behind the answer.
func (w *Wire) closesAfter(ctx context.Context, r Request) bool {
	c, err := w.dial(ctx)
	if err != nil {
		return false
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(answerTimeout))
	if _, err := io.WriteString(c, w.fill(r)); err != nil {
		return false
	}
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return false
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.Close {
		return false
	}
	c.SetDeadline(time.Now().Add(200 * time.Millisecond))
	_, err = in.ReadByte()
	return err != nil && !isTimeout(err)
}

func isTimeout(err error) bool {
	t, ok := err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

// Quietly is how the target closed connections without saying so; "" if it did not.
func (w *Wire) Quietly() string {
	var how []string
	if w.closes {
		how = append(how, "应答之后关闭连接而没有声明（Connection: close）；检查改为每次请求用一个新连接")
	}
	if n := w.dropped.Load(); n > 0 {
		how = append(how, fmt.Sprintf("另有 %d 次在用过的连接上没有得到应答，换新连接重发", n))
	}
	return strings.Join(how, "；")
}
