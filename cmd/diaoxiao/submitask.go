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

// agree asks whether cases with severe findings are to be sent all the same. Where nobody sits at a terminal nobody is asked.
func (s *submission) agree(in io.Reader) error {
	f, ok := in.(*os.File)
	if s.severe == 0 || !s.out.terminal || !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	fmt.Fprintf(s.out.errw, "有 %s 条严重提示，仍要报送吗？[y/N] ", display.Count(s.severe))
	yes, err := answerOf(s.ctx, in)
	if err == nil && !yes {
		fmt.Fprintln(s.out.errw, "没有报送。案件在发件箱中待发送：核对、改正清单后再次运行；确认无误的，再次运行并回答 y")
		err = errDeclined
	}
	return err
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
