package promise

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Kind says what sort of promise a clause is.
type Kind string

// Kinds of clauses.
const (
	Feature        Kind = "feature"
	Field          Kind = "field" // something is held
	Integration    Kind = "integration"
	Retention      Kind = "retention"
	Security       Kind = "security"
	Right          Kind = "right"
	Transparency   Kind = "transparency"
	Organisational Kind = "organisational" // people do it; Support says how the program helps
)

// Clause is one promise. Its id is that of the register of the policies Parley
// carries out.
type Clause struct {
	ID       string
	Chapter  string
	Kind     Kind
	Check    string // name of the check that tests it; "" where Support is set
	Support  string // what of the program helps with an organisational one
	Built    bool   // false: not done yet, and so not printed; Why says what is missing
	Why      string
	Silent   bool     // true: not collected at all, which is proven and not printed (decision 21)
	Repeats  string   // id of the clause that says the same; its sentence stands there once
	Entities []string // tables of the data map that it is about
	Term     string   // name of the Term that its sentence prints
	When     string   // id of the Recipient without which it is not so; "" = always so
	Laws     []string // that it belongs to; none = every law
	Says     map[string]string
}

// Chapter is a part of the published text.
type Chapter struct {
	Name    string
	Title   map[string]string
	Clauses []Clause
}

// Register is every chapter, in the order of print.
type Register struct{ Chapters []Chapter }

//go:embed clauses/*.yaml
var clauseFiles embed.FS

type chapterFile struct {
	Chapter string      `yaml:"chapter"`
	En      string      `yaml:"en"`
	Tr      string      `yaml:"tr"`
	Clauses []clauseRow `yaml:"clauses"`
}

type clauseRow struct {
	ID       string   `yaml:"id"`
	Kind     Kind     `yaml:"kind"`
	Repeats  string   `yaml:"repeats"`
	Check    string   `yaml:"check"`
	Support  string   `yaml:"support"`
	Built    *bool    `yaml:"built"`
	Why      string   `yaml:"why"`
	Silent   bool     `yaml:"silent"`
	Term     string   `yaml:"term"`
	When     string   `yaml:"when"`
	Laws     []string `yaml:"laws"`
	Entities []string `yaml:"entities"`
	En       string   `yaml:"en"`
	Tr       string   `yaml:"tr"`
}

// Load reads the register. An unknown field, a repeated id or a clause that
// repeats nothing that exists is an error.
func Load() (*Register, error) {
	names, err := fs.Glob(clauseFiles, "clauses/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("clauses: %w", err)
	}
	var r Register
	for _, name := range names {
		raw, err := clauseFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("clauses: %w", err)
		}
		c, err := decode(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r.Chapters = append(r.Chapters, c)
	}
	return &r, r.link()
}

func decode(raw []byte) (Chapter, error) {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	var f chapterFile
	if err := d.Decode(&f); err != nil {
		return Chapter{}, err
	}
	if err := d.Decode(new(chapterFile)); !errors.Is(err, io.EOF) {
		return Chapter{}, errors.New("a file holds one chapter")
	}
	c := Chapter{Name: f.Chapter, Title: map[string]string{"en": f.En, "tr": f.Tr}}
	for _, row := range f.Clauses {
		c.Clauses = append(c.Clauses, Clause{ID: row.ID, Chapter: f.Chapter, Kind: row.Kind, Check: row.Check, Support: row.Support,
			Built: row.Built == nil || *row.Built, Why: row.Why, Silent: row.Silent, Repeats: row.Repeats, Entities: row.Entities,
			Term: row.Term, When: row.When, Laws: row.Laws, Says: map[string]string{"en": row.En, "tr": row.Tr}})
	}
	return c, nil
}

// link gives each clause that repeats another what that one has.
func (r *Register) link() error {
	first := map[string]Clause{}
	for _, c := range r.All() {
		if _, twice := first[c.ID]; twice {
			return fmt.Errorf("clause %s stands twice", c.ID)
		}
		first[c.ID] = c
	}
	for i := range r.Chapters {
		for j := range r.Chapters[i].Clauses {
			c := &r.Chapters[i].Clauses[j]
			if c.Repeats == "" {
				continue
			}
			of, known := first[c.Repeats]
			if !known || of.Repeats != "" {
				return fmt.Errorf("clause %s repeats %s, which says nothing itself", c.ID, c.Repeats)
			}
			of.ID, of.Chapter, of.Kind, of.Repeats = c.ID, c.Chapter, c.Kind, c.Repeats
			*c = of
		}
	}
	return nil
}

// All lists every clause in the order of print.
func (r *Register) All() []Clause {
	var all []Clause
	for _, c := range r.Chapters {
		all = append(all, c.Clauses...)
	}
	return all
}

// Lacks says why nothing is proven of a clause; "" where it only waits for a run.
func (c Clause) Lacks() string {
	if c.Built {
		return ""
	}
	return "not built: " + c.Why
}

// Of lists the ids that a check stands for, in the order of print.
func (r *Register) Of(check string) []string {
	var ids []string
	for _, c := range r.All() {
		if c.Check == check && check != "" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Checks lists the names of all checks, each once, sorted.
func (r *Register) Checks() []string {
	var names []string
	for _, c := range r.All() {
		if c.Check != "" {
			names = append(names, c.Check)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
