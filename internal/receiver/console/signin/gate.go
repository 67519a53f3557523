package signin

import (
	"cmp"
	"strings"
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/rules"
)

// How many passwords may wait to be checked at once, where Limits says nothing.
const (
	defaultSignIns         = 32
	defaultSignInsOfSource = 2
)

// crowdedFor is when to try again where too many wait; each takes a fraction of a second.
const crowdedFor = 5 * time.Second

// Limits is how many passwords may wait to be checked at once.
type Limits struct {
	Clock    func() time.Time
	SignIns  int    // 0: 32; known browsers have as many slots of their own
	OfSource int    // of one source; 0: 2
	Crowded  func() // called for each sign-in that was turned away for want of a slot; nil: nothing
}

// gate has the pages where passwords are checked or set, and bounds how many are at once: each takes memory and time.
type gate struct {
	browsers, strangers *peer.Queue // of known browsers, and of others
	failures            *peer.Throttle
	crowded             func()
}

func newGate(l Limits) *gate {
	all, source := cmp.Or(l.SignIns, defaultSignIns), cmp.Or(l.OfSource, defaultSignInsOfSource)
	g := &gate{peer.NewQueue(source, all), peer.NewQueue(source, all), peer.NewThrottle(l.Clock), l.Crowded}
	if g.crowded == nil {
		g.crowded = func() {}
	}
	return g
}

// slot is leave to have a password checked.
type slot struct {
	leave func() // gives the slot back
	right func() // the password was right: nothing is counted
}

// signInSlot takes a slot for a sign-in, or a waitError. The failure is counted before the password is checked, so
// that tries under way together are bounded. A known browser of the operator has slots of its own and is not held up
// by what others of its network do: the desk counts its failures by themselves.
func (g *gate) signInSlot(q *page.Request, in staff.SignIn) (slot, error) {
	known, err := q.Staff.KnownDevice(q.Context(), in.Name, in.Device)
	if err != nil {
		return slot{}, err
	}
	if known {
		return g.slotIn(q, g.browsers, in.Device)
	}
	from := q.Peer()
	if wait := g.failures.Reserve(from); wait > 0 {
		return slot{}, q.MustWait("您的电脑登录失败过多", wait)
	}
	t, err := g.slotIn(q, g.strangers, peer.Network(from).String())
	t.right = func() { g.failures.Undo(from) }
	if err != nil {
		t.right()
	}
	return t, err
}

func (g *gate) slotIn(q *page.Request, line *peer.Queue, whose string) (slot, error) {
	leave, ok := line.Enter(whose)
	if !ok {
		g.crowded()
		return slot{}, q.MustWait("同时登录的过多，这一次没有处理", crowdedFor)
	}
	return slot{leave, func() {}}, nil
}

// hashingSlot takes a slot for a password that is set, with a session or a one-time link.
func (g *gate) hashingSlot(q *page.Request) (slot, error) {
	return g.slotIn(q, g.browsers, "network "+peer.Network(q.Peer()).String())
}

// deviceCookie is the cookie of a known browser.
const deviceCookie = "-browser"

// device is the token that the browser shows as a known one, "" where it shows none.
func device(q *page.Request) string {
	token := q.Kept(deviceCookie)
	if len(token) != 64 {
		return ""
	}
	return token
}

// rememberDevice makes the browser of a session known. An error is logged, and the sign-in goes on.
func rememberDevice(q *page.Request, session string) {
	token, err := q.Staff.RememberDevice(q.Context(), session, device(q))
	if err != nil {
		q.Log.Warn("browser not remembered", "err", err)
		return
	}
	q.Keep(deviceCookie, token, int(staff.DeviceLife.Seconds()))
}

// folded is a user name as it is kept, however it was typed: in capitals, in full width, with blanks.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		switch r = rules.HalfWidth(r); {
		case r == ' ' || r == '\u3000' || r == '\u00a0' || r == '\t':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}
