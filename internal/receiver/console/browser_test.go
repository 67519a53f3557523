package console_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/intake"
)

// patience is how long a page may take on a busy machine.
const patience = 30 * time.Second

// chromium starts the one browser of this test binary, at its first use.
var chromium = sync.OnceValues(func() (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.IgnoreCertErrors,
		chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-lcd-text", true), chromedp.Flag("lang", "zh-CN"), chromedp.WindowSize(1440, 900))
	parent, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(parent)
	closeChromium = cancel
	return ctx, chromedp.Do(ctx)
})

var closeChromium = func() {}

func TestMain(m *testing.M) {
	status := m.Run()
	closeChromium()
	os.Exit(status)
}

// screen is a window of a real browser, with cookies of its own. Whatever the browser complains of fails the test:
// exceptions, breaches of the content security policy, requests that fail, questions nobody expects.
type screen struct {
	*house
	ctx context.Context

	mu       sync.Mutex
	problems []string
	asked    []string // questions of window.confirm
	consents int      // how many of them are expected, and answered with yes
	loads    int      // pages that were loaded; one that a form leads to by a redirect is one
}

// browse opens a window in which nobody is signed in.
func (h *house) browse() *screen {
	h.Helper()
	browser, err := chromium()
	if err != nil {
		h.Fatalf("chromium: %v; scripts/needs.sh chromium installs it", err)
	}
	s := &screen{house: h}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(s.hear))
	s.ctx = ctx
	h.must(chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)))
	_, err = chromedp.Call(ctx, emulation.SetFocusEmulationEnabled,
		emulation.SetFocusEmulationEnabledParams{Enabled: true}) // several windows, each in use
	h.must(err)
	h.Cleanup(cancel)
	h.Cleanup(s.complain)
	return s
}

// sit opens a window in which an operator of a role is signed in.
func (h *house) sit(role intake.Role, name string) *screen {
	h.Helper()
	return h.window(h.enter(role, name))
}

// window opens a window in which a visitor is signed in.
func (h *house) window(v *visitor) *screen {
	h.Helper()
	s := h.browse()
	s.carry(v.token)
	return s
}

// carry has the browser send a visit's token from now on.
func (s *screen) carry(token string) {
	s.Helper()
	yes := true
	_, err := chromedp.Run(s.ctx, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{URL: s.console.URL,
			Name: "__Host-diaoxiao", Value: token,
			Path: "/", Secure: &yes, HTTPOnly: &yes})
		return chromedp.Void{}, err
	})
	s.must(err)
}

// hear notes what the browser says. It must not ask it anything itself.
func (s *screen) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		s.note("exception: " + e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			s.note(fmt.Sprintf("console: %+v", e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			s.note(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument && e.RedirectResponse == nil {
			s.mu.Lock()
			s.loads++
			s.mu.Unlock()
		}
		if u := e.Request.URL; !strings.HasPrefix(u, s.console.URL) && !strings.HasPrefix(u, "data:") {
			s.note("asks elsewhere: " + u)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			s.note("failed: " + e.ErrorText)
		}
	case *page.EventJavascriptDialogOpening:
		go s.answer(e.Message)
	}
}

func (s *screen) note(problem string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, problem)
}

// answer says yes to a question that is expected.
func (s *screen) answer(question string) {
	s.mu.Lock()
	yes := s.consents > 0
	s.consents--
	s.asked = append(s.asked, question)
	s.mu.Unlock()
	if !yes {
		s.note("dialog: " + question)
	}
	_, err := chromedp.Call(s.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: yes})
	if err != nil {
		s.note("dialog: " + err.Error())
	}
}

// complain fails the test for what was noted, and keeps a picture.
func (s *screen) complain() {
	s.mu.Lock()
	problems := s.problems
	s.mu.Unlock()
	for _, p := range problems {
		s.Errorf("the browser says: %s", p)
	}
	s.house.mu.Lock()
	defer s.house.mu.Unlock()
	for _, v := range s.violations {
		s.Errorf("the policy was violated: %s", v)
	}
	if s.Failed() {
		s.keep()
	}
}

// keep saves a picture of what is seen, in the folder for artifacts.
func (s *screen) keep() { s.keepAs("seen.png") }

// keepAs saves it under a name.
func (s *screen) keepAs(name string) {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(s.ArtifactDir(), name), shot, 0o600)
	}
	s.Logf("what was seen is in %s, kept with -artifacts (%v)", s.ArtifactDir(), err)
}

// do lets the browser do something, which must end.
func (s *screen) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		s.Fatalf("%s: %v", what, err)
	}
}

// turn lets the browser do something that leads to another page, which has the status.
func (s *screen) turn(what string, status int64, steps ...chromedp.Action[chromedp.Void]) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	r, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		s.Fatalf("%s: %v", what, err)
	}
	if r.Status != status {
		s.Fatalf("%s: %d, not %d: %s", what, r.Status, status, s.read())
	}
	if status >= 400 {
		s.forgive(fmt.Sprintf("status of %d", status))
	}
}

// forgive takes back a complaint that the test has provoked.
func (s *screen) forgive(with string) {
	s.Helper()
	for range 100 { // the complaint may come after the page
		s.mu.Lock()
		for i, p := range s.problems {
			if strings.Contains(p, with) {
				s.problems = append(s.problems[:i:i], s.problems[i+1:]...)
				s.mu.Unlock()
				return
			}
		}
		s.mu.Unlock()
		time.Sleep(20 * time.Millisecond)
	}
	s.Errorf("the browser did not complain: %s", with)
}
