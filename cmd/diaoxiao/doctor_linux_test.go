package main

import (
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"diaoxiao/internal/sender/doctor"
)

// crowded is an address whose queue of connections is full: the system drops new ones, as a firewall does.
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
	address := netip.AddrPortFrom(
		netip.AddrFrom4(sa.(*syscall.SockaddrInet4).Addr),
		uint16(sa.(*syscall.SockaddrInet4).Port),
	).String()
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

// The doctor says of dropped packets that there is no answer; it does not call them a refused connection.
func TestDoctorUnanswered(t *testing.T) {
	examined(t, exitFaults, "https://"+crowded(t)).says(t, "TCP", doctor.Broken, "在 2 秒内没有任何回应", "防火墙", "放行")
}
