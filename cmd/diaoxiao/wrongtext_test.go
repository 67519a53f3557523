package main

import "testing"

// TestWrongText: lists in CSV and JSON.
func TestWrongText(t *testing.T) {
	checkWrongFiles(t, []wrongFile{
		{file: "L24-header-zwnbsp.csv", bare: true, exit: exitOK, says: []string{"可报送 1"}},
	})
}
