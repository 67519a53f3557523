package seal_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/evidence/seal"
)

const origin = "credit.example.cn/diaoxiao"

func verifiers(t *testing.T, vkeys ...string) (vs []note.Verifier) {
	t.Helper()
	for _, vkey := range vkeys {
		v, _, err := seal.ParseKey(vkey)
		if err != nil {
			t.Fatalf("%s: %v", vkey, err)
		}
		vs = append(vs, v)
	}
	return vs
}

// TestKeys makes keys, saves them, loads them, signs a note and verifies it with each key alone and with both.
func TestKeys(t *testing.T) {
	made, err := seal.Generate(origin)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := made.Save(folder, "口令一"); err != nil {
		t.Fatal(err)
	}
	if err := made.Save(folder, "口令一"); !errors.Is(err, os.ErrExist) {
		t.Errorf("a key was overwritten: %v", err)
	}
	if _, err := seal.Load(folder, "口令二"); !errors.Is(err, seal.ErrPassphrase) {
		t.Errorf("a wrong passphrase gave %v", err)
	}
	keys, err := seal.Load(folder, "口令一")
	if err != nil {
		t.Fatal(err)
	}
	text := origin + "\n1\nAAAA\n"
	msg, err := note.Sign(&note.Note{Text: text}, keys.Signers()...)
	if err != nil {
		t.Fatal(err)
	}
	vkeys := made.VerifierKeys()
	for _, known := range [][]string{vkeys[:1], vkeys[1:], vkeys} {
		n, err := note.Open(msg, note.VerifierList(verifiers(t, known...)...))
		if err != nil || len(n.Sigs) != len(known) || len(n.UnverifiedSigs) != 2-len(known) {
			t.Errorf("%q: %v", known, err)
		}
	}
	msg[0] ^= 1
	if _, err := note.Open(msg, note.VerifierList(verifiers(t, vkeys[1])...)); err == nil {
		t.Error("an altered note verifies")
	}
}

// TestOpenSSL lets OpenSSL open both key files, verify our SM2 signature of a note, and sign one that we accept.
func TestOpenSSL(t *testing.T) {
	keys, err := seal.Generate(origin)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := keys.Save(folder, "secret"); err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(folder, name) }
	openssl(t, "pkey", "-in", in("ed25519.pem"), "-passin", "pass:secret", "-noout")
	openssl(t, "pkey", "-in", in("sm2.pem"), "-passin", "pass:secret", "-pubout", "-out", in("pub.pem"))

	text := []byte(origin + "\n1\nAAAA\n")
	signer := keys.Signers()[1]
	sig, err := signer.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	put(t, in("text"), text)
	put(t, in("sig"), sig)
	sm2 := []string{"-rawin", "-digest", "sm3", "-pkeyopt", "distid:" + seal.UserID, "-in", in("text")}
	verify := []string{"pkeyutl", "-verify", "-pubin", "-inkey", in("pub.pem"), "-sigfile", in("sig")}
	openssl(t, append(verify, sm2...)...)
	sign := []string{"pkeyutl", "-sign", "-inkey", in("sm2.pem"), "-passin", "pass:secret"}
	theirs := openssl(t, append(sign, sm2...)...)
	v := verifiers(t, keys.VerifierKeys()[1])[0]
	if !v.Verify(text, theirs) || v.Verify(text[1:], theirs) {
		t.Error("the signature that OpenSSL made is not taken, or one of another text is")
	}
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// openssl runs OpenSSL and returns its output.
func openssl(t *testing.T, args ...string) []byte {
	t.Helper()
	return output(t, "openssl", args...)
}

// output runs a program and returns its output.
func output(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s%s", program, args, err, out, errs.Bytes())
	}
	return out
}
