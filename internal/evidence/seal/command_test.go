package seal_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/evidence/seal"
)

// TestToken has a key in SoftHSM sign through OpenSC, and one of SM2 through OpenSSL; both are taken up when the keys
// are made. The PIN and the passphrase come from the environment.
func TestToken(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	token := newToken(t)
	put(t, in("ed25519.pub"), token("--read-object", "--type", "pubkey", "--id", "01"))
	commandOf(t, in("ed25519.command"), append(tokenArgs, "--sign", "--mechanism", "EDDSA", "--id", "01")...)
	t.Setenv("DIAOXIAO_SM2", "口令")
	elsewhere := filepath.Join(t.TempDir(), "sm2.pem")
	openssl(t, "genpkey", "-algorithm", "SM2", "-aes256", "-pass", "env:DIAOXIAO_SM2", "-out", elsewhere)
	openssl(t, "pkey", "-in", elsewhere, "-passin", "env:DIAOXIAO_SM2", "-pubout", "-out", in("sm2.pub"))
	commandOf(t, in("sm2.command"), "openssl", "pkeyutl", "-sign", "-inkey", elsewhere, "-passin", "env:DIAOXIAO_SM2",
		"-rawin", "-digest", "sm3", "-pkeyopt", "distid:"+seal.UserID)

	made, err := seal.Create(folder, origin, "secret", seal.MLDSA)
	if err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]bool{"ed25519.pem": false, "sm2.pem": false, "mldsa.pem": true} {
		if _, err := os.Stat(in(name)); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
	loaded, err := seal.Load(folder, "secret")
	if err != nil {
		t.Fatal(err)
	}
	msg, err := note.Sign(&note.Note{Text: text}, loaded.Signers()...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(msg, note.VerifierList(verifiers(t, made.VerifierKeys()...)...))
	if err != nil || len(n.Sigs) != 3 {
		t.Errorf("%v: %q", err, msg)
	}

	t.Setenv("DIAOXIAO_PIN", "4321")
	_, err = loaded.Signers()[0].Sign([]byte(text))
	if err == nil || !strings.Contains(err.Error(), "CKR_PIN_INCORRECT") || strings.Contains(err.Error(), "4321") {
		t.Errorf("a wrong PIN: %v", err)
	}
}

// text is that of an empty log.
const text = origin + "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

// commandOf writes the file of a command.
func commandOf(t *testing.T, path string, args ...string) {
	t.Helper()
	put(t, path, []byte(strings.Join(args, "\n")+"\n"))
}

var tokenArgs = []string{"pkcs11-tool", "--module", "/usr/lib/softhsm/libsofthsm2.so", "--token-label", "diaoxiao",
	"--login", "--pin", "env:DIAOXIAO_PIN"}

// newToken makes a token with an Ed25519 key, and returns what runs OpenSC on it.
func newToken(t *testing.T) func(args ...string) []byte {
	t.Helper()
	folder := t.TempDir()
	conf := filepath.Join(folder, "softhsm2.conf")
	put(t, conf, []byte("directories.tokendir = "+folder+"\n"))
	t.Setenv("SOFTHSM2_CONF", conf)
	t.Setenv("DIAOXIAO_PIN", "1234")
	output(t, "softhsm2-util", "--init-token", "--free", "--label", "diaoxiao", "--pin", "1234", "--so-pin", "5678")
	run := func(args ...string) []byte { return output(t, tokenArgs[0], append(tokenArgs[1:], args...)...) }
	run("--keypairgen", "--key-type", "EC:edwards25519", "--id", "01", "--label", "evidence")
	return run
}

// TestCommand has commands answer in each form, and wrongly; each error names the file, and no argument.
func TestCommand(t *testing.T) {
	keys, err := seal.Generate(origin)
	if err != nil {
		t.Fatal(err)
	}
	whole := t.TempDir()
	if err := keys.Save(whole, "secret"); err != nil {
		t.Fatal(err)
	}
	sm2 := filepath.Join(whole, "sm2.pem")
	openssl(t, "pkey", "-in", sm2, "-passin", "pass:secret", "-pubout", "-out", filepath.Join(whole, "sm2.pub"))
	sign := "openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:" + seal.UserID +
		" -passin pass:secret -inkey " + sm2
	// r and s out of DER, padded with zeros
	padded := func(n string) string {
		return sign + ` | openssl asn1parse -inform DER | sed -n 's/.*INTEGER *://p' | ` +
			`while read h; do printf "%` + n + `s" $h | tr ' ' 0; done | perl -ne 'print pack("H*", $_)'`
	}
	for name, c := range map[string]struct{ script, want string }{
		"DER":        {sign, ""},
		"64 bytes":   {padded("64"), ""},
		"128 bytes":  {padded("128"), ""},
		"other text": {"(cat; echo) | " + sign, "answered "},
		"nothing":    {"true", "answered 0 bytes"},
		"failure":    {"echo 没有插入 >&2; exit 3", "exit status 3: 没有插入"},
		"endless":    {"cat /dev/zero | head -c 100000", "answered 1000 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for _, f := range []string{"origin", "ed25519.pem", "sm2.pub"} {
				data, err := os.ReadFile(filepath.Join(whole, f))
				if err != nil {
					t.Fatal(err)
				}
				put(t, filepath.Join(folder, f), data)
			}
			commandOf(t, filepath.Join(folder, "sm2.command"), "bash", "-c", c.script)
			k, err := seal.Load(folder, "secret")
			if err != nil {
				t.Fatal(err)
			}
			err = k.Test()
			if (err == nil) != (c.want == "") {
				t.Fatal(err)
			}
			if err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "bash") ||
				!strings.Contains(err.Error(), "sm2.command")) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestCommandFiles refuses a command without its public key, with another key, and beside a private key.
func TestCommandFiles(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	commandOf(t, in("ed25519.command"), "true")
	create := func(want string) {
		t.Helper()
		if _, err := seal.Create(folder, origin, "secret"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
	}
	create("ed25519.pub")
	openssl(t, "genpkey", "-algorithm", "SM2", "-out", in("other.pem"))
	openssl(t, "pkey", "-in", in("other.pem"), "-pubout", "-out", in("ed25519.pub"))
	create("a key of another kind")
	openssl(t, "genpkey", "-algorithm", "Ed25519", "-out", in("other.pem"))
	openssl(t, "pkey", "-in", in("other.pem"), "-pubout", "-out", in("ed25519.pub"))
	create("answered 0 bytes")
	put(t, in("ed25519.pem"), nil)
	create("take one of the two away")
	if _, err := os.Stat(in("origin")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder without working keys became one of keys")
	}
}

func TestMLDSA(t *testing.T) {
	keys, err := seal.Generate(origin, seal.MLDSA)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := keys.Save(folder, "口令"); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Load(folder, "口令二"); !errors.Is(err, seal.ErrPassphrase) {
		t.Errorf("a wrong passphrase gave %v", err)
	}
	plain := output(t, "openssl", "asn1parse", "-in", filepath.Join(folder, "mldsa.pem"))
	if !bytes.Contains(plain, []byte("PBES2")) {
		t.Errorf("not encrypted: %s", plain)
	}
	loaded, err := seal.Load(folder, "口令")
	if err != nil {
		t.Fatal(err)
	}
	other := loaded.For(origin + "/2")
	if err := errors.Join(loaded.Test(), other.Test()); err != nil {
		t.Error(err)
	}
	if got, want := strings.Join(loaded.VerifierKeys(), "\n"), strings.Join(keys.VerifierKeys(), "\n"); got != want {
		t.Errorf("%s\n%s", got, want)
	}
}
