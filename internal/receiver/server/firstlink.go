package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// firstLinkName is the file in the data folder that holds the link for the first administrator where none is set.
const firstLinkName = "first-admin-link.txt"

// welcome says how the first administrator gets into the console, as long as there are no operators. The link goes to a
// terminal, or into a file that only the owner and root may read. It never goes to an output that may be a journal.
func (s *Server) welcome(ctx context.Context, out io.Writer) {
	path := firstLinkPath(&s.Settings)
	if s.Settings.ConsoleListen == config.ConsoleOff {
		return
	}
	token, err := staff.New(s.Desk).FirstInvitation(ctx)
	if errors.Is(err, intake.ErrExists) {
		s.dropLink(path)
		return
	}
	if err != nil {
		s.Log.Warn("no link for the first administrator", "err", err)
		return
	}
	link := SetupLink(ConsoleBase(&s.Settings, s.consoleAddr()), token)
	if isTerminal(out) {
		fmt.Fprintf(out, "管理台还没有操作员。请在 30 分钟内打开下面的链接，建立第一位系统管理员（只能用一次，请勿转发）：\n  %s\n%s", link, linkOver)
		return
	}
	if err := writeLink(path, link); err != nil {
		s.Log.Warn("no file for the link of the first administrator", "path", path, "err", err)
		fmt.Fprintf(out, "管理台还没有操作员，而一次性链接不能写入文件 %s。请在服务器上执行："+
			"diaoxiao operator create 用户名 --person 姓名 --role 系统管理员 --identifier 工号\n", path)
		return
	}
	fmt.Fprintf(out, "管理台还没有操作员。建立第一位系统管理员的一次性链接在文件 %s 中（只有本服务的用户和 root 可读），"+
		"30 分钟内有效，用后文件自动删除。\n%s", path, linkOver)
	ctx, cancel := context.WithCancel(ctx)
	end := s.cancel
	s.cancel = func() { cancel(); end() }
	s.workers.Go(func() { s.watchLink(ctx, path, token) })
}

const linkOver = "过期后重新启动服务，或者执行：diaoxiao operator create 用户名 --person 姓名 --role 系统管理员 --identifier 工号\n"

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// firstLinkPath is the path of the file with the link: the configured one, or else one in the data folder. With
// PostgreSQL the data folder may not exist.
func firstLinkPath(c *config.Settings) string {
	if c.FirstLinkFile != "" {
		return c.FirstLinkFile
	}
	return filepath.Join(c.Data, firstLinkName)
}

// writeLink writes a new file that only its owner may read. It replaces a file or a symbolic link at the path, and
// never writes through a symbolic link.
func writeLink(path, link string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(link + "\n")
	return errors.Join(err, f.Close())
}

// watchLink removes the file once its link no longer works: the link was used, it expired, or the service ends.
func (s *Server) watchLink(ctx context.Context, path, token string) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	defer s.dropLink(path)
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := staff.New(s.Desk).Invited(ctx, token); errors.Is(err, staff.ErrNoInvitation) {
				return
			}
		}
	}
}

func (s *Server) dropLink(path string) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		s.Log.Warn("file with the link of the first administrator not removed", "path", path, "err", err)
	}
}
