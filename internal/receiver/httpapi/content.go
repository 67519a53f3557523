package httpapi

import (
	"mime"
	"net/http"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
)

// charsetOf returns the charset of a request's body, or the problem where its Content-Type or Content-Encoding is not
// ours (S11). A missing Content-Type is JSON in UTF-8.
func charsetOf(r *http.Request) (charset.Charset, *api.Problem) {
	if enc := r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return "", &api.Problem{Code: api.UnsupportedMediaType, Detail: "不支持压缩的正文"}
	}
	header := r.Header.Get("Content-Type")
	if header == "" || header == "application/json" {
		return charset.UTF8, nil
	}
	kind, params, err := mime.ParseMediaType(header)
	if err != nil || !isJSON(kind) {
		return "", &api.Problem{Code: api.UnsupportedMediaType, Detail: "应为application/json"}
	}
	c, err := charset.Parse(params["charset"])
	if err != nil {
		return "", &api.Problem{Code: api.UnsupportedMediaType, Detail: "字符集应为UTF-8、GBK、GB2312或GB18030"}
	}
	return c, nil
}

func isJSON(kind string) bool {
	return kind == "application/json" || kind == "text/json" ||
		strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
}
