// Package sandbox gives senders and tests something to practise with: made-up cases, and what is needed to send them to a
// receiver that may be thrown away.
//
// Nothing in it is taken from a register. Names, codes and numbers are drawn by chance and given right check characters; where
// one is like that of a real firm or person, that is chance too.
package sandbox
