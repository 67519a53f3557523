package console

// Fact is one thing worth knowing of the system, in Chinese.
type Fact struct {
	Name, Value string
	Bad         bool // somebody should do something about it
}

// System is what the system page shows of the program around the desk.
type System struct {
	Facts    []Fact // health, store, version
	Settings []Fact // those in force, secrets masked
}
