package privacy

import (
	"embed"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

//go:embed copyindex.html copythread.html copyreport.html
var copyFiles embed.FS

var copyTemplates = sync.OnceValues(func() (*template.Template, error) { return template.ParseFS(copyFiles, "*.html") })

func show(w io.Writer, name string, data any) error {
	all, err := copyTemplates()
	if err != nil {
		return err
	}
	return all.ExecuteTemplate(w, "copy"+name, data)
}

// copyPage is what every page of a copy has: words of one language, no script,
// nothing from elsewhere.
type copyPage struct {
	Lang, Business string
	Made           time.Time
}

func (f *copyFile) page() copyPage {
	return copyPage{Lang: f.wish.Language, Business: f.person.Business, Made: f.now}
}

// T gives a text of the pages; the template escapes it.
func (p copyPage) T(key string) string {
	return i18n.T(p.Lang, "copy."+key, map[string]string{"business": p.Business})
}

// Or is a text by key, or the key's own last word where there is none.
func (p copyPage) Or(prefix, word string) string {
	key := prefix + word
	if s := i18n.T(p.Lang, key, map[string]string{"business": p.Business}); s != key {
		return s
	}
	return word
}

// Time is how a time is read.
func (p copyPage) Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04") + " UTC"
}

// Who says who wrote a message.
func (p copyPage) Who(by desk.AuthorKind) string { return p.T("by." + string(by)) }

// threadPage is one page of a conversation.
type threadPage struct {
	copyPage
	ThreadDoc
	Before, Next string
}

// Marketed reports whether something went to others for their marketing.
func (p indexPage) Marketed() bool {
	return slices.ContainsFunc(p.Told, func(t toldLine) bool { return t.Way == store.ForMarketing })
}

// Meta reports whether they are known over a channel of Meta's, which keeps of it
// what its own policy says.
func (p indexPage) Meta() bool {
	return slices.ContainsFunc(p.Person.Contacts, func(c ContactDoc) bool {
		return slices.ContainsFunc(c.Identities, func(i IdentityDoc) bool {
			return slices.Contains([]string{"instagram", "messenger", "whatsapp"}, i.Channel.Kind)
		})
	})
}

// indexPage is the first page; of a report it is the only one.
type indexPage struct {
	copyPage
	Person  PersonDoc
	Held    []heldLine
	Told    []toldLine
	Records []countLine
}

type heldLine struct {
	Name   string `json:"name"`
	What   string `json:"what"`
	Why    string `json:"why"`
	Ground string `json:"ground"`
}

type toldLine struct {
	Who   string    `json:"who"`
	Way   string    `json:"way"`
	Count int       `json:"count"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

type countLine struct {
	Name string
	N    int
}

// Report is what a report says for programs: report.json.
type Report struct {
	Form    string     `json:"form"`
	Version int        `json:"version"`
	MadeAt  time.Time  `json:"made_at"`
	Held    []heldLine `json:"held"`
	Told    []toldLine `json:"told"`
}

// report writes which kinds of data are held of the person, why, from where, and
// who was told (A-14.2-01): no word of the data itself.
func (f *copyFile) report() error {
	if err := f.gather(func(store.AboutTable, []map[string]any) {}); err != nil {
		return err
	}
	p, err := f.firstPage()
	if err != nil {
		return err
	}
	p.Held = slices.DeleteFunc(p.Held, func(h heldLine) bool { return f.rows(h.Name) == 0 })
	if err := f.json("report.json", Report{Form: "parley.report", Version: CopyVersion, MadeAt: f.now, Held: p.Held, Told: p.Told}); err != nil {
		return err
	}
	return f.add("index.html", func(w io.Writer) error { return show(w, "report.html", p) })
}

// rows counts what was found under a name of what is held.
func (f *copyFile) rows(name string) (n int) {
	for _, h := range OfVisitors() {
		for _, column := range h.Columns {
			if table, _, _ := strings.Cut(column, "."); h.Name == name {
				n += f.counts[table]
			}
		}
	}
	return n
}

func (f *copyFile) firstPage() (indexPage, error) {
	p := indexPage{copyPage: f.page(), Person: f.person}
	args := map[string]string{"business": p.Business}
	for _, h := range OfVisitors() {
		p.Held = append(p.Held, heldLine{h.Name, i18n.T(p.Lang, "notice.held."+h.Name, args), i18n.T(p.Lang, "notice.why."+h.Name, args), i18n.T(p.Lang, "notice.ground."+string(h.Ground), args)})
	}
	return p, f.DB.In(f.ws).Read(f.ctx, func(r *store.Rx) error {
		all, err := disclosed(r, f.people, f.now)
		p.Told = nil
		for _, d := range all {
			p.Told = append(p.Told, toldLine{ToldWords(p.Lang, d), d.Way, d.Count, d.First.UTC(), d.Last.UTC()})
		}
		return err
	})
}

func (f *copyFile) index() error {
	p, err := f.firstPage()
	if err != nil {
		return err
	}
	for _, h := range p.Held {
		if n := f.rows(h.Name); n > 0 {
			p.Records = append(p.Records, countLine{h.What, n})
		}
	}
	return f.add("index.html", func(w io.Writer) error { return show(w, "index.html", p) })
}

// N is a number as text.
func (p copyPage) N(n int) string { return strconv.Itoa(n) }
