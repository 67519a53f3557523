package cli

import (
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"

	"diaoxiao/internal/display"
)

// IsTerminal reports whether a reader or a writer is a terminal, where a person sits.
func IsTerminal(readerOrWriter any) bool {
	f, ok := readerOrWriter.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Line is the last line of a terminal, which is written over while work goes on. Its methods are safe for concurrent
// use.
type Line struct {
	w     io.Writer
	mu    sync.Mutex
	shown bool
}

// NewLine is a line of the terminal w that shows nothing yet.
func NewLine(w io.Writer) *Line { return &Line{w: w} }

// Show puts a text in the place of the one before, cut to the width of the screen.
func (l *Line) Show(format string, args ...any) {
	text := []rune(fmt.Sprintf(format, args...))
	for display.Columns(string(text)) > display.Width-1 {
		text = text[:len(text)-1]
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.w, "\r\x1b[K%s", string(text))
	l.shown = true
}

// Above clears the line for what print writes to the screen. The next Show puts the line below that.
func (l *Line) Above(print func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown {
		fmt.Fprint(l.w, "\r\x1b[K")
		l.shown = false
	}
	return print()
}

// Clear takes the line off the screen.
func (l *Line) Clear() { l.Above(func() error { return nil }) }
