package papercode_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"diaoxiao/internal/evidence/papercode"
)

// A file comes back, in any order of its codes, one of them read twice, and with blank lines.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := rapid.SliceOfN(rapid.Byte(), 0, 4000).Draw(t, "file")
		codes, err := papercode.Encode(file)
		if err != nil {
			t.Fatal(err)
		}
		read := append(rapid.Permutation(codes).Draw(t, "order"), codes[0], "")
		text := []byte("\n" + strings.Join(read, "\r\n"))
		got, err := papercode.Decode(text)
		if err != nil || !bytes.Equal(got, file) || !papercode.Is(text) {
			t.Fatalf("%x, %v", got, err)
		}
		if sorted := slices.Sorted(slices.Values(codes)); !slices.Equal(sorted, codes) {
			t.Fatal("sorting changes the order")
		}
	})
}

// The lines are taken as programs that read codes and editors on Windows write them: with the kind of code before each
// one, as by zbarimg without --raw, with a byte order mark, in UTF-16, and with ends of lines of two characters.
func TestFormsOfReaders(t *testing.T) {
	file := incompressible(2000)
	codes, err := papercode.Encode(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"zbarimg without --raw": "QR-Code:" + strings.Join(codes, "\nQR-Code:") + "\n",
		"with CRLF":             "QR-Code:" + strings.Join(codes, "\r\nQR-Code:") + "\r\n",
		"with old ends":         strings.Join(codes, "\r"),
		"byte order mark":       "\ufeff" + strings.Join(codes, "\n"),
		"PowerShell":            utf16(t, "QR-Code:"+strings.Join(codes, "\r\nQR-Code:")+"\r\n"),
		"all of it":             "\ufeff\r\nQR-Code:" + strings.Join(codes, "\r\n\r\n\ufeff QR-Code: ") + "\r\n",
	} {
		got, err := papercode.Decode([]byte(text))
		if err != nil || !bytes.Equal(got, file) || !papercode.Is([]byte(text)) {
			t.Errorf("%s: %d bytes, %v, %v", name, len(got), err, papercode.Is([]byte(text)))
		}
	}
	if papercode.Is([]byte("QR-Code:https://a.cn/x")) || papercode.Is([]byte("EAN-13:DX1/01/01/abc")) {
		t.Error("other codes")
	}
}

// utf16 is a text as PowerShell writes it into a file.
func utf16(t *testing.T, text string) string {
	t.Helper()
	b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// incompressible is a file that needs several codes.
func incompressible(n int) (b []byte) {
	for x := uint32(1); len(b) < n; {
		x = x*1664525 + 1013904223
		b = append(b, byte(x>>24))
	}
	return b
}

func TestFaultyCodes(t *testing.T) {
	codes, err := papercode.Encode(incompressible(3000))
	if err != nil || len(codes) < 4 {
		t.Fatal(codes, err)
	}
	_, err = papercode.Decode([]byte(codes[3] + "\n" + codes[0]))
	var missing *papercode.MissingError
	if !errors.As(err, &missing) || !slices.Equal(missing.Numbers[:2], []int{2, 3}) {
		t.Error(err)
	}
	other, err := papercode.Encode(incompressible(9000))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]error{
		codes[0] + "\n" + other[1]:                                     papercode.ErrMixed,
		codes[0] + "\n" + strings.Replace(codes[1], "/02/", "/01/", 1): papercode.ErrMixed,
		"":                papercode.ErrCode,
		"DX1/03/02/abc":   papercode.ErrCode,
		"DX1/00/00/abc":   papercode.ErrCode,
		"DX1/01/01/":      papercode.ErrCode,
		"DX1/01/01/abc":   papercode.ErrCode,
		"https://a.cn/x":  papercode.ErrCode,
		"DX1/01/01/AAAA":  papercode.ErrCode,
		bomb(t):           papercode.ErrLarge,
		"DX2/01/01/abcd=": papercode.ErrCode,
	} {
		if _, err := papercode.Decode([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%.30q: %v, want %v", text, err, want)
		}
	}
	if _, err := papercode.Encode(incompressible(90_000)); !errors.Is(err, papercode.ErrLarge) {
		t.Error(err)
	}
}

// bomb is a code that unpacks to 100 MB.
func bomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(make([]byte, 100_000_000)); err != nil {
		t.Fatal(err)
	}
	z.Close()
	return "DX1/01/01/" + base64.StdEncoding.EncodeToString(b.Bytes())
}
