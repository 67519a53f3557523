// Package interop holds the product against senders that are not written in Go: the samples of samples/, and other
// people's tools; and its receipts against verifiers that are not ours. There is nothing in it but tests.
//
// The decision you could not guess: the senders run as their users run them, as processes with an environment of their
// own over TLS with a private CA, and what they did is read from the store, not from what they print.
package interop
