// Package papercode is a receipt (回执) on paper: its file as a row of QR codes, small enough to be read from a print,
// which tools of others put together again.
package papercode
