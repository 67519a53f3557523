package page

// Fact is one thing worth knowing of the system, in Chinese.
type Fact struct {
	Name, Value string
	About       string // what a setting is for
	Bad         bool   // somebody should do something about it
}

// Facts are what is known of the system.
type Facts func(*Request) ([]Fact, error)
