package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"diaoxiao/api"
)

// Outcomes of a call that did not succeed, for errors.Is. Ask for ErrUnknown first; without it, a *api.Refusal (also
// by code: errors.Is(err, api.Conflict)) is the server's definite no, and anything else means that nothing came of the
// call.
var (
	// ErrUnknown: the request may have been carried out or not. Send the identical body again.
	ErrUnknown = errors.New("结果未知，请以相同内容重发")
	// ErrUnreachable: the server could not be reached; nothing was sent.
	ErrUnreachable = errors.New("连接不上")
	// ErrNotInterface: something answered, but not this interface.
	ErrNotInterface = errors.New("该地址应答的不是本接口")
	// ErrChanged: the body to repeat is not the one sent before; it was not sent.
	ErrChanged = errors.New("重发的正文与前一次不同，没有发送")
	// ErrNotOffered: the server does not have this extension of the interface.
	ErrNotOffered = errors.New("对方没有提供此扩展接口")
)

// Error is how a call ended that did not succeed. It holds no token and no secret.
type Error struct {
	Call      api.Call
	Status    int    // HTTP status of the last answer; 0: there was none
	RequestID string // X-Request-Id of the last answer, for the people who run the server
	Attempts  int    // exchanges
	Err       error
}

// Error says in Chinese what happened, with the request id where there is one.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s：%v", e.Call, e.Err)
	if e.Status != 0 && e.Status != 200 {
		text += fmt.Sprintf("（HTTP %d）", e.Status)
	}
	if e.RequestID != "" {
		text += "，请求编号 " + e.RequestID
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// bare takes the URL out of an error of net/http: the token stands in it.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// hopeless reports whether trying again cannot help where no connection came about: a certificate that is not trusted,
// a name that does not exist, plain HTTP on the port.
func hopeless(err error) bool {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	return errors.Is(err, http.ErrSchemeMismatch)
}
