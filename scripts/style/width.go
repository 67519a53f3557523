package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The width of a line.
const (
	mostColumns = 120
	tabColumns  = 4
)

// wideLines are the lines of a file that are too wide. A character counts as one column, whatever its width.
func wideLines(file, text string) (faults []fault) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if w := columns(strings.TrimRight(line, "\r\n")); w > mostColumns {
			faults = append(faults, fault{width, file, n, fmt.Sprintf("%d columns, at most %d", w, mostColumns)})
		}
	}
	return faults
}

// columns is the width of a line.
func columns(line string) int {
	return utf8.RuneCountInString(line) + strings.Count(line, "\t")*(tabColumns-1)
}
