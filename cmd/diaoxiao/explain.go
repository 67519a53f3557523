package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/display"
	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

// nextStep is an error together with what the user should do about it.
type nextStep struct {
	error
	step string
}

func (e nextStep) Unwrap() error { return e.error }

// withStep is err together with what the user should do about it.
func withStep(err error, step string) error { return nextStep{err, step} }

// onNotFound adds the next step to an error about something that is not there.
func onNotFound(err error, step string) error {
	if errors.Is(err, intake.ErrNotFound) {
		return withStep(err, step)
	}
	return err
}

// explain says an error in Chinese, with the next step where there is one.
func explain(err error) string {
	text := inChineseWords(err)
	if step := stepFor(err); step != "" {
		text += "；" + step
	}
	return text
}

func stepFor(err error) string {
	if e, ok := errors.AsType[nextStep](err); ok && e.step != "" {
		return e.step
	}
	for _, s := range []struct {
		cause error
		step  string
	}{
		{store.ErrLocked, "先停止该服务，或换一个 --data 或 --database"},
		{store.ErrNoData, "用 --data 指明数据目录或用 --database 指明数据库，或先用 diaoxiao serve 或 diaoxiao app create 建立"},
		{intake.ErrNotFound, "用 diaoxiao app list 查看已有的应用"},
		{intake.ErrUnavailable, "稍后再试；如仍不行，用 diaoxiao db check 检查数据目录"},
		{syscall.EADDRINUSE, "停止占用该地址的程序，或用 --listen、--ops-listen 换一个地址"},
		{syscall.ENOSPC, "清理磁盘后再试"},
		{fs.ErrPermission, "换用有权限的用户或路径"},
	} {
		if errors.Is(err, s.cause) {
			return s.step
		}
	}
	return ""
}

// inChineseWords puts Chinese words in place of the English ones that the system and the packages below have for what people
// meet. What is left in English is for the log of a fault.
func inChineseWords(err error) string {
	text := err.Error()
	say := func(cause error, words string) { text = strings.ReplaceAll(text, cause.Error(), words) }
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		say(e, e.Path+"："+display.System(e.Err))
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		say(e, e.New+"："+display.System(e.Err))
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		say(e, ofNetwork(e))
	}
	if cause, ok := errorOfTLS(err); ok {
		say(cause, display.System(cause))
	}
	if e, ok := errors.AsType[*client.Error](err); ok && e.Call == api.Login {
		text = strings.ReplaceAll(text, "login：", "登录：")
	}
	say(intake.ErrNotFound, "未找到")
	say(intake.ErrExists, "已存在")
	say(intake.ErrUnavailable, "数据库繁忙或不可用")
	say(intake.ErrDamaged, "保存的报文与受理时的记录不符")
	if errors.Is(err, context.Canceled) {
		say(context.Canceled, "已中断")
	}
	return inTroubleWords(text, err)
}

// ofNetwork says an error of the network, with the address that was dialled. A proxy that cannot be reached is not the
// receiver.
func ofNetwork(e *net.OpError) string {
	words := display.System(e.Err)
	if dial, ok := errors.AsType[*net.OpError](e.Err); ok && e.Op == "proxyconnect" {
		return "连不上代理：" + ofNetwork(dial) + "（核对环境变量 https_proxy；不需要代理的，把接收方加入 no_proxy）"
	}
	if e.Op == "dial" && e.Addr != nil {
		words = e.Addr.String() + " " + words
	}
	return words
}

// errorOfTLS finds the part of an error that tells why a certificate was not believed, or why there was no TLS.
func errorOfTLS(err error) (cause error, ok bool) {
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e, true
	}
	if e, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return e, true
	}
	return http.ErrSchemeMismatch, errors.Is(err, http.ErrSchemeMismatch)
}

// undone is the error of work that was not done to its end. Where it was interrupted, how far it had come inside is no matter.
func undone(what string, err error, step string) error {
	if errors.Is(err, context.Canceled) {
		err = context.Canceled
	}
	return withStep(fmt.Errorf("%s没有做完：%w", what, err), step)
}
