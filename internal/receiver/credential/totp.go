package credential

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode"
)

const (
	period     = 30 // seconds; RFC 6238, 5.2
	leastBytes = 16 // of a secret; RFC 4226, 4, R6
)

// NewSecret reads a TOTP secret from r: 20 bytes, as RFC 4226 recommends. The only errors are those of r.
func NewSecret(r io.Reader) ([]byte, error) {
	secret := make([]byte, sha1.Size)
	_, err := io.ReadFull(r, secret)
	return secret, err
}

// Base32 writes a secret for typing into a device: RFC 4648 without padding, in groups of four.
func Base32(secret []byte) string {
	var groups []string
	for text := unspaced(secret); text != ""; {
		n := min(4, len(text))
		groups, text = append(groups, text[:n]), text[n:]
	}
	return strings.Join(groups, " ")
}

func unspaced(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// URI returns what the QR code for a device says, in the key URI format of Google Authenticator, which the others read
// too: issuer, which may be Chinese, and login name are what the device shows. The result holds the secret: it goes
// into no log and no address.
func URI(issuer, name string, secret []byte) string {
	return fmt.Sprintf("otpauth://totp/%s:%s?secret=%s&issuer=%[1]s&algorithm=SHA1&digits=6&period=%[4]d",
		escape(issuer), escape(name), unspaced(secret), period)
}

// escape percent-encodes all that is not unreserved, a blank as %20: not every device reads + as one.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// Check reports whether a code is that of a secret (RFC 6238 with SHA-1, six digits and 30 seconds) at a time, give or
// take one step, and of which step it is. A code of lastStep or before is used up: the caller keeps the step of the
// last code that was right, in the transaction that lets the operator in, and 0 is none. Blanks in the code and
// full-width digits are as good. A secret under 128 bits, none among them, has no right code. How long it takes tells
// nothing about the right code.
func Check(secret []byte, code string, at time.Time, lastStep int64) (step int64, ok bool) {
	code = digits(code)
	now := at.Unix() / period
	for s := now - 1; s <= now+1; s++ { // of two equal codes the later, or it could be used again
		equal := subtle.ConstantTimeCompare([]byte(code), []byte(hotp(secret, s))) == 1
		if equal && s > lastStep && len(secret) >= leastBytes {
			step, ok = s, true
		}
	}
	return step, ok
}

// Code returns the code that a device with a secret shows at a time: the other side, for tests that sign in.
func Code(secret []byte, at time.Time) string { return hotp(secret, at.Unix()/period) }

// hotp is the code of a counter (RFC 4226, 5.3) in six digits.
func hotp(secret []byte, counter int64) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(counter)))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1e6)
}

// digits takes blanks out of a code and writes full-width digits as plain ones.
func digits(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case '０' <= r && r <= '９':
			return r - '０' + '0'
		}
		return r
	}, code)
}
