package text

import "strings"

// Cell makes a text safe for a cell of a table that a spreadsheet may open: one
// that begins as a formula would gets an apostrophe before it, which
// spreadsheets take for "this is text".
func Cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
