package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/internal/store"
)

// Business is what a business says of itself. Labels are in its own language.
type Business struct {
	Description string  `json:"description,omitempty"`
	Hours       []Entry `json:"hours,omitempty"`     // a day or days, with the hours
	Addresses   []Entry `json:"addresses,omitempty"` // a name of the place, with its address
	Policies    []Entry `json:"policies,omitempty"`  // a subject, with what holds
	Titles      Titles  `json:"titles"`
}

// Entry is a label with what it says.
type Entry struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Titles are the headings under which a profile is found; "" takes English.
type Titles struct {
	About     string `json:"about,omitempty"`
	Hours     string `json:"hours,omitempty"`
	Addresses string `json:"addresses,omitempty"`
	Policies  string `json:"policies,omitempty"`
}

// Limits of a profile.
const (
	MaxEntries = 50
	MaxEntry   = 1400 // bytes of one text
)

// AddProfile adds a profile. Errors as AddFAQ; reasons profile_incomplete and
// profile_too_long.
func (k *Knowledge) AddProfile(ctx context.Context, ws desk.ID, s Source, b Business) (store.Source, error) {
	input, err := packProfile(b)
	if err != nil {
		return store.Source{}, err
	}
	return k.add(ctx, ws, Profile, s, input)
}

func packProfile(b Business) ([]byte, error) {
	b.Description = text.Normalise(b.Description, 0)
	filled := b.Description != ""
	if len(b.Description) > 20*MaxEntry {
		return nil, invalid("profile_too_long", fmt.Sprintf("a description has at most %d bytes", 20*MaxEntry))
	}
	for _, list := range [][]Entry{b.Hours, b.Addresses, b.Policies} {
		if len(list) > MaxEntries {
			return nil, invalid("profile_too_long", fmt.Sprintf("a list has at most %d entries", MaxEntries))
		}
		for i, e := range list {
			e.Label, e.Text = text.Normalise(e.Label, 0), text.Normalise(e.Text, 0)
			if e.Text == "" {
				return nil, invalid("profile_incomplete", "an entry says nothing")
			}
			if len(e.Label) > MaxName || len(e.Text) > MaxEntry {
				return nil, invalid("profile_too_long", fmt.Sprintf("a label has at most %d bytes, its text %d", MaxName, MaxEntry))
			}
			list[i], filled = e, true
		}
	}
	if !filled {
		return nil, invalid(string(extract.Empty), "the profile says nothing")
	}
	return json.Marshal(b)
}

// profilePassages cuts a profile: the hours and the addresses stay together, each
// policy stands alone.
func profilePassages(input []byte) []extract.Passage {
	var b Business
	if json.Unmarshal(input, &b) != nil {
		return nil
	}
	or := func(title, english string) string {
		if title = text.Normalise(title, MaxName); title != "" {
			return title
		}
		return english
	}
	var out []extract.Passage
	for _, p := range extract.Split(b.Description, false) {
		p.Heading = or(b.Titles.About, "About us")
		out = append(out, p)
	}
	out = append(out, together(or(b.Titles.Hours, "Opening hours"), b.Hours)...)
	out = append(out, together(or(b.Titles.Addresses, "Addresses"), b.Addresses)...)
	for _, e := range b.Policies {
		heading := or(b.Titles.Policies, "Policies")
		if e.Label != "" {
			heading += " > " + e.Label
		}
		out = append(out, extract.Passage{Heading: heading, Text: e.Text})
	}
	return out
}

func together(heading string, list []Entry) []extract.Passage {
	var out []extract.Passage
	var lines []string
	size := 0
	flush := func() {
		if len(lines) > 0 {
			out = append(out, extract.Passage{Heading: heading, Text: strings.Join(lines, "\n")})
		}
		lines, size = nil, 0
	}
	for _, e := range list {
		line := strings.Join(slices.DeleteFunc([]string{e.Label, e.Text}, func(s string) bool { return s == "" }), ": ")
		if size+len(line) > extract.MaxPassage-1 {
			flush()
		}
		lines, size = append(lines, line), size+len(line)+1
	}
	flush()
	return out
}
