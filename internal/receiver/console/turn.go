package console

import (
	"net/http"
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/rules"
)

// How many passwords may wait to be checked at once, where Config says nothing.
const (
	defaultSignIns         = 32
	defaultSignInsOfSource = 2
)

// crowdedFor is when to try again where too many wait; each takes a fraction of a second.
const crowdedFor = 5 * time.Second

// turn is a place among those whose passwords are checked.
type turn struct {
	leave func() // gives the place back
	right func() // the password was right: nothing is counted
}

// signInSlot takes a place for a sign-in, or a waitError. The failure is counted before the password is checked, so
// that tries under way together are bounded. A known browser of the operator has places of its own and is not held up
// by what others of its network do: the desk counts its failures by themselves.
func signInSlot(q *request, in intake.SignIn) (turn, error) {
	known, err := q.Desk.KnownDevice(q.Context(), in.Name, in.Device)
	if err != nil {
		return turn{}, err
	}
	if known {
		return slotIn(q, q.browsers, in.Device)
	}
	from := peer.Source(q.Request, q.Proxies)
	if wait := q.failures.Reserve(from); wait > 0 {
		return turn{}, q.mustWait(waitError{"您的电脑登录失败过多", wait})
	}
	t, err := slotIn(q, q.strangers, peer.Network(from).String())
	t.right = func() { q.failures.Undo(from) }
	if err != nil {
		t.right()
	}
	return t, err
}

func slotIn(q *request, line *peer.Queue, whose string) (turn, error) {
	leave, ok := line.Enter(whose)
	if !ok {
		if q.Crowded != nil {
			q.Crowded()
		}
		return turn{}, q.mustWait(waitError{"同时登录的过多，这一次没有处理", crowdedFor})
	}
	return turn{leave, func() {}}, nil
}

// hashingSlot takes a place for a password that is set, by who has a visit or a one-time link.
func hashingSlot(q *request) (turn, error) {
	return slotIn(q, q.browsers, "network "+peer.Network(peer.Source(q.Request, q.Proxies)).String())
}

// deviceCookie is the name of the cookie that tells a known browser.
func deviceCookie(q *request) string { return q.cookieName() + "-browser" }

// device is the token that the browser shows as a known one, "" where it shows none.
func device(q *request) string {
	c, err := q.Cookie(deviceCookie(q))
	if err != nil || len(c.Value) != 64 {
		return ""
	}
	return c.Value
}

// rememberDevice makes the browser of a visit known. That it cannot be kept stops nobody.
func rememberDevice(q *request, visit string) {
	token, err := q.Desk.RememberDevice(q.Context(), visit, device(q))
	if err != nil {
		q.Log.Warn("browser not remembered", "err", err)
		return
	}
	http.SetCookie(q.w, &http.Cookie{Name: deviceCookie(q), Value: token, Path: "/", MaxAge: int(intake.DeviceLife.Seconds()), HttpOnly: true,
		Secure: q.secure(q.Request), SameSite: http.SameSiteStrictMode})
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
