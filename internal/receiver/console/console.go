// Package console is the operators' pages (管理台), rendered on the server: it finds the operator that asks, shows
// the routes that the role allows, and turns what the desk says into Chinese pages. Rules, rights and the audit live in
// package intake, which decides again in the transaction that does the work.
//
// The decision you could not guess: a route says which right it takes, and the desk is asked for it a second time. A
// page that forgets the one is stopped by the other.
package console

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/approvals"
	"diaoxiao/internal/receiver/console/apps"
	"diaoxiao/internal/receiver/console/audit"
	"diaoxiao/internal/receiver/console/calls"
	"diaoxiao/internal/receiver/console/caselist"
	"diaoxiao/internal/receiver/console/cases"
	"diaoxiao/internal/receiver/console/entities"
	"diaoxiao/internal/receiver/console/find"
	"diaoxiao/internal/receiver/console/firms"
	"diaoxiao/internal/receiver/console/help"
	"diaoxiao/internal/receiver/console/mine"
	"diaoxiao/internal/receiver/console/operators"
	"diaoxiao/internal/receiver/console/overview"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/console/policies"
	"diaoxiao/internal/receiver/console/proposals"
	"diaoxiao/internal/receiver/console/receipts"
	"diaoxiao/internal/receiver/console/signin"
	"diaoxiao/internal/receiver/console/stats"
	"diaoxiao/internal/receiver/console/system"
	"diaoxiao/internal/receiver/console/visits"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/registrar"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/workday"
)

// Config is what a console is built from. Zero fields take the defaults stated.
type Config struct {
	Desk  *intake.Desk // required
	Staff *staff.Staff // over the desk; nil: staff.New
	// Prefix is the path of the console, such as "/console".
	Prefix string
	// Networks may use the console; none: all.
	Networks []netip.Prefix
	// Proxies are the addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. None: none.
	Proxies []netip.Prefix
	// Calendar tells working days; nil: workday.Default.
	Calendar *workday.Calendar
	// Unit is the name of the unit that uses the console, Support the phone of those who help; "": not shown.
	Unit, Support string
	// Registry is the page of the registration system that shows one firm, with {uniscid} and {pripid} in it; "": none.
	Registry string
	Version  string // of the program
	// System is what the system page shows of the program around the desk; nil: nothing.
	System func(context.Context) System
	// Backlog is how many cases wait for verification and when the oldest came in; nil: not known.
	Backlog func(context.Context) (n int, oldest time.Time, err error)
	// Policy reads the trust policy that is put into packages of cases; nil: no packages are given out here.
	Policy func() ([]byte, error)
	// Spool is the folder in which uploaded files are while they are read; "": that of the system.
	Spool string
	// Background runs what goes on after its request, with a context that ends when the server stops; nil: a goroutine.
	Background func(func(context.Context))
	// Clock tells the time; nil: time.Now.
	Clock func() time.Time
	// SignIns is how many passwords may wait to be checked at once, SignInsOfSource how many of one source; more are
	// turned away. 0: 32 and 2. Known browsers have as many places of their own.
	SignIns, SignInsOfSource int
	// Crowded is called for each sign-in that was turned away for want of a place; nil: nothing.
	Crowded func()
	// Observe is called once for each request after its answer; nil: not. It must be quick.
	Observe func(Record)
	// Log gets what goes wrong; nil: nothing.
	Log *slog.Logger
	// Violation is called for each report of a breach of the content security policy, with what was reported, at most
	// 2000 bytes; nil: it is logged.
	Violation func(report string)
}

// System is what the system page shows of the program around the desk.
type System = system.System

// Fact is one thing worth knowing of the system.
type Fact = system.Fact

// console is the handler.
type console struct {
	Config
	*page.Site
	reports *peer.Throttle // of breaches of the policy: anybody may send them
	sampler *peer.Sampler  // of requests without a session
}

// New returns the handler of the console. It expects requests with paths under Prefix.
func New(c Config) (http.Handler, error) {
	c.setDefaults()
	pages, err := page.New(page.Config{Desk: c.Desk, Staff: c.Staff, Cases: casework.New(c.Desk),
		Register: registrar.New(c.Desk), Calls: calllog.NewCalls(c.Desk),
		Audit: auditlog.New(c.Desk), Stats: statistics.New(c.Desk, c.Calendar),
		Prefix: c.Prefix, Assets: assetPath, Proxies: c.Proxies, Calendar: c.Calendar,
		Backlog: c.Backlog, Clock: c.Clock, Log: c.Log, Unit: c.Unit, Support: c.Support, Version: c.Version,
		Registry: c.Registry, Policy: c.Policy},
		groups(c)...)
	if err != nil {
		return nil, err
	}
	s := &console{Config: c, Site: pages, reports: peer.NewThrottle(c.Clock), sampler: peer.NewSampler(c.Clock)}
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(s.foreign))
	return s.recorded(s.guard(own.Handler(s.mux()))), nil
}

// groups are the pages, by their order in the menu.
func groups(c Config) []page.Group {
	return []page.Group{
		overview.Pages(system.Facts(c.System)),
		mine.Pages(),
		caselist.Pages(cases.ExportLists),
		cases.Pages(),
		receipts.Pages(),
		proposals.Pages(),
		entities.Pages(),
		find.Pages(),
		firms.Pages(),
		stats.Pages(),
		calls.Pages(),
		apps.Pages(),
		operators.Pages(),
		visits.Pages(),
		policies.Pages(),
		audit.Pages(),
		approvals.Pages(),
		firms.Imports(firms.Config{Spool: c.Spool, Background: c.Background, Clock: c.Clock}),
		system.Pages(c.System),
		help.Pages(),
		signin.Pages(signin.Limits{Clock: c.Clock, SignIns: c.SignIns, OfSource: c.SignInsOfSource,
			Crowded: c.Crowded}),
	}
}

func (c *Config) setDefaults() {
	if c.Staff == nil {
		c.Staff = staff.New(c.Desk)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Background == nil {
		c.Background = func(f func(context.Context)) { go f(context.Background()) }
	}
	if c.Calendar == nil {
		c.Calendar = workday.Default()
	}
	if c.Violation == nil {
		c.Violation = func(report string) { c.Log.Warn("content security policy violated", "report", report) }
	}
}

// mux answers the pages and what a browser needs beside them.
func (s *console) mux() http.Handler {
	mux, prefix := http.NewServeMux(), s.Config.Prefix
	s.Handle(mux)
	mux.Handle("GET "+prefix+"/assets/", s.assets())
	mux.HandleFunc("POST "+prefix+"/csp", s.violation)
	toFirst := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, prefix+"/", http.StatusSeeOther) }
	mux.HandleFunc(prefix, toFirst)
	mux.HandleFunc("/{$}", toFirst) // asked for where the console has an address of its own
	mux.HandleFunc("/", s.missing)
	return mux
}
