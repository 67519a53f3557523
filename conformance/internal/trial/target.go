package trial

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"diaoxiao/api"
)

// Credentials are what one app logs in with.
type Credentials struct{ AppKey, AppSecret, Account string }

// Target is the receiving side that is tried, and what it has admitted for the purpose. Cases are sent to it: it must
// not be one that works on them.
type Target struct {
	URL string // {API_ROOT}: https://host[:port][/prefix]
	Credentials
	Colleague string         // another account of the same app; "": what needs one is not tested
	Stranger  Credentials    // another app; none: what needs one is not tested
	Roots     *x509.CertPool // whom to trust; nil: the system's
	Dialect   string         // the spelling to hold it to, see Dialects; "": auto
}

// Spellings that are no dialect of package api.
const (
	AnyDialect    = "auto"   // whatever the target spells, as long as it does not change
	StrictDialect = "strict" // one of the document's spellings, and no member more
)

// Dialects lists the values of Target.Dialect, the default first.
func Dialects() []string {
	names := []string{AnyDialect, StrictDialect}
	for _, d := range api.Dialects() {
		names = append(names, string(d))
	}
	return names
}

// Options say which checks are run and how. Zero fields take the defaults stated.
type Options struct {
	Checks    []string // selectors, see Check.Matches; none: all
	Strict    bool     // SHOULD weighs as much as MUST
	Large     bool     // send bodies over 3 MiB too
	WaitToken bool     // wait thirty minutes for a token to expire
	RunID     string   // goes into every caseid, so that runs do not meet; required
	Tool      string   // what runs the checks, for the report

	Patience time.Duration // an answer that takes longer is slow; 0: 10 s
	Started  func(Check)   // before each check; nil: not
	Done     func(Result)  // after each check; nil: not

	Now   func() time.Time                           // nil: time.Now
	Sleep func(context.Context, time.Duration) error // nil: really
}

// Errors of Run. All of them mean that the checks could not be run, and say nothing about the target.
var (
	ErrTarget       = errors.New("目标的参数有误") // the caller's to put right
	ErrUnreachable  = errors.New("连接不上")
	ErrRefused      = errors.New("登录被拒绝")
	ErrNotInterface = errors.New("该地址不是本接口")
)

// base checks the target and returns its URL without a slash at its end.
func (t Target) base() (*url.URL, error) {
	u, err := api.ParseRoot(t.URL, true)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w：地址%w", ErrTarget, err)
	case t.AppKey == "" || t.AppSecret == "" || t.Account == "":
		return nil, fmt.Errorf("%w：appKey、appSecret、account 都要给出", ErrTarget)
	case t.Dialect != "" && !slices.Contains(Dialects(), t.Dialect):
		return nil, fmt.Errorf("%w：没有名为%q的应答报文格式；可用：%s", ErrTarget, t.Dialect, strings.Join(Dialects(), "、"))
	}
	return u, nil
}

func (o Options) withDefaults() Options {
	if o.Patience <= 0 {
		o.Patience = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
