package explain_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"

	"diaoxiao/internal/explain"
)

var errOwn = errors.New("not there")

// flat writes what it wraps in its own way: the texts of the parts, not that of the whole.
type flat struct{ inner error }

func (e flat) Error() string { return "a: " + errors.Unwrap(e.inner).Error() }
func (e flat) Unwrap() error { return e.inner }

// An error is said in the words of the vocabularies wherever it is in the chain, once for each place, and nothing else
// is changed.
func TestWords(t *testing.T) {
	s := explain.Speaker{{Words: func(err error, words func(error) string) (string, bool) {
		return "未找到（not there）", err == errOwn
	}, Steps: []explain.Step{{Cause: errOwn, Do: "再找"}}}}
	refused := &net.OpError{
		Op:   "dial",
		Net:  "tcp",
		Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1},
		Err:  os.NewSyscallError("connect", syscall.ECONNREFUSED),
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{errOwn, "未找到（not there）；再找"},
		{fmt.Errorf("甲：%w，乙", errOwn), "甲：未找到（not there），乙；再找"},
		{errors.Join(errOwn, errOwn), "未找到（not there）\n未找到（not there）；再找"},
		{fmt.Errorf("%w: %w", fs.ErrClosed, errOwn), "file already closed: 未找到（not there）；再找"},
		{fmt.Errorf("案件“not there”：%w", context.Canceled), "案件“not there”：已中断"},
		{explain.WithStep(fmt.Errorf("丙：%w", errOwn), "别找"), "丙：未找到（not there）；别找"},
		{explain.BadUsage(explain.WithStep(errors.New("丁"), "戊")), "丁；戊"},
		{&fs.PathError{Op: "open", Path: "f", Err: syscall.ENOENT}, "f：不存在"},
		{fmt.Errorf("监听：%w", refused), "监听：127.0.0.1:1 拒绝连接"},
		{flat{fmt.Errorf("b: %w", refused)}, "a: 127.0.0.1:1 拒绝连接"},
		{explain.Undone("核对", fmt.Errorf("第 3 条：%w", context.Canceled), "再来"), "核对没有做完：已中断；再来"},
	} {
		if got := s.Explain(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

// The kind of an error goes through whatever wraps it.
func TestUsage(t *testing.T) {
	for err, want := range map[error]bool{
		explain.Usagef("缺少 %s", "FILE"):                                    true,
		explain.WithStep(explain.BadUsage(errOwn), "再写"):                   true,
		fmt.Errorf("甲：%w", explain.BadUsage(explain.WithStep(errOwn, ""))): true,
		explain.WithStep(errOwn, "再找"):                                     false,
	} {
		if errors.Is(err, explain.ErrUsage) != want {
			t.Errorf("%v", err)
		}
	}
}
