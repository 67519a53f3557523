package httpapi_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// readResponse reads one answer from a connection.
func readResponse(t tester, c net.Conn) *http.Response {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	return res
}

func itoa(n int) string { return strconv.Itoa(n) }

// chunked is a body whose length is not told beforehand.
func chunked(s string) io.Reader { return io.MultiReader(strings.NewReader(s)) }

var bg = context.Background()
