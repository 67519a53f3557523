package conformance

import (
	"bytes"
	"strings"
)

// charsetChecks are those of S11: encodings and media types.
func charsetChecks() []Check {
	reads := func(id, kind string, body func(object) []byte) Check {
		return should(id, "声明为 "+kind+" 的正文先转换（扩展）", func(t *trial) { readsAs(t, kind, body) })
	}
	bom := func(c object) []byte { return append([]byte("\ufeff"), c.bytes()...) }
	return []Check{
		must("S11-01", "Content-Type 的常见写法都受理", func(t *trial) {
			for _, kind := range []string{"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"} {
				t.send(t.newCase(), "Content-Type", kind).accepted()
			}
		}),
		should("S11-02", "没有 Content-Type 的正文按 JSON、UTF-8 读取", func(t *trial) { t.send(t.newCase(), "Content-Type", "").accepted() }),
		should("S11-03", "正文开头的一个 BOM 不影响受理", func(t *trial) { t.send(bom(t.newCase())).accepted() }),
		must("S11-04", "生僻字（四字节 UTF-8）和少数民族文字照样受理", func(t *trial) {
			t.send(t.newCase().with("legal", "𠮷𬭎·ᠮᠣᠩᠭᠣᠯ")).accepted()
		}),
		must("S11-05", "不是有效 UTF-8 的正文不受理，不以替代字符修补", func(t *trial) {
			for _, bad := range []string{"\xff", "\xd5\xc5", "\xed\xa0\x80", "\xc0\xaf", "\xe6\xb1"} {
				t.send(bytes.Replace(t.newCase().with("legal", "MARK").bytes(), []byte("MARK"), []byte("张"+bad), 1)).refused()
			}
		}),
		must("S11-06", "没有声明的 GBK 正文不受理", func(t *trial) { t.send(asGBK(plainCase(t))).refused() }),
		reads("S11-07", "application/json; charset=GBK", asGBK),
		reads("S11-08", "application/json; charset=GB2312", asGBK),
		reads("S11-09", "application/json; charset=GB18030", asGBK),
		must("S11-10", "声明为 GBK 而内容不是，不受理", func(t *trial) {
			t.send(bytes.Replace(plainCase(t).bytes(), []byte("联调测试"), []byte("\xff\x81\x20"), 1), "Content-Type", "application/json; charset=GBK").refused()
		}),
		should("S11-11", "不支持的字符集和媒体类型不受理", func(t *trial) {
			for _, kind := range []string{"application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded"} {
				t.send(t.newCase(), "Content-Type", kind).refused()
			}
		}),
		should("S11-12", "声明为压缩而没有压缩的正文不受理", func(t *trial) { t.send(t.newCase(), "Content-Encoding", "gzip").refused() }),
		must("S11-13", "声明为 GBK 而正文是 UTF-8 的，不受理，不读成别的字", func(t *trial) {
			for _, charset := range []string{"GBK", "GB2312", "GB18030"} {
				notMisread(t, "application/json; charset="+charset)
			}
		}),
	}
}

// notMisread demands that a body in UTF-8 which is declared in another encoding is refused, or read as the UTF-8 that
// it is.
func notMisread(t *trial, kind string) {
	idempotent(t)
	c := plainCase(t)
	if a := t.send(c, "Content-Type", kind); a.ok() {
		a.accepted()
		t.send(c).repeats(a)
	} else {
		a.refused()
	}
}

// plainCase is a case whose only Chinese is 联调测试, so that it can be written in GBK without tables.
func plainCase(t *trial) object {
	c := t.newCase().with("caseid", strings.ReplaceAll(t.caseID(), "联调测试", "test"))
	for _, name := range []string{"casename", "caseintroduction", "illegality", "penalty", "penaltyorg", "legal"} {
		c = c.with(name, "联调测试")
	}
	return c
}

func asGBK(c object) []byte {
	return bytes.ReplaceAll(c.bytes(), []byte("联调测试"), []byte("\xc1\xaa\xb5\xf7\xb2\xe2\xca\xd4"))
}

// readsAs demands that a body in another encoding is either refused or read as the same case in UTF-8.
func readsAs(t *trial, kind string, body func(object) []byte) {
	idempotent(t)
	c := plainCase(t)
	a := t.send(body(c), "Content-Type", kind)
	if !a.ok() {
		a.step.OK = true
		t.notOffered("不支持 %s", kind)
	}
	a.accepted()
	t.send(c).repeats(a)
}
