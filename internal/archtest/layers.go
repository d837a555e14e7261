package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// layer is one line of the block; its place in the list is its height.
type layer struct {
	name     string
	patterns []string
	// closed is the "!": packages of the line may not import each other, but
	// for those that open names.
	closed bool
	open   []string
}

// rules is the whole block.
type rules struct {
	layers []layer
	// deny holds pairs of (who, whom), each a layer's name or a folder.
	deny [][2]string
}

// place is where a package stands.
type place struct {
	height int
	layer  layer
	// room is the folder that the matching pattern names: imports inside one
	// room are its own business.
	room string
}

// parseLayers reads the ```layers block of a page.
func parseLayers(page string) (rules, error) {
	_, rest, ok := strings.Cut(page, "\n```layers\n")
	block, _, closed := strings.Cut(rest, "\n```")
	if !ok || !closed {
		return rules{}, fmt.Errorf("docs/architecture.md has no ```layers block")
	}
	var r rules
	for line := range strings.Lines(block) {
		line, _, _ = strings.Cut(line, "(")
		words := strings.Fields(line)
		if len(words) < 2 {
			return r, fmt.Errorf("layers block: %q names no package", strings.TrimSpace(line))
		}
		if words[0] == "deny" {
			for _, pair := range words[1:] {
				who, whom, ok := strings.Cut(pair, ":")
				if !ok {
					return r, fmt.Errorf("layers block: deny wants who:whom, not %q", pair)
				}
				r.deny = append(r.deny, [2]string{who, whom})
			}
			continue
		}
		r.layers = append(r.layers, parseLayer(words))
	}
	return r, nil
}

func parseLayer(words []string) layer {
	l := layer{name: words[0]}
	into := &l.patterns
	for _, w := range words[1:] {
		switch w {
		case "!":
			l.closed = true
		case "except":
			into = &l.open
		default:
			*into = append(*into, w)
		}
	}
	return l
}

// find gives the place of a package by the longest pattern that covers it; a
// written-out pattern beats one of the same length with a star.
func (r rules) find(pkg string) (place, bool) {
	var best place
	score := -1
	for height, l := range r.layers {
		for _, p := range l.patterns {
			room, ok := covers(p, pkg)
			s := 2 * strings.Count(room, "/")
			if !strings.HasSuffix(p, "*") {
				s++
			}
			if ok && s > score {
				best, score = place{height, l, room}, s
			}
		}
	}
	return best, score >= 0
}

// covers reports whether a pattern holds for a package, and the folder it names.
func covers(pattern, pkg string) (room string, ok bool) {
	parent, star := strings.CutSuffix(pattern, "/*")
	if !star {
		return pattern, under(pkg, pattern)
	}
	rest, ok := strings.CutPrefix(pkg, parent+"/")
	if !ok {
		return "", false
	}
	first, _, _ := strings.Cut(rest, "/")
	return path.Join(parent, first), true
}

func under(pkg, folder string) bool {
	return pkg == folder || strings.HasPrefix(pkg, folder+"/")
}

// free packages help tests: stand-ins, harnesses, suites.
const free = "free"

// judge says why a package may not import another, "" when it may.
func (r rules) judge(from, to string, inTest bool) string {
	a, okA := r.find(from)
	b, okB := r.find(to)
	if !okA || !okB {
		return "" // the package that is not covered is a finding by itself
	}
	for _, d := range r.deny {
		if r.is(from, a, d[0]) && r.is(to, b, d[1]) && (!inTest || b.layer.name != free) {
			return fmt.Sprintf("%s never imports %s: the two must be replaceable without each other", d[0], d[1])
		}
	}
	switch {
	case a.room == b.room, a.layer.name == free:
		return ""
	case b.layer.name == free:
		if inTest || a.layer.name == "tool" {
			return ""
		}
		return "stand-ins and harnesses are for tests and tools; product code that imports them would ship them"
	case b.height < a.height:
		return ""
	case b.height > a.height:
		return fmt.Sprintf("%s is printed above %s: imports go down only; declare a small interface here and let app pass the other in",
			b.layer.name, a.layer.name)
	case a.layer.closed && !slices.ContainsFunc(a.layer.open, func(o string) bool { return under(to, o) }):
		return fmt.Sprintf("packages of the line %s never import each other; declare a small interface here and let app pass the other in",
			a.layer.name)
	}
	return ""
}

func (r rules) is(pkg string, p place, name string) bool {
	return p.layer.name == name || under(pkg, name)
}
