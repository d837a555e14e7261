package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/scan"
	"parley/internal/knowledge/extract"
	"parley/internal/store"
)

// Upload is a file that somebody adds. Kind "" is told by what is in it: a table
// with questions and answers is FAQ, a table of names and prices is Catalogue.
type Upload struct {
	Name string
	Kind string // FAQ, Catalogue or ""
	Raw  []byte
}

// AddFile adds an uploaded file: PDF, Word, PowerPoint, OpenDocument, Excel,
// CSV, a web page, plain text, Markdown, or pairs (CSV, Excel, JSON). What can be told
// at once is refused at once; the rest is told by the source's reason. Errors as
// AddFAQ; reasons also those of extract. Source.Name "" takes the file's.
func (k *Knowledge) AddFile(ctx context.Context, ws desk.ID, s Source, f Upload) (store.Source, error) {
	if s.Name == "" {
		s.Name = filepath.Base(f.Name)
	}
	if err := k.safe(ctx, f.Raw); err != nil {
		return store.Source{}, err
	}
	if strings.EqualFold(filepath.Ext(f.Name), ".json") {
		return k.addJSON(ctx, ws, s, f.Raw)
	}
	kind, refused := extract.Glance(f.Name, f.Raw)
	if refused != nil {
		return store.Source{}, refuse(refused)
	}
	if kind == extract.Plain && f.Kind != "" {
		kind = extract.CSV // a table is asked for, whatever the file is called
	}
	switch {
	case kind == extract.Plain, kind == extract.Marks:
		clean, err := extract.Decode(f.Raw)
		if err != nil {
			return store.Source{}, refuse(err)
		}
		return k.add(ctx, ws, kindOf(kind == extract.Marks), s, []byte(clean))
	case kind == extract.CSV && f.Kind != Catalogue:
		found, err := pairsOf(f.Raw)
		if err != nil {
			return store.Source{}, err
		}
		if found != nil {
			return k.AddFAQ(ctx, ws, s, found)
		}
	}
	if f.Kind == FAQ && kind != extract.Archive {
		return store.Source{}, invalid(string(extract.NoColumns), "questions and answers come as a table (CSV or Excel) with a column for each, whose first row says which is which")
	}
	if k.Files == nil {
		return store.Source{}, invalid(string(extract.ReaderDied), "this install cannot read files of this kind")
	}
	as := File
	if f.Kind != "" {
		as = f.Kind
	}
	if as == FAQ {
		kind = extract.Excel // until its pairs take its place
	}
	return k.addOf(ctx, ws, store.Source{Kind: as, Format: kind}, s, f.Raw)
}

// safe has a file looked through where the operator set a scanner up. What the
// scanner did not look at is not taken.
func (k *Knowledge) safe(ctx context.Context, raw []byte) error {
	if k.Scanner == nil {
		return nil
	}
	switch err := k.Scanner.Check(ctx, raw); {
	case err == nil:
		return nil
	case errors.Is(err, scan.ErrVirus):
		return invalid("media_virus", "the virus scanner found something in the file; it was not kept")
	case errors.Is(err, scan.ErrTooBig):
		return invalid("media_unscannable", "the file is longer than the virus scanner takes; it was not kept")
	default:
		return &desk.Error{Code: desk.Unavailable, Reason: "media_unchecked", Text: "the virus scanner does not answer; try again in a few minutes", Retry: true, Cause: err}
	}
}

func (k *Knowledge) addJSON(ctx context.Context, ws desk.ID, s Source, raw []byte) (store.Source, error) {
	clean, err := extract.Decode(raw)
	if err != nil {
		return store.Source{}, refuse(err)
	}
	var pairs []Pair
	if err := json.Unmarshal([]byte(clean), &pairs); err != nil {
		return store.Source{}, invalid(string(extract.WrongType), `a JSON file must be a list of {"question","answer"}`)
	}
	return k.AddFAQ(ctx, ws, s, pairs)
}

// pairsOf reads pairs out of a CSV; nil when its first row names no such columns.
func pairsOf(raw []byte) ([]Pair, error) {
	sheet, refused := extract.Table(raw)
	if refused != nil {
		return nil, refuse(refused)
	}
	pairs, _ := sheetPairs(sheet)
	return pairs, nil
}

// sheetPairs reads pairs out of a table; false when its header names no such
// columns.
func sheetPairs(sheet extract.Sheet) ([]Pair, bool) {
	at := columns(sheet.Header, faqColumns())
	q, okQ := at["question"]
	a, okA := at["answer"]
	if !okQ || !okA {
		return nil, false
	}
	pairs := []Pair{}
	for _, row := range sheet.Rows {
		p := Pair{Question: cell(row, q), Answer: cell(row, a)}
		if other, ok := at["other"]; ok {
			for _, s := range strings.FieldsFunc(cell(row, other), func(r rune) bool { return r == '|' || r == ';' || r == '\n' }) {
				p.Alternatives = append(p.Alternatives, strings.TrimSpace(s))
			}
		}
		if p.Question != "" || p.Answer != "" {
			pairs = append(pairs, p)
		}
	}
	return pairs, true
}

func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}
