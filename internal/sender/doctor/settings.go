package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"diaoxiao/internal/diskroom"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
)

// Sizes that the outbox should have room for.
const (
	littleSpace = 1 << 30
	noSpace     = 100 << 20
)

// checkSettings: the profile, the files it names, and room for the outbox.
func (x *examination) checkSettings(ctx context.Context, found *Diagnosis) {
	x.checkIdentity(found)
	x.checkSecretFile(ctx, found)
	x.checkCAFile(found)
	x.checkOutbox(found)
	x.checkReceivers(found)
	if found.Text == "" {
		found.Text = "账户 " + x.Account
	}
}

func (x *examination) checkIdentity(found *Diagnosis) {
	switch {
	case x.AppKey == "" && x.Account == "":
		found.note(Doubtful, "没有给出凭据，只检查连接", "给出 --app-key、--account 与 --secret-file，或建立接入配置（diaoxiao profile init）")
	case x.AppKey == "":
		found.note(Doubtful, "没有 appKey，不能登录", "给出 --app-key")
	case x.Account == "":
		found.note(Doubtful, "没有账户，不能登录", "给出 --account")
	}
}

func (x *examination) checkSecretFile(ctx context.Context, found *Diagnosis) {
	path := x.SecretFile
	if path == "" || path == "-" || x.AppKey == "" || x.Account == "" {
		return
	}
	if _, err := x.Secret(ctx); err != nil {
		found.note(Broken, x.words(err), cmp.Or(x.next(err), "把 appSecret 存入 "+path+"（一行）"))
	}
	if x.SecretShared {
		found.note(Doubtful, "密钥文件 "+path+" 其他用户可读", "chmod 600 "+display.ShellQuote(path))
	}
}

func (x *examination) checkCAFile(found *Diagnosis) {
	for _, c := range x.CA {
		if time.Now().After(c.NotAfter) {
			found.note(
				Doubtful,
				fmt.Sprintf("CA 证书 %s 已于 %s 到期：%s", x.CAFile, day(c.NotAfter), c.Subject),
				"向接收方索取新的 CA 证书，换下该文件",
			)
		}
	}
}

// checkOutbox: the folder is where cases are kept until they are acknowledged.
func (x *examination) checkOutbox(found *Diagnosis) {
	dir, err := existingFolder(x.Outbox)
	if err == nil {
		err = tryWrite(dir)
	}
	if err != nil {
		found.note(Broken, "发件箱 "+x.Outbox+" 不可写："+x.words(err), "更改该目录的权限，或用 --outbox（接入配置的 outbox）换一个目录")
		return
	}
	free, err := diskroom.Free(dir)
	switch {
	case err != nil:
		found.Details = append(found.Details, "发件箱 "+x.Outbox+"，可用空间不明："+err.Error())
	case free < noSpace:
		found.note(Broken, fmt.Sprintf("发件箱 %s 所在磁盘只剩 %s", x.Outbox, display.Bytes(free)), "清理磁盘，或用 --outbox 换到另一块磁盘")
	case free < littleSpace:
		found.note(Doubtful, fmt.Sprintf("发件箱 %s 所在磁盘只剩 %s", x.Outbox, display.Bytes(free)), "清理磁盘，或用 --outbox 换到另一块磁盘")
	default:
		word := ""
		if dir != x.Outbox {
			word = "（首次报送时建立）"
		}
		found.Details = append(found.Details, fmt.Sprintf("发件箱 %s%s，可用空间 %s", x.Outbox, word, display.Bytes(free)))
	}
}

// checkReceivers: an outbox may have cases of another receiver, as of this one before its address changed.
func (x *examination) checkReceivers(found *Diagnosis) {
	box, err := outbox.OpenToRead(x.Outbox)
	if err != nil {
		return // none yet, or one that is told of as not writable
	}
	defer box.Close()
	others, err := box.Others(outbox.Target{URL: x.URL, AppKey: x.AppKey})
	if err != nil {
		return
	}
	for _, r := range others {
		if r.AppKey == x.AppKey {
			found.note(
				Doubtful,
				fmt.Sprintf("发件箱中另有 %s 件在别的接收方名下：%s，其中 %s 件没有结果", display.Count(r.Cases), r.URL, display.Count(r.Open)),
				"接收方换了地址的，声明是同一接收方：diaoxiao outbox merge --from "+display.ShellQuote(r.URL),
			)
		}
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

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }
