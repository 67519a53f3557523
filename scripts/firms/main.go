// Command firms writes an extract of a made-up register, for measurements:
//
//	go run ./scripts/firms -n 2500000 > firms.csv
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"diaoxiao/internal/receiver/register/planted"
)

func main() {
	n := flag.Int("n", 1000, "number of firms")
	seed := flag.Uint64("seed", 1, "the same seed gives the same firms")
	gb := flag.Bool("gb18030", false, "write GB18030 instead of UTF-8")
	flag.Parse()
	if err := write(os.Stdout, *seed, *n, *gb); err != nil {
		fmt.Fprintln(os.Stderr, "firms:", err)
		os.Exit(1)
	}
}

func write(to io.Writer, seed uint64, n int, gb bool) error {
	out := bufio.NewWriterSize(to, 1<<20)
	encoding := transform.Transformer(transform.Nop)
	if gb {
		encoding = simplifiedchinese.GB18030.NewEncoder()
	}
	text := transform.NewWriter(out, encoding)
	err := planted.WriteCSV(text, planted.Firms(seed, n))
	return errors.Join(err, text.Close(), out.Flush())
}
