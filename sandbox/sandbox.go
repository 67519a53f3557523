// Package sandbox gives senders and tests something to practise with: made-up cases, and a receiver to send them to
// that may be thrown away.
//
// The decision you could not guess: the receiver is the real one, front door, desk and store, so that what works
// against it works in earnest. Faults are put around it and answer for it only where a real proxy or network would.
//
// Nothing in it is taken from a register. Names, codes and numbers are drawn by chance and given right check
// characters; where one is like that of a real firm or person, that is chance too.
package sandbox
