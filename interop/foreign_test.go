package interop

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	formatslog "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/formats/proof"
	merkleproof "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// TestForeignVerifiers has the receipt of a case that came over HTTP verified by tools of others, which know nothing of
// ours. Each of them refuses it with one bit changed in any part that it reads.
func TestForeignVerifiers(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	var id string
	for n := range 300 { // more leaves than a tile has
		id = o.send(n)
	}
	file := o.receipt(id)
	if again := takeApart(t, file).file(); string(again) != string(file) {
		t.Fatalf("put together again, the receipt is another one:\n%s\n%s", file, again)
	}
	for _, v := range foreignVerifiers() {
		t.Run(v.name, func(t *testing.T) {
			files, of := [][]byte{file}, []string{"nothing"}
			for _, part := range v.reads {
				for n := range 5 {
					files, of = append(files, flip(t, file, part, n)), append(of, part)
				}
			}
			for i, err := range v.verify(t, o, files) {
				if (err == nil) != (i == 0) {
					t.Errorf("with a bit changed in %s: %v", of[i], err)
				}
			}
		})
	}
	t.Run("fsck", o.fsck)
}

// foreignVerifier is a verifier that is not ours. verify tells of each receipt whether it is refused.
type foreignVerifier struct {
	name   string
	reads  []string
	verify func(t *testing.T, o *office, receipts [][]byte) []error
}

func foreignVerifiers() []foreignVerifier {
	one := func(verify func(*testing.T, *office, []byte) error) func(*testing.T, *office, [][]byte) []error {
		return func(t *testing.T, o *office, receipts [][]byte) (errs []error) {
			for _, r := range receipts {
				errs = append(errs, verify(t, o, r))
			}
			return errs
		}
	}
	ofSHA256 := []string{partLeaf, partIndex, partText, partSHA256, partEd25519}
	ofSM3 := []string{partLeaf, partIndex, partText, partSM3, partSM2}
	return []foreignVerifier{
		{"sumdb", ofSHA256, one(verifyBySumdb)},
		{"transparency-dev", ofSHA256, one(verifyByTransparencyDev)},
		{"openssl", []string{partText, partSM2}, one(verifyByOpenSSL)},
		{"sm-crypto", ofSM3, verifyBySMCrypto},
		{"BouncyCastle", append(ofSM3, partSHA256, partEd25519), verifyByBouncyCastle},
	}
}

// opened is the proof of a receipt with the text of its checkpoint, whose Ed25519 signature was verified.
func opened(t *testing.T, o *office, file []byte) (p proof.TLogProof, n *note.Note, err error) {
	v, err := note.NewVerifier(o.vkeys()[0])
	if err == nil {
		err = p.Unmarshal(file)
	}
	if err == nil {
		n, err = note.Open(p.Checkpoint, note.VerifierList(v))
	}
	return p, n, err
}

// verifyBySumdb verifies with golang.org/x/mod/sumdb.
func verifyBySumdb(t *testing.T, o *office, file []byte) error {
	p, n, err := opened(t, o, file)
	if err != nil {
		return err
	}
	_, sizeAndRoot, _ := strings.Cut(n.Text, "\n") // the package has an origin of its own
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + sizeAndRoot))
	if err != nil {
		return err
	}
	var path tlog.RecordProof
	for _, h := range p.Hashes {
		path = append(path, tlog.Hash(h))
	}
	leaf := takeApart(t, file).leaf
	return tlog.CheckRecord(path, tree.N, tree.Hash, int64(p.Index), tlog.RecordHash([]byte(leaf)))
}

// verifyByTransparencyDev verifies with the modules formats and merkle.
func verifyByTransparencyDev(t *testing.T, o *office, file []byte) error {
	p, n, err := opened(t, o, file)
	if err != nil {
		return err
	}
	var c formatslog.Checkpoint
	if _, err := c.Unmarshal([]byte(n.Text)); err != nil {
		return err
	}
	var path [][]byte
	for _, h := range p.Hashes {
		path = append(path, h[:])
	}
	leaf := rfc6962.DefaultHasher.HashLeaf([]byte(takeApart(t, file).leaf))
	return merkleproof.VerifyInclusion(rfc6962.DefaultHasher, p.Index, c.Size, leaf, path, c.Hash)
}

// verifyByOpenSSL verifies the SM2 signature of the checkpoint.
func verifyByOpenSSL(t *testing.T, o *office, file []byte) error {
	p, dir := takeApart(t, file), t.TempDir()
	sig, err := base64.StdEncoding.DecodeString(p.base64s[1])
	if err != nil {
		return err
	}
	text := write(t, filepath.Join(dir, "text"), string(p.text))
	sigFile := write(t, filepath.Join(dir, "sig"), string(sig[4:]))
	public := write(t, filepath.Join(dir, "pub.pem"), string(sm2PEM(t, o.vkeys()[1])))
	out, err := exec.Command("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-sigfile", sigFile, "-rawin",
		"-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", text).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return err
}

// sm2PEM is the key of a verifier key as a file for OpenSSL: the head of every SubjectPublicKeyInfo of SM2, the point.
func sm2PEM(t *testing.T, vkey string) []byte {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.SplitN(vkey, "+", 3)[2])
	if err != nil {
		t.Fatal(err)
	}
	head := "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d\x03\x42\x00"
	point := key[len("\xffSM2-with-SM3"):]
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: append([]byte(head), point...)})
}

// saved writes receipts into files of a folder.
func saved(t *testing.T, dir string, receipts [][]byte) (names []string) {
	t.Helper()
	for i, r := range receipts {
		names = append(names, write(t, filepath.Join(dir, fmt.Sprint(i, ".receipt")), string(r)))
	}
	return names
}

// verdicts reads what a program said of n receipts, a line for each.
func verdicts(t *testing.T, out string, n int) (errs []error) {
	t.Helper()
	for line := range strings.Lines(out) {
		var err error
		if !strings.HasPrefix(line, "ok ") {
			err = errors.New(line)
		}
		errs = append(errs, err)
	}
	if len(errs) != n {
		t.Fatalf("%d verdicts on %d receipts:\n%s", len(errs), n, out)
	}
	return errs
}

func verifyBySMCrypto(t *testing.T, o *office, receipts [][]byte) []error {
	w := newWorkshop(t)
	script, err := os.ReadFile("testdata/verify-receipt.mjs")
	if err != nil {
		t.Fatal(err)
	}
	w.write(t, map[string][]byte{"verify-receipt.mjs": script})
	args := append([]string{o.vkeys()[1]}, saved(t, w.dir, receipts)...)
	out, err := w.node(t, nil, nil, "verify-receipt.mjs", args...)
	if err != nil {
		t.Fatal(err)
	}
	return verdicts(t, out, len(receipts))
}

// bouncyCastle is the class path of Debian's packages.
const bouncyCastle = "/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar:/usr/share/java/bcpkix.jar"

func verifyByBouncyCastle(t *testing.T, o *office, receipts [][]byte) []error {
	out := runJava(t, append([]string{"testdata/VerifyReceipt.java", o.vkeys()[0], o.vkeys()[1]},
		saved(t, t.TempDir(), receipts)...)...)
	return verdicts(t, out, len(receipts))
}

// runJava runs a program in one file with BouncyCastle.
func runJava(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("java", append([]string{"-Dfile.encoding=UTF-8", "-cp", bouncyCastle}, args...)...).
		CombinedOutput()
	if err != nil {
		t.Fatalf("java %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// fsck has the tool of Tessera derive the log again from its files, and find each file in which a bit was changed.
func (o *office) fsck(t *testing.T) {
	compile(t, "go", "build", "-C", "foreign", "-o", o.at("fsck"), "github.com/transparency-dev/tessera/cmd/fsck")
	o.run("evidence", "tiles", o.at("tiles"), "--data", o.at("data"))
	vkey := write(t, o.at("vkey"), o.vkeys()[0])
	check := func() (out string, whole bool) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		// A worker that finds a fault ends, and with too few of them the tool waits for ever.
		b, err := exec.CommandContext(ctx, o.at("fsck"), "--storage_url=file://"+o.at("tiles")+"/",
			"--public_key="+vkey, "--ui=false", "--N=16").CombinedOutput()
		out = string(b) // it exits with 0 whatever it finds
		return out, err == nil && strings.Contains(out, "Successfully fsck'd") && !strings.Contains(out, "failed")
	}
	if out, whole := check(); !whole {
		t.Fatalf("fsck: %s", out)
	}
	for _, name := range []string{"checkpoint", "tile/0/000", "tile/entries/000", "tile/1/000.p/1"} {
		path := filepath.Join(o.at("tiles"), name)
		file, err := os.ReadFile(path)
		o.must(err)
		file[len(file)/2] ^= 1
		o.must(os.WriteFile(path, file, 0o600))
		if out, whole := check(); whole {
			t.Errorf("%s with another bit: %s", name, out)
		}
		file[len(file)/2] ^= 1
		o.must(os.WriteFile(path, file, 0o600))
	}
}
