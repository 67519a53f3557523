package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"diaoxiao/internal/display"
)

// errDeclined ends a submission that the user has not agreed to.
var errDeclined = errors.New("没有报送")

// agree asks whether the cases that wait for consent are to be sent. Where nobody sits at a terminal nobody is asked:
// they go on waiting, and the others are sent.
func (s *submission) agree(in io.Reader) error {
	f, ok := in.(*os.File)
	switch {
	case len(s.waiting) == 0:
		return nil
	case s.yes:
		return s.release()
	case !s.out.terminal || !ok || !term.IsTerminal(int(f.Fd())):
		return nil
	}
	fmt.Fprintf(s.out.errw, "有%s，仍要报送吗？[y/N] ", s.reasons())
	yes, err := answerOf(s.ctx, in)
	switch {
	case err != nil:
		return err
	case yes:
		return s.release()
	}
	fmt.Fprintln(s.out.errw, "没有报送。案件在发件箱中待发送：核对、改正清单后再次运行；确认无误的，再次运行并回答 y")
	return errDeclined
}

// reasons counts what cases wait for.
func (s *submission) reasons() string {
	var parts []string
	if s.severe > 0 {
		parts = append(parts, fmt.Sprintf(" %s 条严重提示", display.Count(s.severe)))
	}
	if n := s.doubtful; n > 0 {
		parts = append(parts, fmt.Sprintf(" %s 处存疑", display.Count(n)))
	}
	return strings.Join(parts, "、")
}

// answerOf reads a line; its end, and the end of ctx, are no consent.
func answerOf(ctx context.Context, in io.Reader) (yes bool, _ error) {
	text, err := interruptible(ctx, func() (string, error) { return bufio.NewReader(in).ReadString('\n') })
	if err != nil && err != io.EOF {
		return false, ctx.Err()
	}
	text = strings.ToLower(strings.TrimSpace(text))
	return text == "y" || text == "yes" || text == "是", nil
}
