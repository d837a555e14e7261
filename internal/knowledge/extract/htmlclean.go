package extract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"parley/internal/kit/text"
)

const (
	maxData      = 20        // blocks of JSON-LD of a page
	maxDataBytes = 256 << 10 // of each
)

// flatten takes a page apart before its tree is built: comments, scripts and
// styles go, JSON-LD is handed out, and elements that only change how letters
// look become plain spans. Those are what the rules of HTML repeat in every
// following paragraph when they are left open, without any bound.
func flatten(s string) (plain string, data []string, err *Error) {
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	b.Grow(len(s))
	tags := 0
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return b.String(), data, nil
		case html.CommentToken:
		case html.TextToken, html.DoctypeToken:
			b.Write(z.Raw())
		default:
			if tags++; tags > maxTags {
				return "", nil, &Error{TooLarge, fmt.Sprintf("it has more than %d elements", maxTags)}
			}
			raw := string(z.Raw()) // Token reads on over it
			t := z.Token()
			switch t.DataAtom {
			case atom.Script, atom.Style:
				if kind != html.StartTagToken {
					continue
				}
				inner := rest(z)
				if strings.EqualFold(strings.TrimSpace(tokenAttr(t, "type")), "application/ld+json") && len(data) < maxData && len(inner) <= maxDataBytes {
					data = append(data, inner)
				}
			case atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
				t.Data, t.DataAtom = "span", atom.Span
				b.WriteString(t.String())
			default:
				b.WriteString(raw)
			}
		}
	}
}

// rest reads the text of the element that was just begun, which no tag ends but
// its own.
func rest(z *html.Tokenizer) string {
	if z.Next() != html.TextToken {
		return ""
	}
	return string(z.Raw())
}

func tokenAttr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Namespace == "" && a.Key == name })
}

// head reads what a page tells programs about itself.
func (p *Page) head(doc *html.Node) {
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Html:
			if lang, _, _ := strings.Cut(strings.ToLower(attr(n, "lang")), "-"); len(lang) == 2 {
				p.Language = lang
			}
		case atom.Title:
			if p.Title == "" && n.FirstChild != nil && n.Namespace == "" {
				p.Title = pageTitle(tidy(n.FirstChild.Data))
			}
		case atom.Base:
			if p.Base == "" {
				p.Base = attr(n, "href")
			}
		case atom.Link:
			if strings.EqualFold(attr(n, "rel"), "canonical") && p.Canonical == "" {
				p.Canonical = attr(n, "href")
			}
		case atom.Meta:
			if name := strings.ToLower(attr(n, "name")); name == "robots" || name == "parleybot" {
				no, nor := Robots(attr(n, "content"))
				p.NoIndex, p.NoFollow = p.NoIndex || no, p.NoFollow || nor
			}
		}
	}
}

// Robots reads the words of a robots meta element or X-Robots-Tag header.
func Robots(words string) (noIndex, noFollow bool) {
	for w := range strings.FieldsFuncSeq(strings.ToLower(words), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		noIndex = noIndex || w == "noindex" || w == "none"
		noFollow = noFollow || w == "nofollow" || w == "none"
	}
	return noIndex, noFollow
}

// pageTitle is a title without the name of the site at its end.
func pageTitle(s string) string {
	for _, cut := range []string{" | ", " – ", " — ", " · ", " » ", " - "} {
		if i := strings.LastIndex(s, cut); i >= 3 {
			return text.Cut(s[:i], maxHeading)
		}
	}
	return text.Cut(s, maxHeading)
}

// links gathers where the page leads, also from its navigation.
func (p *Page) links(doc *html.Node) {
	for n := range doc.Descendants() {
		if n.DataAtom != atom.A && n.DataAtom != atom.Area || len(p.Links) >= maxLinks {
			continue
		}
		to, rel := attr(n, "href"), strings.Fields(strings.ToLower(attr(n, "rel")))
		if to != "" && !strings.HasPrefix(to, "#") && !slices.Contains(rel, "nofollow") {
			p.Links = append(p.Links, to)
		}
	}
}

// dropUnseen takes out what nobody sees and what is not the page's own.
func dropUnseen(n *html.Node, inside bool) {
	var next *html.Node
	for c := n.FirstChild; c != nil; c = next {
		next = c.NextSibling
		if c.Type == html.CommentNode || c.Type == html.ElementNode && (unseen(c) || boiler(c, inside)) {
			n.RemoveChild(c)
			continue
		}
		dropUnseen(c, inside || c.DataAtom == atom.Main || c.DataAtom == atom.Article)
	}
}

func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Math, atom.Iframe, atom.Object, atom.Embed, atom.Canvas,
		atom.Audio, atom.Video, atom.Img, atom.Picture, atom.Select, atom.Textarea, atom.Input, atom.Datalist, atom.Head:
		return true
	case atom.Dialog:
		if !has(n, "open") {
			return true
		}
	}
	if has(n, "hidden") || strings.EqualFold(attr(n, "aria-hidden"), "true") || hiddenStyle(attr(n, "style")) {
		return true
	}
	for _, c := range strings.Fields(attr(n, "class")) {
		if c == "sr-only" || c == "visually-hidden" || c == "screen-reader-text" {
			return true
		}
	}
	return false
}

// boiler reports what every page of a site repeats.
func boiler(n *html.Node, inside bool) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer:
		return true
	case atom.Header, atom.Aside:
		return !inside
	case atom.Button:
		return !underHeading(n)
	}
	switch strings.ToLower(attr(n, "role")) {
	case "navigation", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar":
		return true
	case "banner":
		return !inside
	}
	return false
}

// underHeading reports a button that is a heading: questions that open.
func underHeading(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if level(p) > 0 || p.DataAtom == atom.Summary || p.DataAtom == atom.Dt {
			return true
		}
	}
	return false
}

// hiddenStyle reports a style attribute that keeps its element from being seen.
func hiddenStyle(style string) bool {
	if style == "" {
		return false
	}
	set := map[string]string{}
	for d := range strings.SplitSeq(strings.ToLower(style), ";") {
		name, value, ok := strings.Cut(d, ":")
		if ok {
			set[strings.TrimSpace(name)] = strings.TrimSpace(strings.ReplaceAll(value, "!important", ""))
		}
	}
	cut := set["overflow"] == "hidden" || set["overflow"] == "clip"
	ground := set["background-color"]
	if ground == "" {
		ground = set["background"]
	}
	switch {
	case set["display"] == "none", set["visibility"] == "hidden", set["visibility"] == "collapse", set["content-visibility"] == "hidden", set["mso-hide"] == "all",
		set["color"] == "transparent", set["color"] != "" && set["color"] == ground,
		strings.Contains(set["clip"], "rect(0") || strings.Contains(set["clip"], "rect(1px"), strings.HasPrefix(set["clip-path"], "inset(50%") || strings.HasPrefix(set["clip-path"], "inset(100%"),
		strings.Contains(set["transform"], "scale(0"):
		return true
	case small(set["opacity"], 0.05), small(set["font-size"], 1), far(set["text-indent"]):
		return true
	case cut && (small(set["height"], 1) || small(set["width"], 1) || small(set["max-height"], 1) || small(set["max-width"], 1)):
		return true
	}
	for _, side := range []string{"left", "top", "right", "bottom", "margin-left", "margin-top"} {
		if far(set[side]) {
			return true
		}
	}
	return false
}

// small reports a length of at most that many units.
func small(value string, most float64) bool {
	n, ok := number(value)
	return ok && n <= most
}

// far reports a place outside every screen.
func far(value string) bool {
	n, ok := number(value)
	return ok && n <= -400
}

func number(value string) (float64, bool) {
	value = strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz%")
	n, err := strconv.ParseFloat(value, 64)
	return n, err == nil
}
