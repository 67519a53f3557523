package httpapi_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/httpapi"
)

// head is the beginning of a receive call with a body of n bytes.
func (s *sender) head(n int) string {
	return fmt.Sprintf(
		"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		s.call(api.Receive),
		n,
	)
}

// begin sends the beginning of a call and leaves the rest to come.
func (s *sender) begin(t tester, text string) net.Conn {
	t.Helper()
	c := s.d.dial(t)
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

// dribble sends text in pieces over some time.
func dribble(c net.Conn, text string, pieces int, over time.Duration) error {
	for i := range pieces {
		from, to := len(text)*i/pieces, len(text)*(i+1)/pieces
		if _, err := io.WriteString(c, text[from:to]); err != nil {
			return err
		}
		time.Sleep(over / time.Duration(pieces))
	}
	return nil
}

// Slow senders are served while others only hold their connections.
func TestSlowSender(t *testing.T) {
	t.Parallel()
	d := openDoor(t)
	s := d.sender(t, api.All)
	for range 3 * 16 { // more than the large bodies that are read at once
		defer s.begin(t, s.head(200<<10)).Close()
		defer s.begin(t, s.head(200<<10)+`{"caseid":`).Close()
		defer s.begin(t, "POST "+s.call(api.Receive)+" HTTP/1.1\r\nHost: x\r\n").Close()
	}
	body := padded("慢", 200<<10)
	c := s.begin(t, s.head(len(body)))
	defer c.Close()
	if err := dribble(c, body, 20, 2*time.Second); err != nil {
		t.Fatal(err)
	}
	a := d.take(t, readResponse(t, c))
	if a.codes() != "SUCCESS" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	d.holdStored(t, a.AcceptID, []byte(body))
}

// A small body may come slowly too, with a length or in chunks.
func TestSlowSmallSender(t *testing.T) {
	t.Parallel()
	d := openDoor(t)
	s := d.sender(t, api.All)
	body := bodyOf("小")
	c := s.begin(t, s.head(len(body)))
	defer c.Close()
	if err := dribble(c, body, 10, 300*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if a := d.take(t, readResponse(t, c)); a.codes() != "SUCCESS" {
		t.Errorf("%s", a.Body)
	}
	c = s.begin(t, "POST "+s.call(api.Receive)+" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
	defer c.Close()
	var chunks strings.Builder
	for b := body; b != ""; b = b[min(7, len(b)):] {
		fmt.Fprintf(&chunks, "%x;ext=1\r\n%s\r\n", min(7, len(b)), b[:min(7, len(b))])
	}
	if err := dribble(c, chunks.String()+"0\r\nTrailer: x\r\n\r\n", 10, 300*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if a := d.take(t, readResponse(t, c)); a.codes() != "SUCCESS" {
		t.Errorf("%s", a.Body)
	}
	if n := len(d.cases(t)); n != 1 {
		t.Errorf("%d cases", n)
	}
}

// A body that does not arrive whole is no case, whatever of it did.
func TestCutBody(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	small, large := bodyOf("断"), padded("断", 200<<10)
	for _, text := range []string{
		s.head(len(small)+1) + small,
		s.head(len(large)+1) + large,
		s.head(len(large)) + large[:100<<10],
		"POST " + s.call(api.Receive) + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf(
			"%x\r\n%s\r\n",
			len(small),
			small,
		),
		"POST " + s.call(api.Receive) + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf(
			"%x\r\n%s\r\nzz\r\n",
			len(small),
			small,
		),
		s.head(len(small)) + small[:len(small)-20], // what came before it would complete it
	} {
		blank := strings.Replace(small, "断", "   ", 1)
		before := s.begin(t, s.head(len(blank))+blank)
		d.take(t, readResponse(t, before))
		before.Close()
		c := s.begin(t, text)
		c.(*net.TCPConn).CloseWrite()
		if a := d.take(t, readResponse(t, c)); a.Status != 400 || a.codes() != "19001" {
			t.Errorf("%.60q: %d %s", text, a.Status, a.Body)
		}
		c.Close()
	}
	if n := len(d.cases(t)); n != 0 {
		t.Errorf("%d cases", n)
	}
}

// A sender may close its half of the connection once it has sent everything.
func TestHalfClosed(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for i := range 20 {
		body := wide(fmt.Sprint(i), 2000)
		c := s.begin(t, s.head(len(body))+body)
		c.(*net.TCPConn).CloseWrite()
		if a := d.take(t, readResponse(t, c)); a.codes() != "SUCCESS" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		c.Close()
	}
}

// A sender with a dead token still gets its answer, however large its body and however it sends.
func TestExpiredWithLargeBody(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	d.wait(time.Hour)
	body := padded("大", 13<<20)
	if a := s.send(t, body); a.Status != 200 || a.codes() != "13000" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := s.send(t, chunked(body)); a.Status != 200 || a.codes() != "13000" {
		t.Errorf("chunked: %d %s", a.Status, a.Body)
	}
	c := s.begin(t, s.head(len(body))+body) // writes everything before it reads
	defer c.Close()
	if a := d.take(t, readResponse(t, c)); a.Status != 200 || a.codes() != "13000" {
		t.Errorf("raw: %d %s", a.Status, a.Body)
	}
	s.token = "00000000-0000-4000-8000-000000000000"
	c = s.begin(t, s.head(len(body))+body)
	defer c.Close()
	if a := d.take(t, readResponse(t, c)); a.codes() != "13000" {
		t.Errorf("unknown token, raw: %d %s", a.Status, a.Body)
	}
}

// A client that waits to be told to go on is told, also where it will be refused.
func TestExpectContinue(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for want, body := range map[string]string{"SUCCESS": bodyOf("1"), "19001": padded("2", 2<<20) + "x"} {
		if got := s.expectContinue(t, body); got.codes() != want {
			t.Errorf("%s, want %s", got.Body, want)
		}
	}
	d.wait(time.Hour)
	if a := s.expectContinue(t, padded("3", 2<<20)); a.codes() != "13000" {
		t.Errorf("%s", a.Body)
	}
}

func (s *sender) expectContinue(t tester, body string) answer {
	t.Helper()
	c := s.hold(t, body, 0)
	defer c.Close()
	return s.d.take(t, readResponse(t, c))
}

// Anything that one call leaves unread on a connection is never taken for the next.
func TestPipelined(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	hidden := s.head(len(bodyOf("hidden"))) + bodyOf("hidden")
	for name, first := range map[string]string{
		"media type": strings.Replace(s.head(len(hidden)), "application/json", "text/plain", 1) + hidden,
		"no token":   strings.Replace(s.head(len(hidden)), s.token, "", 1) + hidden,
		"no JSON":    s.head(len(hidden)) + hidden,
		"no such":    strings.Replace(s.head(len(hidden)), "/security", "/x", 1) + hidden,
		"method":     strings.Replace(s.head(len(hidden)), "POST", "PUT", 1) + hidden,
		"logout": strings.Replace(
			strings.Replace(s.head(len(hidden)), "receiveCaseinfo", "logout", 1), s.token, "", 1,
		) + hidden,
		"two lengths": strings.Replace(
			s.head(len(hidden)), "Content-Length", "Transfer-Encoding: chunked\r\nContent-Length", 1,
		) + hidden,
	} {
		// The second call is the last, so that the answers end with the connection and not with a time.
		last := strings.Replace(s.head(len(bodyOf("1"))), "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)
		c := s.begin(t, first+last+bodyOf("1"))
		r := bufio.NewReader(c)
		for {
			if _, err := http.ReadResponse(r, nil); err != nil {
				if errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("%s: the connection is not closed", name)
				}
				break
			}
			if n := len(d.cases(t)); n > 0 && d.cases(t)[0].CaseID == "hidden" || n > 1 {
				t.Fatalf("%s: a body was taken for a call", name)
			}
		}
		c.Close()
	}
}

// S16: who sends too much gets its answer also where it writes everything before it reads.
func TestS16RawTooLarge(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBody = 3 << 20 })
	s := d.sender(t, api.All)
	body := padded("大", 5<<20)
	c := s.begin(t, s.head(len(body))+body)
	defer c.Close()
	if a := d.take(t, readResponse(t, c)); a.Status != 413 || a.codes() != "19006" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	c = s.begin(t, fmt.Sprintf(
		"POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", s.call(api.Receive),
		len(body), body,
	))
	defer c.Close()
	if a := d.take(t, readResponse(t, c)); a.Status != 413 || a.codes() != "19006" {
		t.Errorf("chunked: %d %s", a.Status, a.Body)
	}
}

// until repeats f until it holds. The bound only ends a test that hangs.
func until(t tester, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

// hold begins a body and returns once its slot is taken: the server asks for the body only then. All but rest bytes of
// it are sent.
func (s *sender) hold(t tester, body string, rest int) net.Conn {
	t.Helper()
	c := s.begin(t, strings.Replace(s.head(len(body)), "\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", 1))
	const wanted = "HTTP/1.1 100 Continue\r\n\r\n"
	got := make([]byte, len(wanted))
	if n, err := io.ReadFull(c, got); err != nil || string(got) != wanted {
		t.Fatalf("no slot for the body that is to be held: %q %v", got[:n], err)
	}
	if _, err := io.WriteString(c, body[:len(body)-rest]); err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

// One app may use half of the slots, and a quarter once half are taken, so it takes more than two to fill them; then
// everybody has to come back. Nobody else is hindered before.
func TestBodiesAtOnce(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBodies = 4 })
	greedy, second := d.sender(t, api.All), d.sender(t, api.All)
	third, fourth := d.sender(t, api.All), d.sender(t, api.All)
	one := greedy.hold(t, bodyOf("1"), 1)
	defer one.Close()
	defer greedy.hold(t, bodyOf("1"), 1).Close()
	for _, s := range []*sender{greedy, second} {
		if s == second {
			s.accept(t, bodyOf("1"))
			defer s.hold(t, bodyOf("1"), 1).Close()
		}
		if a := s.send(t, bodyOf("1")); a.Status != 429 || a.codes() != "19008" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	third.accept(t, bodyOf("1"))
	defer third.hold(t, bodyOf("1"), 1).Close()
	a := fourth.send(t, bodyOf("1"))
	if a.Status != 503 || a.codes() != "19009" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if !third.alive(t) || third.logout(t).codes() != "SUCCESS" {
		t.Error("calls without a case are hindered")
	}
	io.WriteString(one, "}")
	if a := d.take(t, readResponse(t, one)); a.codes() != "SUCCESS" {
		t.Errorf("the body that was held: %s", a.Body)
	}
	until(t, "a slot is free again", func() bool { return greedy.send(t, bodyOf("1")).codes() == "SUCCESS" })
}

// Neither strangers nor logged-out tokens hold a slot of the apps, however many there are: those for whom there is no
// slot are answered unread.
func TestStrangersHoldNoPlaceOfApps(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBodies, c.MaxStrangers = 4, 8 })
	s := d.sender(t, api.All)
	out := *s
	out.login(t)
	out.logout(t)
	stranger := *s
	stranger.token = "00000000-0000-0000-0000-000000000000"
	body := bodyOf("1")
	var answered atomic.Int32
	for i := range 40 {
		from := &stranger
		if i%2 == 0 {
			from = &out
		}
		c := from.begin(t, from.head(len(body))+body[:1])
		defer c.Close()
		go func() {
			if n, _ := c.Read(make([]byte, 1)); n == 1 {
				answered.Add(1)
			}
		}()
	}
	until(t, "the slots of strangers are taken", func() bool { return answered.Load() >= 32 })
	c := stranger.begin(t, stranger.head(len(body))+body[:1])
	defer c.Close()
	began := time.Now()
	res := readResponse(t, c)
	if a := d.take(t, res); a.codes() != "13000" || !res.Close || time.Since(began) > 3*time.Second {
		t.Errorf("a stranger too many: %d %s after %s, close %t", a.Status, a.Body, time.Since(began), res.Close)
	}
	for i := range 8 {
		s.accept(t, bodyOf(fmt.Sprint("案", i)))
	}
}

// A body that has sent next to nothing gives its slot back when others wait, and is told to come back; one that waits
// for nobody may go on.
func TestStalledBodyLeaves(t *testing.T) {
	t.Parallel()
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBodies = 2 })
	slow, other := d.sender(t, api.All), d.sender(t, api.All)
	third := d.sender(t, api.All)
	held := slow.hold(t, bodyOf("1"), len(bodyOf("1"))-1)
	defer held.Close()
	defer other.hold(t, bodyOf("1"), 1).Close()
	if a := third.send(t, bodyOf("1")); a.codes() != "19009" {
		t.Errorf("while none has stalled: %d %s", a.Status, a.Body)
	}
	time.Sleep(5500 * time.Millisecond)
	third.accept(t, bodyOf("1"))
	if a := d.take(t, readResponse(t, held)); a.Status != 503 || a.codes() != "19009" {
		t.Errorf("the stalled body: %d %s", a.Status, a.Body)
	}
	slow.accept(t, bodyOf("1"))
}

// Places come back whatever becomes of the call that took them.
func TestPlacesComeBack(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBodies, c.MaxLargeBodies = 2, 1 })
	s := d.sender(t, api.All)
	dead := *s
	dead.login(t)
	dead.logout(t)
	large := padded("大", 100<<10)
	for range 3 {
		s.accept(t, bodyOf("1"))
		s.accept(t, large)
		s.accept(t, chunked(large))
		s.send(t, `{`)
		s.send(t, large+"x")
		s.send(t, large, "Content-Type", "text/plain")
		dead.send(t, large)
		d.post(t, "/security/receiveCaseinfo", large)
		c := s.hold(t, large, 10<<10)
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
		until(t, "the slot of a cut connection", func() bool { return s.send(t, large).codes() == "SUCCESS" })
	}
}

// Many large bodies at once wait for their turn and are all served.
func TestLargeBodiesQueue(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxLargeBodies = 1 })
	s := d.sender(t, api.All)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			body := wide(fmt.Sprint("大", i), 1000) // all of them within the ten seconds that they may wait
			if a := s.send(t, body); a.codes() != "SUCCESS" {
				t.Errorf("%d: %d %s", i, a.Status, a.Body)
			}
		})
	}
	wg.Wait()
}

// One app that stalls in the middle of its bodies must not keep every other app's large bodies out.
func TestStalledApp(t *testing.T) {
	t.Parallel()
	d := openDoor(t)
	stalled, other := d.sender(t, api.All), d.sender(t, api.All)
	body := padded("1", 200<<10)
	for range 16 {
		defer stalled.hold(t, body, len(body)-(100<<10)).Close()
	}
	time.Sleep(300 * time.Millisecond)
	if a := other.send(t, body); a.codes() != "SUCCESS" {
		t.Errorf("another app: %d %s", a.Status, a.codes())
	}
}
