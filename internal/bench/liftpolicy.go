package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/kit/text"
)

// phrasing is a wording that an owner approved for a place of a document.
type phrasing struct{ policy, section, text string }

func readPhrasings(path string) ([]phrasing, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out []phrasing
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 3 {
			return nil, fmt.Errorf("%s: a row has %d columns, three are needed", path, len(cells))
		}
		if cells[0] != "policy" {
			out = append(out, phrasing{cells[0], cells[1], cells[2]})
		}
	}
	return out, lines.Err()
}

// liftPolicies asks the questions of the ask bench with and without the wordings
// that stand in phrasings.tsv beside them. Without documents there is nothing to
// ask.
func liftPolicies(ctx context.Context, o Options) (out []Figure, err error) {
	if len(o.Knowledge) == 0 || o.Questions == "" {
		return nil, nil
	}
	rows, err := readQuestions(o.Questions)
	if err != nil {
		return nil, err
	}
	all, err := readPhrasings(filepath.Join(filepath.Dir(o.Questions), "phrasings.tsv"))
	if err != nil {
		return nil, err
	}
	for _, way := range []struct {
		name      string
		phrasings []phrasing
	}{{"none", nil}, {"one each", all}} {
		var asked []Asked
		for _, path := range o.Knowledge {
			some, err := askPhrased(ctx, path, rows, way.phrasings)
			if err != nil {
				return nil, err
			}
			asked = append(asked, some...)
		}
		for _, kind := range []string{"plain", "paraphrase", "unanswerable"} {
			out = append(out, policyFigures("policies/"+kind+"/"+way.name, kind, asked)...)
		}
	}
	return out, nil
}

func askPhrased(ctx context.Context, path string, rows []question, phrasings []phrasing) (out []Asked, err error) {
	name := filepath.Base(path)
	doc, err := openDocument(path)
	if err != nil {
		return nil, err
	}
	for _, p := range phrasings {
		if !strings.HasPrefix(name, p.policy) {
			continue
		}
		if err := doc.approve(p); err != nil {
			return nil, err
		}
	}
	for _, q := range rows {
		if !strings.HasPrefix(name, q.policy) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a, err := doc.ask(q)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// approve adds a wording to the first passage of a place.
func (d *document) approve(p phrasing) error {
	place, ok := section(d.body, p.section)
	if !ok {
		return fmt.Errorf("phrasing %q: no place %q in the document", p.text, p.section)
	}
	for i := range d.passages {
		if q := &d.passages[i]; touches([]text.Span{place}, q.Start, q.End) {
			q.Alternatives = append(q.Alternatives, p.text)
			d.index.Add(d.document(i))
			return nil
		}
	}
	return fmt.Errorf("phrasing %q: no passage holds %q", p.text, p.section)
}

func policyFigures(name, kind string, all []Asked) []Figure {
	var n, first, five, quoted, wrong float64
	for _, a := range all {
		if a.Kind != kind {
			continue
		}
		n++
		for _, c := range []struct {
			hold bool
			of   *float64
		}{{a.First, &first}, {a.Five, &five}, {a.Quoted && a.Right, &quoted}, {a.Quoted && !a.Right, &wrong}} {
			if c.hold {
				*c.of++
			}
		}
	}
	if kind == "unanswerable" {
		return []Figure{figure("lift", name+"/quoted of "+fmt.Sprint(n), wrong, "questions", 0)}
	}
	return []Figure{
		figure("lift", name+"/first of "+fmt.Sprint(n), first, "questions", 0),
		figure("lift", name+"/five", five, "questions", 0),
		figure("lift", name+"/quoted", quoted, "questions", 0),
		figure("lift", name+"/quoted-wrong", wrong, "questions", 0),
	}
}
