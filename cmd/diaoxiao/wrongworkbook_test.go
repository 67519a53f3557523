package main

import "testing"

// TestWrongWorkbooks: workbooks.
func TestWrongWorkbooks(t *testing.T) {
	checkWrongFiles(t, []wrongFile{
		{file: "W21-legal-x000D.xlsx", bare: true, exit: exitOK, says: []string{"可报送 1"}},
	})
}
