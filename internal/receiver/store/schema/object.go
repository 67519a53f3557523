package schema

// Object is an object of a database: a table, a column, an index, a trigger and so on. Text is its definition, compared
// to the letter.
type Object struct {
	Kind, Table, Name, Text string
}
