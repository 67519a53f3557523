// Package evidence is what is proved about a case and how: leaves of the log, checkpoints, receipts, the policy with
// the keys that a verifier trusts. It knows no store, so that a receipt can be verified years later, by anybody,
// offline.
//
// The formats are those of C2SP (tlog-checkpoint, tlog-proof, signed-note, tlog-policy) with leaves in canonical JSON
// (RFC 8785). docs/evidence.md has them byte by byte.
package evidence
