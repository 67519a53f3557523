package profile

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/term"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
)

// Secret is the source of the appSecret: a file, one line of standard input, or a question on the terminal. It is never
// a flag or the environment, which other users can read.
type Secret struct {
	ctx     context.Context // that of the command: an answer on the terminal may take longer than a call
	path    string          // "-": standard input; "": ask
	account string
	in      io.Reader
	errw    io.Writer
	once    sync.Once // input that can be read only once is kept; a file is read at each login, as it may be replaced
	kept    string
	err     error
	warned  sync.Once
}

// NewSecret returns the secret of an account from the file path, or from in where path is "-". Where path is "" it is
// asked for on the terminal in, until ctx ends. Warnings about the file go to errw.
func NewSecret(ctx context.Context, in io.Reader, errw io.Writer, path, account string) *Secret {
	return &Secret{ctx: ctx, path: path, account: account, in: in, errw: errw}
}

// ErrNoSecret: no file or terminal gives a secret.
var ErrNoSecret = errors.New("没有 appSecret")

// Read returns the secret. A file is read each time, so that it may be replaced; standard input and the terminal are
// read once.
func (s *Secret) Read(context.Context) (string, error) {
	if s.path != "" && s.path != "-" {
		return s.fromFile()
	}
	s.once.Do(func() {
		if s.path == "-" {
			s.kept, s.err = s.fromInput()
		} else {
			s.kept, s.err = AskSecret(s.ctx, s.in, s.errw, "账户 "+s.account+" 的 appSecret（不显示）：")
		}
	})
	return s.kept, s.err
}

func (s *Secret) fromFile() (string, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return "", explain.WithStep(fmt.Errorf("密钥文件：%w", err), "把 appSecret 存入该文件（一行）并 chmod 600，或用 --secret-file 指明")
	}
	if info.Size() > 4096 {
		return "", fmt.Errorf("密钥文件 %s 有 %s 字节，不像是只有一行 appSecret", s.path, display.Count(info.Size()))
	}
	if OthersRead(info) {
		s.warned.Do(func() {
			WarnOthersRead(s.errw, s.path)
		})
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return "", fmt.Errorf("密钥文件：%w", err)
	}
	return oneLine(string(text), "密钥文件 "+s.path)
}

// WarnOthersRead prints on errw that other users may read the file of a secret.
func WarnOthersRead(errw io.Writer, path string) {
	fmt.Fprintf(errw, "注意：密钥文件 %s 其他用户可读；请执行 chmod 600 %s\n", path, display.ShellQuote(path))
}

// OthersRead reports whether users other than its owner may read a file.
func OthersRead(info os.FileInfo) bool {
	return runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
}

// oneLine returns a text of one line, without the marks that editors put around it.
func oneLine(text, where string) (string, error) {
	text = strings.TrimRight(strings.TrimPrefix(text, "\uFEFF"), "\r\n")
	switch {
	case strings.TrimSpace(text) == "":
		return "", fmt.Errorf("%s 是空的", where)
	case strings.ContainsAny(text, "\r\n"):
		return "", fmt.Errorf("%s 应只有一行，即 appSecret", where)
	case strings.TrimSpace(text) != text:
		return "", fmt.Errorf("%s 中的 appSecret 前后有空白，请去掉", where)
	}
	return text, nil
}

func (s *Secret) fromInput() (string, error) {
	in := bufio.NewReader(io.LimitReader(s.in, 4096))
	line, err := cli.Interruptible(s.ctx, func() (string, error) { return in.ReadString('\n') })
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("从标准输入读 appSecret：%w", err)
	}
	return oneLine(line, "标准输入")
}

// AskSecret asks on the terminal, without echo, until ctx ends. ErrNoSecret: in is no terminal.
func AskSecret(ctx context.Context, in io.Reader, errw io.Writer, question string) (string, error) {
	f, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return "", explain.BadUsage(explain.WithStep(
			ErrNoSecret,
			"存入文件并用 --secret-file 指明（或写入接入配置的 secret_file），或用 --secret-file - 从标准输入读",
		))
	}
	fmt.Fprint(errw, question)
	text, err := readHidden(ctx, int(f.Fd()))
	fmt.Fprintln(errw)
	if err != nil {
		return "", fmt.Errorf("询问 appSecret：%w", err)
	}
	return oneLine(text, "输入")
}

// readHidden reads a line from a terminal without echo. When ctx ends it leaves the terminal as it was.
func readHidden(ctx context.Context, terminal int) (string, error) {
	was, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	text, err := cli.Interruptible(ctx, func() ([]byte, error) { return term.ReadPassword(terminal) })
	if ctx.Err() != nil {
		err = errors.Join(err, term.Restore(terminal, was))
	}
	return string(text), err
}
