package main

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// crowded is an address whose queue of connections is full: the system drops what comes, as a firewall does.
func crowded(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	sa, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := netip.AddrPortFrom(netip.AddrFrom4(sa.(*syscall.SockaddrInet4).Addr), uint16(sa.(*syscall.SockaddrInet4).Port)).String()
	for range 10 {
		c, err := net.DialTimeout("tcp", address, 300*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Fatal("the queue does not fill")
	return ""
}

// What is dropped on the way is told apart from what is refused, and from what has no way at all.
func TestDoctorUnanswered(t *testing.T) {
	examined(t, exitFaults, "https://"+crowded(t)).says(t, "TCP", broken, "在 2s 内没有任何回应", "防火墙", "放行")
}

func TestDialWords(t *testing.T) {
	d := doctor{hop: "10.1.2.3:443"}
	d.root = &url.URL{Scheme: "https", Host: "10.1.2.3"}
	for errno, word := range map[syscall.Errno]string{syscall.ENETUNREACH: "没有路由", syscall.EHOSTUNREACH: "没有路由", syscall.ECONNRESET: "立即断开", 10061: "拒绝连接", syscall.EACCES: "没有权限"} {
		err := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", errno)}
		if text, step := d.dialWords(err); !strings.Contains(text, word) || step == "" {
			t.Error(strconv.Itoa(int(errno)), text, step)
		}
	}
}
