package charset_test

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"diaoxiao/internal/charset"
)

// The corners of the three user-defined areas of GB 18030-2005 and its code points for them.
func TestUserDefinedCharacters(t *testing.T) {
	for in, want := range map[string]string{
		"\xAA\xA1": "\uE000", "\xAF\xFE": "\uE233", "\xF8\xA1": "\uE234", "\xFE\xFE": "\uE4C5", "\xA1\x40": "\uE4C6",
		"\xA7\xA0": "\uE765", "\xA1\x7E\xA1\x80": "\uE504\uE505", "\xD5\xC5\xAA\xA1\xC8\xFD": "张\uE000三",
	} {
		for _, c := range []charset.Charset{charset.GBK, charset.GB18030} {
			for how, r := range map[string]io.Reader{
				"whole":        bytes.NewReader([]byte(in)),
				"byte by byte": iotest.OneByteReader(bytes.NewReader([]byte(in))),
			} {
				if got, err := io.ReadAll(c.Reader(r)); err != nil || string(got) != want {
					t.Errorf("%s % x, %s: %q, %v; want %q", c, in, how, got, err, want)
				}
			}
		}
	}
}
