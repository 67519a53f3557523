package interop

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm3"
)

// authority has OpenSSL make time-stamps behind HTTP, with a key of some kind, as options of openssl genpkey.
type authority struct{ dir, URL, CA string }

const authorityConf = `[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
[leaf]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`

func openAuthority(t *testing.T, key ...string) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	a.CA = filepath.Join(a.dir, "ca.pem")
	write(t, filepath.Join(a.dir, "conf"), authorityConf)
	write(t, filepath.Join(a.dir, "serial"), "01\n")
	for _, name := range []string{"ca.key", "tsa.key"} {
		a.openssl(t, append([]string{"genpkey", "-out", name}, key...)...)
	}
	a.openssl(t, "req", "-x509", "-config", "conf", "-extensions", "ca", "-key", "ca.key", "-subj", "/CN=root",
		"-days", "3650", "-out", "ca.pem")
	a.openssl(t, "req", "-new", "-config", "conf", "-key", "tsa.key", "-subj", "/CN=OpenSSL authority",
		"-out", "tsa.csr")
	a.openssl(t, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
		"-days", "400", "-extfile", "conf", "-extensions", "leaf", "-out", "tsa.pem")
	door := httptest.NewServer(a)
	t.Cleanup(door.Close)
	a.URL = door.URL
	return a
}

func (a *authority) openssl(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = a.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl %q: %v\n%s", args, err, out)
	}
}

func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query, err := io.ReadAll(r.Body)
	if err == nil {
		err = os.WriteFile(filepath.Join(a.dir, "query"), query, 0o600)
	}
	cmd := exec.Command("openssl", "ts", "-reply", "-config", "conf", "-section", "one", "-queryfile", "query", "-out",
		"reply")
	cmd.Dir = a.dir
	out, failed := cmd.CombinedOutput()
	reply, err2 := os.ReadFile(filepath.Join(a.dir, "reply"))
	if err != nil || failed != nil || err2 != nil {
		http.Error(w, string(out), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(reply)
}

// verifies says whether OpenSSL takes a stamp as one over a hash.
func (a *authority) verifies(t *testing.T, token []byte, hash []byte) bool {
	t.Helper()
	name := write(t, filepath.Join(t.TempDir(), "token"), string(token))
	return exec.Command("openssl", "ts", "-verify", "-digest", hex.EncodeToString(hash), "-token_in", "-in", name,
		"-CAfile", a.CA).Run() == nil
}

// stamped are the stamps of a file, read without our own reader.
type stamped struct {
	Stamps []struct {
		No    int64
		Note  string
		Token []byte
		Path  []string
	}
}

// stamps is the file of the stamps for a receipt, once there are n or more.
func (o *office) stamps(receipt string, n int) (s stamped, file string) {
	o.Helper()
	file = o.at("stamps.json")
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		out, err := diaoxiao(o, "evidence", "stamps", receipt, "--data", o.at("data"), "-o", file).CombinedOutput()
		if err == nil {
			text, err := os.ReadFile(file)
			o.must(err)
			o.must(json.Unmarshal(text, &s))
			if len(s.Stamps) >= n {
				return s, file
			}
		}
		if time.Now().After(end) {
			o.Fatalf("no %d stamps: %v\n%s", n, err, out)
		}
	}
}

// lengthAnd is a text behind its length in eight bytes.
func lengthAnd(text string) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(len(text)))) + text
}

// TestStampsByOpenSSL has the server's checkpoints stamped by OpenSSL over HTTP, with both of its kinds of keys.
// OpenSSL verifies what is stored, over the hash that docs/evidence.md tells of.
func TestStampsByOpenSSL(t *testing.T) {
	t.Parallel()
	for name, key := range map[string][]string{
		"ECDSA": {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
		"RSA":   {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAuthority(t, key...)
			o := openOffice(t, "--stamp-urls", a.URL, "--stamp-ca", a.CA)
			receipt := write(t, o.at("receipt"), string(o.receipt(o.send(1))))
			s, file := o.stamps(receipt, 1)
			hash := sha256.Sum256([]byte("\x00" + lengthAnd(s.Stamps[0].Note)))
			if !a.verifies(t, s.Stamps[0].Token, hash[:]) {
				t.Error("OpenSSL does not verify the stamp")
			}
			hash[7] ^= 1
			if a.verifies(t, s.Stamps[0].Token, hash[:]) {
				t.Error("OpenSSL verifies it over another hash")
			}
			out := o.run("verify", receipt, "--keys", o.at("keys/policy.txt"), "--stamps", file, "--tsa-ca", a.CA)
			if !strings.Contains(string(out), "已经存在（OpenSSL authority）") {
				t.Errorf("%s", out)
			}
			if name == "ECDSA" {
				o.renewBySM2(t, a, receipt)
			}
		})
	}
}

// renewBySM2 has the next stamp made by BouncyCastle with SM2 and SM3, by hand as without a network. Then SHA-256 may
// break. The server, whose settings have another hash function, makes one more.
func (o *office) renewBySM2(t *testing.T, a *authority, receipt string) {
	t.Helper()
	query, reply, ca := o.at("q.tsq"), o.at("r.tsr"), o.at("sm2.pem")
	data := []string{"--data", o.at("data"), "--stamp-hash", "sm3"}
	o.run(append(data, "evidence", "stamp", "--stamp-ca", a.CA, "--query", query)...)
	runJava(t, "testdata/TimeStamp.java", "reply", query, reply, ca)
	o.run(append(data, "evidence", "stamp", "--stamp-ca", ca, "--query", query, "--reply", reply)...)
	s, file := o.stamps(receipt, 2)
	first, second := s.Stamps[0], s.Stamps[1]
	left := sm3.Sum([]byte("\x00" + lengthAnd(first.Note) + lengthAnd(string(first.Token))))
	right := sm3.Sum([]byte("\x00" + lengthAnd(second.Note)))
	hash := sm3.Sum([]byte("\x01" + string(left[:]) + string(right[:])))
	token := write(t, o.at("token"), string(second.Token))
	out := runJava(t, "testdata/TimeStamp.java", "verify", ca, token, hex.EncodeToString(hash[:]))
	if !strings.HasPrefix(out, "ok ") {
		t.Errorf("BouncyCastle: %s", out)
	}
	both := write(t, o.at("both.pem"), read(t, a.CA)+read(t, ca))
	verify := []string{"verify", receipt, "--keys", o.at("keys/policy.txt"), "--stamps", file, "--tsa-ca", both}
	proved := o.run(append(verify, "--broken", "SHA-256=2090-01-01,ECDSA=2090-01-01")...)
	if !strings.Contains(string(proved), "；其后续期 ") {
		t.Errorf("%s", proved)
	}
	for _, broken := range []string{"SHA-256=2020-01-01", "SM3=2020-01-01", "SM2=2020-01-01"} {
		cmd := diaoxiao(o, append(verify, "--broken", broken)...)
		if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 3 ||
			!strings.Contains(string(out), "时间戳续期之前算法已不可靠") {
			t.Errorf("%s: %s", broken, out)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
