package display

import (
	"errors"
	"io/fs"
	"net"
	"syscall"
)

// System says an error of the operating system or of the network in Chinese; of others, what they say themselves.
func System(err error) string {
	if e, ok := errors.AsType[*net.DNSError](err); ok && e.IsNotFound {
		return "没有 " + e.Name + " 这个主机名"
	}
	if IsErrno(err, syscall.ECONNREFUSED, 10061) {
		return "拒绝连接"
	}
	if IsErrno(err, syscall.ECONNRESET, 10054) {
		return "连接被对方断开"
	}
	if IsErrno(err, syscall.ENETUNREACH, 10051) || IsErrno(err, syscall.EHOSTUNREACH, 10065) {
		return "没有路由，或主机不在线"
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return "超时，没有回应"
	}
	if words, ok := ofTLS(err); ok {
		return words
	}
	for _, s := range []struct {
		cause error
		words string
	}{
		{fs.ErrNotExist, "不存在"}, {fs.ErrPermission, "没有权限"}, {fs.ErrExist, "已存在"}, {syscall.ENOSPC, "磁盘空间不足"},
		{syscall.EROFS, "文件系统只读"}, {syscall.EISDIR, "是目录，不是文件"}, {syscall.ENOTDIR, "路径中有一段不是目录"},
		{syscall.EADDRINUSE, "地址已被占用"}, {syscall.EADDRNOTAVAIL, "本机没有这个地址"},
	} {
		if errors.Is(err, s.cause) {
			return s.words
		}
	}
	return err.Error()
}

// IsErrno reports whether an error is of the system and has this number; Windows has numbers of its own.
func IsErrno(err error, unix syscall.Errno, windows syscall.Errno) bool {
	e, ok := errors.AsType[syscall.Errno](err)
	return ok && (e == unix || e == windows)
}
