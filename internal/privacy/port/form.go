package port

import (
	"strings"
	"time"

	"parley/internal/desk"
)

// The form of an export, and which of its shapes: whoever changes one counts it up.
const (
	Form    = "parley.workspace"
	Version = 1
)

// Names of files of an export. A table lies at tables/NAME.jsonl, a file at
// files/ID, where ID is its row in the table media.
const (
	manifestName = "manifest.json"
	readmeName   = "README.txt"
	searchName   = "search.key"
)

// IsFile reports whether a name of an export is that of a file somebody sent.
func IsFile(name string) bool { return strings.HasPrefix(name, "files/") }

// TableFile is where a table lies in an export.
func TableFile(table string) string { return "tables/" + table + ".jsonl" }

// Limits of what is read: a manifest, a line, and how many files.
const (
	maxManifest = 256 << 20
	maxLine     = 64 << 20
)

// Manifest lists what an export consists of.
type Manifest struct {
	Form      string        `json:"form"`
	Version   int           `json:"version"`
	MadeAt    time.Time     `json:"made_at"`
	Workspace desk.ID       `json:"workspace"`
	Name      string        `json:"name"`
	Tables    []TableMark   `json:"tables"` // in the order in which they are brought in
	Files     []FileMark    `json:"files"`  // all but the manifest
	Gone      []desk.ID     `json:"gone,omitempty"`
	Took      time.Duration `json:"-"`
}

// TableMark is one table of an export.
type TableMark struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// FileMark is one file of an export.
type FileMark struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Rows counts the rows of all tables.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// asCSV are the tables that are written a second time for people with a
// spreadsheet.
func asCSV() []string {
	return []string{"contact", "conversation", "message", "member", "source", "passage"}
}

const readme = `This is everything that a business's workspace held in Parley, in a form that any
program can read. Keep it safe: nothing in it is encrypted.

  manifest.json        which tables and files there are, with the length and the
                       SHA-256 of each file
  tables/NAME.jsonl    one row per line, as JSON (UTF-8)
  csv/NAME.csv         the main tables once more, for a spreadsheet (UTF-8, commas)
  files/NUMBER         a file that was sent; NUMBER is its id in tables/media.jsonl,
                       whose "details" tell name and type
  search.key           what the hashes of words and addresses are made with, so that
                       search works where this is brought in

In tables: ids are numbers written as text; times are RFC 3339 in UTC, null is
"never"; {"json": ...} is a value that is itself JSON; {"base64": ...} are bytes,
mostly hashes. "_sealed_for" names the contact or member under whose key a value is
kept, so that it ends with that person.

"parley workspace import FILE" brings it into another Parley. Passwords, tokens of
channels and AI vendors, API keys and the record of acts stay behind.
`
