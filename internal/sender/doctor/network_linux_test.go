package doctor

import (
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Why there is no connection is told apart: each cause has another cure.
func TestDialWords(t *testing.T) {
	x := examination{hop: "10.1.2.3:443"}
	x.root = &url.URL{Scheme: "https", Host: "10.1.2.3"}
	for errno, word := range map[syscall.Errno]string{
		syscall.ENETUNREACH:  "没有路由",
		syscall.EHOSTUNREACH: "没有路由",
		syscall.ECONNRESET:   "立即断开",
		10061:                "拒绝连接",
		syscall.EACCES:       "没有权限",
	} {
		err := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", errno)}
		if text, step := x.dialWords(err); !strings.Contains(text, word) || step == "" {
			t.Error(strconv.Itoa(int(errno)), text, step)
		}
	}
}
