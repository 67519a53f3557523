package credential_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/credential"

	"pgregory.net/rapid"
)

var rfcSecret = []byte("12345678901234567890")

// RFC 6238, appendix B, the rows of SHA-1: the last six of the eight digits.
func TestVectorsOfRFC6238(t *testing.T) {
	for at, eight := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if step, ok := credential.Check(rfcSecret, eight[2:], time.Unix(at, 0), 0); !ok || step != at/30 {
			t.Errorf("at %d: step %d, %v", at, step, ok)
		}
		if got := credential.Code(rfcSecret, time.Unix(at, 0)); got != eight[2:] {
			t.Errorf("at %d the device shows %s", at, got)
		}
	}
}

// RFC 4226, appendix D.
func TestVectorsOfRFC4226(t *testing.T) {
	for counter, code := range strings.Fields("755224 287082 359152 969429 338314 254676 287922 162583 399871 520489") {
		n := int64(counter)
		if step, ok := credential.Check(rfcSecret, code, time.Unix(n*30, 0), n-1); !ok || step != n {
			t.Errorf("counter %d: step %d, %v", n, step, ok)
		}
	}
}

// A code is right if and only if it is that of one of the three steps, after the last one used; of equal codes the
// later counts.
func TestCheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 16, 64).Draw(t, "secret")
		at := time.Unix(rapid.Int64Range(60, 1<<35).Draw(t, "at"), 0)
		now := at.Unix() / 30
		shown := at.Add(time.Duration(rapid.IntRange(-90, 90).Draw(t, "clock off by")) * time.Second)
		last := now + rapid.Int64Range(-4, 4).Draw(t, "last")
		code := credential.Code(secret, shown)
		var want int64
		for s := max(now-1, last+1); s <= now+1; s++ {
			if credential.Code(secret, time.Unix(s*30, 0)) == code {
				want = s
			}
		}
		if step, ok := credential.Check(secret, code, at, last); step != want || ok != (want != 0) {
			t.Errorf(
				"the code of step %d at step %d, last %d: step %d, %v; want %d", shown.Unix()/30, now, last, step, ok,
				want,
			)
		}
	})
}

func TestCodeIsGoodOnce(t *testing.T) {
	at := time.Unix(1234567890, 0)
	step, ok := credential.Check(rfcSecret, "005924", at, 0)
	if !ok {
		t.Fatal("refused")
	}
	for _, later := range []time.Duration{0, 30 * time.Second} {
		if _, ok := credential.Check(rfcSecret, "005924", at.Add(later), step); ok {
			t.Errorf("used again after %v", later)
		}
	}
}

func TestSpellingsOfCodes(t *testing.T) {
	at := time.Unix(1234567890, 0)
	for code, want := range map[string]bool{
		"005924":       true,
		" 005 924\t":   true,
		"００５９２４":       true,
		"005　924":      true,
		"\u00a0005924": true,
		"":             false,
		"5924":         false,
		"05924":        false,
		"0005924":      false,
		"89005924":     false,
		"+05924":       false,
		"00592A":       false,
		"٠٠٥٩٢٤":       false,
		"005-924":      false,
	} {
		if _, ok := credential.Check(rfcSecret, code, at, 0); ok != want {
			t.Errorf("%q: %v", code, ok)
		}
	}
}

// Where no secret was set up the code of an empty one, which anybody can reckon, opens nothing.
func TestNoSecretNoCode(t *testing.T) {
	at := time.Unix(1234567890, 0)
	for _, secret := range [][]byte{nil, {}, rfcSecret[:15]} {
		if _, ok := credential.Check(secret, credential.Code(secret, at), at, 0); ok {
			t.Errorf("a secret of %d bytes has a right code", len(secret))
		}
	}
}

func TestURIAndBase32(t *testing.T) {
	const want = "otpauth://totp/%E5%90%8A%E9%94%80%20%E7%AE%A1%E7%90%86%E5%8F%B0:wu%26yun%3A" +
		"?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" +
		"&issuer=%E5%90%8A%E9%94%80%20%E7%AE%A1%E7%90%86%E5%8F%B0&algorithm=SHA1&digits=6&period=30"
	got := credential.URI("吊销 管理台", "wu&yun:", rfcSecret)
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	u, err := url.Parse(got)
	if err != nil || u.Path != "/吊销 管理台:wu&yun:" || u.Query().Get("issuer") != "吊销 管理台" {
		t.Errorf("read back: %+v, %v", u, err)
	}
	if got, want := credential.Base32(rfcSecret), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"; got != want {
		t.Errorf("for typing: %s", got)
	}
	if got := credential.Base32([]byte("foob")); got != "MZXW 6YQ" { // RFC 4648, 10
		t.Errorf("for typing: %s", got)
	}
}
