package checks

import (
	"bytes"
	"strings"

	"diaoxiao/conformance/internal/trial"

	"diaoxiao/conformance/internal/sample"
)

// charsetChecks are those of S11: encodings and media types.
func charsetChecks() []trial.Check {
	reads := func(id, kind string, body func(sample.Object) []byte) trial.Check {
		return should(id, "声明为 "+kind+" 的正文先转换（扩展）", func(t *trial.Trial) { readsAs(t, kind, body) })
	}
	bom := func(c sample.Object) []byte { return append([]byte("\ufeff"), c.Bytes()...) }
	return []trial.Check{
		must("S11-01", "Content-Type 的常见写法都受理", func(t *trial.Trial) {
			for _, kind := range []string{
				"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8",
				"Application/JSON",
			} {
				t.Send(t.NewCase(), "Content-Type", kind).Accepted()
			}
		}),
		should("S11-02", "没有 Content-Type 的正文按 JSON、UTF-8 读取", func(t *trial.Trial) {
			t.Send(t.NewCase(), "Content-Type", "").Accepted()
		}),
		should("S11-03", "正文开头的一个 BOM 不影响受理", func(t *trial.Trial) { t.Send(bom(t.NewCase())).Accepted() }),
		must("S11-04", "生僻字（四字节 UTF-8）和少数民族文字照样受理", func(t *trial.Trial) {
			t.Send(t.NewCase().With("legal", "𠮷𬭎·ᠮᠣᠩᠭᠣᠯ")).Accepted()
		}),
		must("S11-05", "不是有效 UTF-8 的正文不受理，不以替代字符修补", func(t *trial.Trial) {
			for _, bad := range []string{"\xff", "\xd5\xc5", "\xed\xa0\x80", "\xc0\xaf", "\xe6\xb1"} {
				t.Send(bytes.Replace(t.NewCase().With("legal", "MARK").Bytes(), []byte("MARK"), []byte("张"+bad), 1)).
					Refused()
			}
		}),
		must("S11-06", "没有声明的 GBK 正文不受理", func(t *trial.Trial) { t.Send(asGBK(plainCase(t))).Refused() }),
		reads("S11-07", "application/json; charset=GBK", asGBK),
		reads("S11-08", "application/json; charset=GB2312", asGBK),
		reads("S11-09", "application/json; charset=GB18030", asGBK),
		must("S11-10", "声明为 GBK 而内容不是，不受理", func(t *trial.Trial) {
			t.Send(
				bytes.Replace(plainCase(t).Bytes(), []byte("联调测试"), []byte("\xff\x81\x20"), 1),
				"Content-Type",
				"application/json; charset=GBK",
			).Refused()
		}),
		should("S11-11", "不支持的字符集和媒体类型不受理", func(t *trial.Trial) {
			for _, kind := range []string{
				"application/json; charset=utf-16",
				"text/plain",
				"application/x-www-form-urlencoded",
			} {
				t.Send(t.NewCase(), "Content-Type", kind).Refused()
			}
		}),
		should("S11-12", "声明为压缩而没有压缩的正文不受理", func(t *trial.Trial) {
			t.Send(t.NewCase(), "Content-Encoding", "gzip").Refused()
		}),
		must("S11-13", "声明为 GBK 而正文是 UTF-8 的，不受理，不读成别的字", func(t *trial.Trial) {
			for _, charset := range []string{"GBK", "GB2312", "GB18030"} {
				notMisread(t, "application/json; charset="+charset)
			}
		}),
	}
}

// notMisread demands that a body in UTF-8 which is declared in another encoding is refused, or read as the UTF-8 that
// it is.
func notMisread(t *trial.Trial, kind string) {
	idempotent(t)
	c := plainCase(t)
	if a := t.Send(c, "Content-Type", kind); a.OK() {
		a.Accepted()
		t.Send(c).Repeats(a)
	} else {
		a.Refused()
	}
}

// plainCase is a case whose only Chinese is 联调测试, so that it can be written in GBK without tables.
func plainCase(t *trial.Trial) sample.Object {
	c := t.NewCase().With("caseid", strings.ReplaceAll(t.CaseID(), "联调测试", "test"))
	for _, name := range []string{"casename", "caseintroduction", "illegality", "penalty", "penaltyorg", "legal"} {
		c = c.With(name, "联调测试")
	}
	return c
}

func asGBK(c sample.Object) []byte {
	return bytes.ReplaceAll(c.Bytes(), []byte("联调测试"), []byte("\xc1\xaa\xb5\xf7\xb2\xe2\xca\xd4"))
}

// readsAs demands that a body in another encoding is either refused or read as the same case in UTF-8.
func readsAs(t *trial.Trial, kind string, body func(sample.Object) []byte) {
	idempotent(t)
	c := plainCase(t)
	a := t.Send(body(c), "Content-Type", kind)
	if !a.OK() {
		a.Step.OK = true
		t.NotOffered("不支持 %s", kind)
	}
	a.Accepted()
	t.Send(c).Repeats(a)
}
