package charset_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"diaoxiao/internal/charset"
)

// evidence is what is found in a body that comes in pieces.
func evidence(t interface{ Fatal(...any) }, r io.Reader) bool {
	var e charset.UTF8Evidence
	if _, err := io.Copy(&e, r); err != nil {
		t.Fatal(err)
	}
	return e.Found()
}

func TestUTF8Evidence(t *testing.T) {
	long := strings.Repeat("a", 1<<16)
	for body, want := range map[string]bool{
		`{"legal":"长期停业"}`:   true,
		`{"legal":"张"}`:      true,
		`{"legal":"𠮷"}`:      true,
		"\ufeff{}":           true,
		long + "张":           true,
		"张" + long:           true,
		`{"legal":"A·B"}`:    true,
		`{"legal":"Müller"}`: true,
		`{"legal":"A·B","casename":"Ivan·Petrov"}`: true,
		`{"legal":"毛伟"}`:                           true,
		`{"a":"é","b":"张"}`:                        true,
		`张"` + "\xc2\xb7":                          true,
		`{}`:                                       false,
		``:                                         false,
		`{"legal":"zhang"}`:                        false,
		// Valid in both, and GBK text of one or two characters as likely as not.
		"{\"legal\":\"\xc3\xab\xce\xb0\"}": false,
		"{\"legal\":\"\xc2\xb7\"}":         false,
		"No. 5 \xc2\xb7 north":             false,
		"\xc2\xa5A":                        false,
		"A\xc2\xb7B, \xc2\xbd\xc3\xc0":     false,
		"A\xc2\xb7\xc2\xb7B":               false,
		"1\xc2\xb7B":                       false,
		"A\xc3\xb7B":                       false,
		"A\xc2\xb7":                        false,
		// Not UTF-8.
		"张\xff":             false,
		"\xd5\xc5":          false,
		"张\xe5\xbc":         false,
		"张\xe5":             false,
		"张\xed\xa0\x80":     false,
		"张\xc0\xaf":         false,
		"\xc1\xaa\xcd\xa8":  false,
		"张\x80":             false,
		"张\xf5\x80\x80\x80": false,
		long + "张\xe5\xbc":  false,
	} {
		for name, r := range map[string]io.Reader{
			"whole":        strings.NewReader(body),
			"byte by byte": iotest.OneByteReader(strings.NewReader(body)),
			"halved":       iotest.HalfReader(strings.NewReader(body)),
		} {
			if got := evidence(t, r); got != want {
				t.Errorf("%.40q, %s: %v", body, name, got)
			}
		}
	}
}

// Text that has Chinese is found out wherever its pieces are cut, and the same text in GBK never is.
func TestUTF8EvidenceOfChinese(t *testing.T) {
	chinese := rapid.StringOfN(rapid.RuneFrom([]rune("吊销营业执照内蒙古自治区市场监督管理局长期停业未经营乌云其木格，。（）〔〕")), 12, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		text := chinese.Draw(t, "text")
		cut := rapid.IntRange(0, len(text)).Draw(t, "cut")
		if !evidence(t, io.MultiReader(strings.NewReader(text[:cut]), strings.NewReader(text[cut:]))) {
			t.Fatalf("%q is not found to be UTF-8", text)
		}
		gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if evidence(t, bytes.NewReader(gbk)) {
			t.Fatalf("%q in GBK is found to be UTF-8", text)
		}
	})
}
