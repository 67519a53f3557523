package interop

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// Parts of a receipt, of which a verifier of one suite reads some.
const (
	partLeaf    = "leaf"
	partIndex   = "index"
	partText    = "text of the checkpoint"
	partSHA256  = "SHA-256 path"
	partSM3     = "SM3 path"
	partEd25519 = "Ed25519 signature"
	partSM2     = "SM2 signature"
)

// receiptParts is a receipt in pieces, taken apart without our own reader.
type receiptParts struct {
	leaf             string
	show             json.RawMessage
	sm3              []string
	index            uint64
	hashes           []string
	text             []byte
	signers, base64s []string
}

func takeApart(t *testing.T, file []byte) (p receiptParts) {
	t.Helper()
	head, note, _ := bytes.Cut(file, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	extra, err := base64.StdEncoding.DecodeString(lines[1][len("extra "):])
	var x struct {
		Leaf string
		Show json.RawMessage
		SM3  []string
	}
	if err == nil {
		err = json.Unmarshal(extra, &x)
	}
	if err == nil {
		p.index, err = strconv.ParseUint(lines[2][len("index "):], 10, 64)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.leaf, p.show, p.sm3, p.hashes = x.Leaf, x.Show, x.SM3, lines[3:]
	text, signatures, _ := bytes.Cut(note, []byte("\n\n"))
	p.text = append(bytes.Clone(text), '\n')
	for line := range strings.Lines(string(signatures)) {
		words := strings.Fields(line)
		p.signers, p.base64s = append(p.signers, words[1]), append(p.base64s, words[2])
	}
	return p
}

// file is the receipt again.
func (p receiptParts) file() []byte {
	var x, b bytes.Buffer
	e := json.NewEncoder(&x)
	e.SetEscapeHTML(false)
	e.Encode(map[string]any{"leaf": p.leaf, "show": p.show, "sm3": p.sm3})
	b.WriteString("c2sp.org/tlog-proof@v1\nextra ")
	b.WriteString(base64.StdEncoding.EncodeToString(bytes.TrimSpace(x.Bytes())))
	b.WriteString("\nindex " + strconv.FormatUint(p.index, 10) + "\n")
	for _, h := range p.hashes {
		b.WriteString(h + "\n")
	}
	b.WriteByte('\n')
	b.Write(p.text)
	b.WriteByte('\n')
	for i, s := range p.signers {
		b.WriteString("— " + s + " " + p.base64s[i] + "\n")
	}
	return b.Bytes()
}

// flip is the receipt with one bit of a part changed, another one for each n.
func flip(t *testing.T, file []byte, part string, n int) []byte {
	t.Helper()
	p := takeApart(t, file)
	switch part {
	case partLeaf:
		p.leaf = flipDigit(p.leaf, n)
	case partIndex:
		p.index ^= 1 << (n % 8)
	case partText:
		p.text[n*7%(len(p.text)-1)] ^= 1
	case partSHA256:
		i := n % len(p.hashes)
		p.hashes[i] = flipBase64(t, p.hashes[i], n*5, 0)
	case partSM3:
		i := n % len(p.sm3)
		p.sm3[i] = flipDigit(p.sm3[i], n)
	case partEd25519:
		p.base64s[0] = flipBase64(t, p.base64s[0], n*5, 4)
	case partSM2:
		p.base64s[1] = flipBase64(t, p.base64s[1], n*5, 4)
	}
	return p.file()
}

// flipDigit changes the n-th digit of a text, so that it stays one.
func flipDigit(text string, n int) string {
	var at []int
	for i, c := range []byte(text) {
		if '0' <= c && c <= '9' {
			at = append(at, i)
		}
	}
	b := []byte(text)
	b[at[n*11%len(at)]] ^= 1
	return string(b)
}

// flipBase64 changes a bit of byte n behind the first ones.
func flipBase64(t *testing.T, text string, n, first int) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	b[first+n%(len(b)-first)] ^= 1 << (n % 8)
	return base64.StdEncoding.EncodeToString(b)
}
