package credential_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"diaoxiao/internal/receiver/credential"
)

const (
	password = "内蒙古 Grassland#7"
	salt     = "0123456789abcdef"
	// Results of the reference implementation, written as we keep them:
	//	printf %s "$password" | argon2 0123456789abcdef -id -t 3 -k 65536 -p 1 -l 64 -r
	stored = "$argon2id$v=19$m=65536,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$3dPTp0dPOZUdXVr4zq8yd/2UoGeuepcuLgzXZW+B5Vw"
	keyHex = "fe5288708a015b5cb82d70cfa7e72bcebc092faf365b308e9ff8fd1be3affdb8"
)

// Every version to come must verify a password kept today, and open it with the same key.
func TestStoredPasswordStaysReadable(t *testing.T) {
	made, key, err := credential.NewPassword(strings.NewReader(salt), password)
	if err != nil || made != stored || hex.EncodeToString(key[:]) != keyHex {
		t.Errorf("kept %s, key %x, %v", made, key[:], err)
	}
	got, ok := credential.Verify(stored, password)
	if !ok || got != key {
		t.Errorf("verified %v, the same key %v", ok, got == key)
	}
}

func TestVerifyRefuses(t *testing.T) {
	for _, p := range []string{"", password + " ", strings.ToLower(password), "內蒙古 Grassland#7", "内蒙古 Grassland＃7"} {
		if key, ok := credential.Verify(stored, p); ok || key != (credential.Key{}) {
			t.Errorf("%q is verified", p)
		}
	}
	if _, ok := credential.Verify(strings.Replace(stored, "t=3", "t=2", 1), password); ok {
		t.Error("verified with fewer passes")
	}
}

func TestLongestPassword(t *testing.T) {
	longest := strings.Repeat("密", 85) + "a"
	kept, _, err := credential.NewPassword(rand.Reader, longest)
	if _, ok := credential.Verify(kept, longest); !ok || err != nil {
		t.Errorf("%d bytes: %v %v", len(longest), ok, err)
	}
	if _, _, err := credential.NewPassword(rand.Reader, longest+"a"); !errors.Is(err, credential.ErrTooLong) {
		t.Errorf("%d bytes: %v", len(longest)+1, err)
	}
	if n := allocated(func() { credential.Verify(stored, longest+"a"); credential.Burn(longest + "a") }); n > 1<<20 {
		t.Errorf("a password that is too long takes %d bytes", n)
	}
}

func TestNoSaltNoPassword(t *testing.T) {
	for _, r := range []string{"", salt[:15]} {
		if kept, key, err := credential.NewPassword(strings.NewReader(r), password); err == nil || kept != "" ||
			key != (credential.Key{}) {
			t.Errorf("with %d bytes of salt: %q, %v", len(r), kept, err)
		}
	}
	if _, err := credential.NewSecret(iotest.ErrReader(errors.ErrUnsupported)); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a secret without randomness: %v", err)
	}
	if _, err := credential.Seal(strings.NewReader(""), credential.Key{}, "", nil); err == nil {
		t.Error("sealed without randomness")
	}
}

// Whether a name exists does not show: Burn takes what Verify takes.
func TestBurnCostsAsMuch(t *testing.T) {
	verify := allocated(func() { credential.Verify(stored, "wrong") })
	burn := allocated(func() { credential.Burn("wrong") })
	if verify < 64<<20 || burn < 64<<20 || max(verify, burn)-min(verify, burn) > 64<<10 {
		t.Errorf("Verify takes %d bytes, Burn %d", verify, burn)
	}
}

// A text slipped into the database is no password, and asks for nothing before it is refused.
func TestHostileStoredTexts(t *testing.T) {
	head, tail := "$argon2id$v=19$m=", stored[strings.Index(stored, "$MDEy"):]
	texts := []string{"", "$", "$$$$$", password, stored + "$", stored[1:], stored[:len(stored)-1], stored + "=",
		strings.Replace(stored, "argon2id", "argon2i", 1), strings.Replace(stored, "v=19", "v=16", 1),
		stored[:len(stored)-1] + "x", // the same bytes in another spelling
		stored[:strings.LastIndex(stored, "$")+1], strings.Repeat(stored, 1000)}
	for _, p := range []string{
		"4194304,t=3,p=1", "4294967296,t=3,p=1", "65536,t=4294967295,p=1", "65536,t=11,p=1", "65536,t=3,p=255",
		"65536,t=0,p=1", "65536,t=3,p=0", "8,t=1,p=1", "-1,t=3,p=1", "+65536,t=3,p=1", "065536,t=3,p=1",
		" 65536,t=3,p=1", "65536,t=3,p=1,x=1",
	} {
		texts = append(texts, head+p+tail)
	}
	for _, text := range texts {
		var ok bool
		if n := allocated(func() { _, ok = credential.Verify(text, password) }); ok || n > 1<<20 {
			t.Errorf("%.80q: verified %v, took %d bytes", text, ok, n)
		}
	}
}

func TestSealAndOpen(t *testing.T) {
	_, key, _ := credential.NewPassword(strings.NewReader(salt), password)
	secret, _ := credential.NewSecret(rand.Reader)
	sealed, err := credential.Seal(rand.Reader, key, "乌云", secret)
	if err != nil || len(sealed) != len(secret)+28 || bytes.Contains(sealed, secret) {
		t.Fatalf("%d bytes sealed: %v", len(sealed), err)
	}
	if got, err := credential.Open(key, "乌云", sealed); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("opened: %v", err)
	}
	other := key
	other[31] ^= 1
	refused := func(what string, key credential.Key, name string, sealed []byte) {
		if got, err := credential.Open(key, name, sealed); !errors.Is(err, credential.ErrSeal) || got != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("another key", other, "乌云", sealed)
	refused("another name", key, "乌云其木格", sealed)
	for n := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[n] ^= 0x80
		refused(fmt.Sprint("byte changed ", n), key, "乌云", damaged)
		refused(fmt.Sprint("bytes cut off at ", n), key, "乌云", sealed[:n])
	}
}

func TestKeyIsNotPrinted(t *testing.T) {
	key := credential.Key{1: 0xab, 31: 0xcd}
	for _, f := range []string{"%v", "%+v", "%s", "%x", "%q"} {
		if s := fmt.Sprintf(f, key); strings.Contains(s, "ab") || strings.Contains(s, "171") {
			t.Errorf("%s prints %s", f, s)
		}
	}
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func BenchmarkVerify(b *testing.B) {
	for b.Loop() {
		credential.Verify(stored, password)
	}
}
