package merkle

// Pair is a hash of each suite, of the same thing.
type Pair [2]Hash

// SumPair hashes data with each suite.
func SumPair(data []byte) Pair { return Pair{SHA256.Sum(data), SM3.Sum(data)} }

// LeafPair is the hash of a leaf in each suite.
func LeafPair(leaf []byte) Pair { return SumPair(append([]byte{0}, leaf...)) }

// nodePair is the hash of a node in each suite.
func nodePair(l, r Pair) Pair { return Pair{SHA256.Node(l[0], r[0]), SM3.Node(l[1], r[1])} }
