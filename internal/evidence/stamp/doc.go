// Package stamp is about time-stamps (时间戳, RFC 3161) of checkpoints: it asks a time-stamp authority for one, and
// verifies years later that a checkpoint existed at a time. It knows neither network nor store.
//
// The decision you could not guess: each stamp covers all stamps before it. Its hash is the root of a tree whose leaves
// are the earlier stamps, each with its checkpoint, and the checkpoint that it is for. So every stamp renews all
// earlier ones, whether a certificate ends or a hash is about to break (RFC 4998 has a rule for each), no stamp is
// renewed by itself, and a proof needs one stamp for each life of a certificate, however many there are.
package stamp
