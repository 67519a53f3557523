package explain

import (
	"context"
	"crypto/tls"
	"io/fs"
	"net"
	"os"

	"diaoxiao/internal/display"
)

// systemWords are those of one error of the system or the network; ok is false for others.
func systemWords(err error) (text string, ok bool) {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Path + "：" + display.System(e.Err), true
	case *os.LinkError:
		return e.New + "：" + display.System(e.Err), true
	case *net.OpError:
		return networkWords(e), true
	case *tls.CertificateVerificationError, tls.RecordHeaderError:
		return display.System(err), true
	}
	if err == context.Canceled {
		return "已中断", true
	}
	return "", false
}

// networkWords are an error of the network, with the address that was dialled. A proxy that cannot be reached is not
// the receiver.
func networkWords(e *net.OpError) string {
	words := display.System(e.Err)
	if dial, ok := e.Err.(*net.OpError); ok && e.Op == "proxyconnect" {
		return "连不上代理：" + networkWords(dial) + "（核对环境变量 https_proxy；不需要代理的，把接收方加入 no_proxy）"
	}
	if e.Op == "dial" && e.Addr != nil {
		words = e.Addr.String() + " " + words
	}
	return words
}
