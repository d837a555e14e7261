package extract

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"parley/internal/kit/text"
)

// Web is the format of a saved web page.
const Web = "html"

// Limits of a web page.
const (
	MaxPage    = 5 << 20 // bytes
	maxTags    = 150_000 // more are built to exhaust whoever reads them
	maxLinks   = 2000    // that are followed from one page
	enough     = 200     // characters; an article of fewer is none
	maxArticle = 10_000  // elements of a page that readability looks at
)

// Page is what a web page says, and what it tells programs.
type Page struct {
	Title     string
	Language  string // two letters, as the page says; "" = it does not
	Canonical string // address of the original, as written; "" = this is it
	Base      string // what Links are relative to, where it is not the page's own address
	NoIndex   bool   // its owner wants it in no index
	NoFollow  bool   // or its links not followed
	Links     []string
	Passages  []Passage // none: it has no words
}

// HTML reads a page. contentType is what the server called it, "" for a file.
// What nobody sees (scripts, styles, comments, hidden elements) and what every
// page repeats (navigation, footer) is not part of it; data for programs
// (JSON-LD) about questions, products and opening hours comes first.
func HTML(raw []byte, contentType string) (Page, *Error) {
	if len(raw) > MaxPage {
		return Page{}, &Error{TooLarge, fmt.Sprintf("%.1f MB; a page has at most %d MB", float64(len(raw))/(1<<20), MaxPage>>20)}
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return Page{}, &Error{Empty, "the page has nothing in it"}
	}
	if what := magic(raw); what != "" {
		return Page{}, &Error{WrongType, "this is " + what + ", not a web page"}
	}
	s, err := decodePage(raw, contentType)
	if err != nil {
		return Page{}, err
	}
	plain, data, err := flatten(s)
	if err != nil {
		return Page{}, err
	}
	doc, err := parsePage(plain)
	if err != nil {
		return Page{}, err
	}
	p := Page{}
	p.head(doc)
	p.links(doc)
	dropUnseen(doc, false)
	return p, p.read(doc, data)
}

// parsePage builds the tree; one nested too deep is refused.
func parsePage(s string) (doc *html.Node, err *Error) {
	refused := &Error{Damaged, "its elements are nested too deep to be read"}
	defer func() {
		if recover() != nil { // the parser's own way to refuse depth
			doc, err = nil, refused
		}
	}()
	doc, bad := html.Parse(strings.NewReader(s))
	if bad != nil {
		return nil, refused
	}
	return doc, nil
}

// read cuts the page into passages.
func (p *Page) read(doc *html.Node, data []string) *Error {
	about := readData(data, p.Language)
	root := content(doc)
	w := &domWalker{asked: map[string]bool{}, title: p.Title}
	for _, one := range about {
		if one.Question != "" {
			w.asked[text.Fold(one.Question)] = true
		}
	}
	if p.Title != "" {
		w.b.heading(1, p.Title)
	}
	w.walk(root)
	w.end()
	if w.b.over {
		return &Error{TooLarge, fmt.Sprintf("it holds more than %d MB of text", MaxText>>20)}
	}
	doc2, err := w.b.finish(Document{Format: Web})
	if err != nil && err.Reason != NoText {
		return err
	}
	said := doc2.Passages
	if w.words == 0 { // a title alone says nothing
		said = nil
	}
	p.Passages = append(append(about, w.pairs...), said...)
	if len(p.Passages) > MaxPassages {
		return &Error{TooLarge, fmt.Sprintf("it has %d pieces; at most %d fit", len(p.Passages), MaxPassages)}
	}
	return nil
}

// readHTML reads a saved page.
func readHTML(raw []byte) (Document, *Error) {
	p, err := HTML(raw, "")
	if err != nil {
		return Document{}, err
	}
	doc := Document{Format: Web, Passages: p.Passages}
	return doc, doc.check()
}

// isHTML tells a web page by its first words.
func isHTML(raw []byte) bool {
	head := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(raw[:min(len(raw), 512)], []byte("\xef\xbb\xbf")), " \t\r\n"))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}

// content is the part of the page that is about something: the article that
// readability finds, unless that loses what the page's own main part has.
func content(doc *html.Node) *html.Node {
	root := mainPart(doc)
	p := readability.NewParser()
	p.MaxElemsToParse, p.DisableJSONLD = maxArticle, true
	article, err := p.ParseDocument(doc, nil)
	if err != nil || article.Node == nil {
		return root
	}
	had, has := measure(root), measure(article.Node)
	if has.letters < enough || has.letters*2 < had.letters || has.tables < had.tables || has.details < had.details || has.lists*2 < had.lists {
		return root
	}
	return article.Node
}

func mainPart(doc *html.Node) *html.Node {
	root := doc
	for n := range doc.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.DataAtom == atom.Main || attr(n, "role") == "main":
			if measure(n).letters >= enough {
				return n
			}
		case n.DataAtom == atom.Body:
			root = n
		}
	}
	return root
}

// weight is how much of what a part holds.
type weight struct{ letters, tables, details, lists int }

func measure(root *html.Node) (w weight) {
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode:
			w.letters += utf8.RuneCountInString(strings.TrimSpace(n.Data))
		case n.DataAtom == atom.Table:
			w.tables++
		case n.DataAtom == atom.Details:
			w.details++
		case n.DataAtom == atom.Li:
			w.lists++
		}
	}
	return w
}

// decodePage gives the page's text. Valid UTF-8 with more than ASCII in it is
// UTF-8, whatever anybody calls it; otherwise the server's word, then the page's.
func decodePage(raw []byte, contentType string) (string, *Error) {
	if utf8.Valid(raw) && !bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		if bytes.IndexByte(raw, 0) < 0 {
			return string(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))), nil
		}
	}
	e, name, _ := charset.DetermineEncoding(raw[:min(len(raw), 1024)], contentType)
	if name == "utf-8" { // it is not: the page may know better than its server
		if e, name, _ = charset.DetermineEncoding(raw[:min(len(raw), 1024)], ""); name == "utf-8" {
			name = "windows-1252"
		}
	}
	if name == "windows-1252" { // also what is said where nothing is known
		e = encoding.Encoding(charmap.Windows1254)
	}
	s, err := with(e, raw)
	if err != nil || noise(s) {
		return "", &Error{WrongType, "its letters are in no known encoding"}
	}
	return s, nil
}
