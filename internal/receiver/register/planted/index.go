package planted

import (
	"slices"

	"diaoxiao/internal/receiver/register"
)

// Register is a made-up register in memory.
type Register struct {
	Firms    []register.Firm
	seed     uint64
	byPripID map[string]int
	byCode   map[string][]int32
}

// NewRegister makes a register of n firms.
func NewRegister(seed uint64, n int) *Register {
	r := &Register{
		Firms: slices.AppendSeq(make([]register.Firm, 0, n), Firms(seed, n)), seed: mixedSeed(seed),
		byPripID: make(map[string]int, n), byCode: make(map[string][]int32, 2*n),
	}
	for i, f := range r.Firms {
		r.byPripID[f.PripID] = i
		for _, code := range codesOf(f) {
			r.byCode[code] = append(r.byCode[code], int32(i))
		}
	}
	return r
}

// codesOf are the values by which a firm is found, but for its pripid.
func codesOf(f register.Firm) (codes []string) {
	if f.UniscID != "" {
		codes = append(codes, f.UniscID, f.UniscID[8:17])
	}
	if f.RegNo != "" {
		codes = append(codes, f.RegNo)
	}
	return codes
}

// Find does what a store does.
func (r *Register) Find(k register.Keys) register.Found {
	found := register.Found{ByPripID: map[string][]register.Firm{}, ByCode: map[string][]register.Firm{}}
	for _, id := range k.PripID {
		if i, ok := r.byPripID[id]; ok {
			found.ByPripID[id] = append(found.ByPripID[id], r.Firms[i])
		}
	}
	for _, code := range k.Codes {
		for _, i := range r.byCode[code] {
			found.ByCode[code] = append(found.ByCode[code], r.Firms[i])
		}
	}
	return found
}

// has reports whether a value is in the register.
func (r *Register) has(value string) bool {
	_, isPripID := r.byPripID[value]
	return isPripID || len(r.byCode[value]) > 0
}
