package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// What the outbox should have room for.
const (
	littleSpace = 1 << 30
	noSpace     = 100 << 20
)

// checkSettings: the profile, the files it names, and room for the outbox.
func (d *doctor) checkSettings(ctx context.Context, found *diagnosis) {
	d.checkIdentity(found)
	d.checkSecretFile(ctx, found)
	d.checkCAFile(found)
	d.checkOutbox(found)
	if found.Text == "" {
		found.Text = "账户 " + d.Account
	}
}

func (d *doctor) checkIdentity(found *diagnosis) {
	switch {
	case d.AppKey == "" && d.Account == "":
		found.note(doubtful, "没有给出凭据，只检查连接", "给出 --app-key、--account 与 --secret-file，或建立接入配置（diaoxiao profile init）")
	case d.AppKey == "":
		found.note(doubtful, "没有 appKey，不能登录", "给出 --app-key")
	case d.Account == "":
		found.note(doubtful, "没有账户，不能登录", "给出 --account")
	}
}

func (d *doctor) checkSecretFile(ctx context.Context, found *diagnosis) {
	path := d.settings.SecretFile
	if path == "" || path == "-" || d.AppKey == "" || d.Account == "" {
		return
	}
	if _, err := d.Secret(ctx); err != nil {
		found.note(broken, inChineseWords(err), orText(stepFor(err), "把 appSecret 存入 "+path+"（一行）"))
	}
	if info, err := os.Stat(path); err == nil && othersRead(info) {
		found.note(doubtful, "密钥文件 "+path+" 其他用户可读", "chmod 600 "+shellQuote(path))
	}
}

func (d *doctor) checkCAFile(found *diagnosis) {
	path := d.settings.CAFile
	if path == "" {
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return // newSender has read it
	}
	certs, _ := parseCertificates(text)
	for _, c := range certs {
		if time.Now().After(c.NotAfter) {
			found.note(doubtful, fmt.Sprintf("CA 证书 %s 已于 %s 到期：%s", path, day(c.NotAfter), c.Subject), "向接收方索取新的 CA 证书，换下该文件")
		}
	}
}

// checkOutbox: the folder is where cases are kept until they are acknowledged.
func (d *doctor) checkOutbox(found *diagnosis) {
	dir, err := existingFolder(d.Outbox)
	if err == nil {
		err = tryWrite(dir)
	}
	if err != nil {
		found.note(broken, "发件箱 "+d.Outbox+" 不可写："+inChineseWords(err), "更改该目录的权限，或用 --outbox（接入配置的 outbox）换一个目录")
		return
	}
	free, err := freeSpace(dir)
	switch {
	case err != nil:
		found.Details = append(found.Details, "发件箱 "+d.Outbox+"，可用空间不明："+err.Error())
	case free < noSpace:
		found.note(broken, fmt.Sprintf("发件箱 %s 所在磁盘只剩 %s", d.Outbox, bytesText(free)), "清理磁盘，或用 --outbox 换到另一块磁盘")
	case free < littleSpace:
		found.note(doubtful, fmt.Sprintf("发件箱 %s 所在磁盘只剩 %s", d.Outbox, bytesText(free)), "清理磁盘，或用 --outbox 换到另一块磁盘")
	default:
		word := ""
		if dir != d.Outbox {
			word = "（首次报送时建立）"
		}
		found.Details = append(found.Details, fmt.Sprintf("发件箱 %s%s，可用空间 %s", d.Outbox, word, bytesText(free)))
	}
}

// existingFolder is a folder, or the nearest above it that is there.
func existingFolder(dir string) (string, error) {
	for {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return "", fmt.Errorf("%s 不是目录", dir)
		}
		up := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || up == dir {
			return dir, err
		}
		dir = up
	}
}

func tryWrite(dir string) error {
	f, err := os.CreateTemp(dir, ".doctor-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func bytesText(n uint64) string {
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%d MB", n>>20)
}

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }
