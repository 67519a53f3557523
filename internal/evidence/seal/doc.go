// Package seal signs and verifies the notes of the evidence log (c2sp.org/signed-note): with Ed25519, which every tool
// for such notes reads, and with SM2 over SM3 (GB/T 32918.2), which tools that do not know it ignore by the rules of
// the format.
package seal
