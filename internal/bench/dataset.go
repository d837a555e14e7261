package bench

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// collection is one task of the open evaluation data: documents, and questions
// with the place of the right document, or noDocument where silence is right.
type collection struct {
	name, lang string
	labels     []string // names of intents
	titles     []string // questions of a pair; "" for prose
	bodies     []string
	questions  []string
	gold       []int
}

const noDocument = -1

// firstQuestions is how many training questions make one document of an intent.
const firstQuestions = 5

// chosen reports that a question belongs to the half on which weights and
// thresholds were chosen; figures come from the other half.
func chosen(question string) bool {
	h := fnv.New32a()
	_, _ = io.WriteString(h, question)
	return h.Sum32()>>7&1 == 0
}

func loadXQuAD(dir, lang string) (*collection, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "xquad."+lang+".json"))
	if err != nil {
		return nil, err
	}
	var file struct {
		Data []struct {
			Paragraphs []struct {
				Context string
				QAs     []struct{ Question string }
			}
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("xquad.%s.json: %w", lang, err)
	}
	c := &collection{name: "xquad-" + lang, lang: lang}
	for _, article := range file.Data {
		for _, p := range article.Paragraphs {
			for _, q := range p.QAs {
				c.questions = append(c.questions, q.Question)
				c.gold = append(c.gold, len(c.bodies))
			}
			c.titles = append(c.titles, "")
			c.bodies = append(c.bodies, p.Context)
		}
	}
	return c, nil
}

// readPairs reads a CSV file with a heading line and two columns.
func readPairs(dir, name string) ([][]string, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rows = rows[min(1, len(rows)):]
	for _, row := range rows {
		if len(row) < 2 {
			return nil, fmt.Errorf("%s: a row has %d columns, two are needed", name, len(row))
		}
	}
	return rows, nil
}

// intents makes one document per label of its first questions and returns the
// questions that are left.
func (c *collection) intents(rows [][]string) (places map[string]int, rest [][]string) {
	places = make(map[string]int)
	counts := make(map[string]int)
	for _, row := range rows {
		question, label := row[0], row[1]
		at, known := places[label]
		if !known {
			at = len(c.titles)
			places[label] = at
			c.labels = append(c.labels, strings.ToLower(strings.ReplaceAll(label, "_", " ")))
			c.titles = append(c.titles, "")
			c.bodies = append(c.bodies, "")
		}
		if counts[label]++; counts[label] > firstQuestions {
			rest = append(rest, row)
			continue
		}
		c.titles[at] += question + "\n"
	}
	return places, rest
}

func loadBanking(dir string) (*collection, error) {
	rows, err := readPairs(dir, "banking77.train.csv")
	if err != nil {
		return nil, err
	}
	c := &collection{name: "banking77", lang: "en"}
	places, rest := c.intents(rows)
	for _, row := range rest {
		c.questions = append(c.questions, row[0])
		c.gold = append(c.gold, places[row[1]])
	}
	return c, nil
}

func loadHINT3(dir, shop string) (*collection, error) {
	train, err := readPairs(dir, "hint3."+shop+".train.csv")
	if err != nil {
		return nil, err
	}
	test, err := readPairs(dir, "hint3."+shop+".test.csv")
	if err != nil {
		return nil, err
	}
	c := &collection{name: "hint3-" + shop, lang: "en"}
	places, _ := c.intents(train)
	for _, row := range test {
		at, known := places[row[1]]
		if !known {
			if row[1] != "NO_NODES_DETECTED" {
				continue
			}
			at = noDocument
		}
		c.questions = append(c.questions, row[0])
		c.gold = append(c.gold, at)
	}
	return c, nil
}
