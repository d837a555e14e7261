package topic

import (
	"encoding/binary"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/internal/kit/text"
)

// example is one message to learn from. Examples of one fold are never used to
// judge each other: lines in the same place of two languages often say the same.
type example struct {
	lang, text string
	labels     []string // of topics, wishes and categories
	dev        bool     // of the half for developing, which the phrases know
	fold       int
	traits     []uint32
	phrase     sums // evidence of phrases
	wished     bool // by phrases
}

var update = flag.Bool("update", false, "write weights.bin")

const folds = 5

func (e *example) is(label string) bool {
	for _, l := range e.labels {
		if l == label {
			return true
		}
	}
	return false
}

// knows reports whether the label of this example says anything of a task.
func (e *example) knows(task string) bool {
	kind, _, special := strings.Cut(e.labels[0], ":")
	wish := e.is(string(WantsPerson)) || e.is(string(NoMachine))
	switch task {
	case "topic":
		return !wish && (!special || kind == "special" && e.is("special:none"))
	case "wish":
		return wish || e.is("neither") || e.is("none")
	}
	return special || e.is("neither") || e.is("none")
}

func newExample(lang, label, s string, place int, dev bool) *example {
	label = strings.NewReplacer("refunds", Refund, "complaints", Complaint, "optout", string(NoMachine)).Replace(label)
	words := cutWords(text.Fold(ends(s)))
	e := &example{lang: lang, text: s, labels: strings.Split(label, ","), dev: dev, fold: place % folds, traits: traits(words)}
	e.phrase = phrases(words, "").sums(generalQuestions(words))
	e.wished = wishOf(words) != NoIntent
	return e
}

// examples reads examples/*.txt and the half for developing.
func examples(t *testing.T) []*example {
	t.Helper()
	var out []*example
	for _, lang := range Languages() {
		raw, err := os.ReadFile("examples/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		label, place := "", 0
		for _, s := range strings.Split(string(raw), "\n") {
			switch {
			case strings.HasPrefix(s, "["):
				label, place = strings.Trim(s, "[]"), 0
			case s != "":
				out = append(out, newExample(lang, label, s, place, false))
				place++
			}
		}
	}
	for _, name := range []string{"messages.tsv", "person.tsv", "special.tsv"} {
		place := map[string]int{}
		for _, l := range labelled(t, name) {
			if l.split != "dev" {
				continue
			}
			label := l.label
			if name == "special.tsv" && label != Health {
				label = "special:" + label
			}
			if name == "person.tsv" && label == "none" {
				label = "neither"
			}
			k := l.lang + strings.Split(label, ",")[0]
			out = append(out, newExample(l.lang, label, l.text, place[k], true))
			place[k]++
		}
	}
	return out
}

// task is one model to learn.
type task struct {
	name    string
	outputs []string
	bits    int
	l2      float64
}

func tasks() []task {
	return []task{{"topic", topicOutputs[:], topicBits, 0.002}, {"wish", wishOutputs[:], wishBits, 0.002}, {"special", specialOutputs(), specialBits, 0.002}}
}

func (t task) target(e *example, k int) float64 {
	if t.outputs[k] == "any" {
		of := t.outputs[1:]
		if slices.ContainsFunc(e.labels, func(l string) bool { return slices.Contains(of, strings.TrimPrefix(l, "special:")) }) {
			return 1
		}
		return 0
	}
	if e.is(t.outputs[k]) || e.is("special:"+t.outputs[k]) {
		return 1
	}
	return 0
}

// learn fits one-against-the-rest logistic regressions with L2, by AdaGrad with
// a fixed seed, and rounds the weights to a byte.
func (t task) learn(from []*example, to *model) {
	const epochs, rate = 12, 0.4
	n := len(t.outputs)
	w, g := make([]float64, n<<t.bits), make([]float64, n<<t.bits)
	b, gb := make([]float64, n), make([]float64, n)
	random := rand.New(rand.NewPCG(7, 7))
	z := make([]float64, n)
	for range epochs {
		for _, i := range random.Perm(len(from)) {
			e := from[i]
			norm := 1 / math.Sqrt(float64(max(1, len(e.traits))))
			copy(z, b)
			for _, tr := range e.traits {
				at := int(tr>>(32-t.bits)) * n
				for k := range n {
					z[k] += w[at+k] * norm
				}
			}
			for k := range n {
				d := 1/(1+math.Exp(-z[k])) - t.target(e, k)
				z[k] = d
				gb[k] += d * d
				b[k] -= rate * d / (math.Sqrt(gb[k]) + 1)
			}
			for _, tr := range e.traits {
				at := int(tr>>(32-t.bits)) * n
				for k := range n {
					d := z[k]*norm + t.l2*w[at+k]*norm
					g[at+k] += d * d
					w[at+k] -= rate * d / (math.Sqrt(g[at+k]) + 0.1)
				}
			}
		}
	}
	for k := range n {
		top := 0.0
		for i := k; i < len(w); i += n {
			top = max(top, math.Abs(w[i]))
		}
		to.scale[k], to.bias[k] = float32(top/127), float32(b[k])
		for i := k; i < len(w); i += n {
			to.weights[i] = int8(math.Round(w[i] / max(top, 1e-9) * 127))
		}
	}
}

// apart learns on all folds but one and judges that one: the logits of each
// example by a model that never saw it.
func (t task) apart(all []*example) map[*example][]float64 {
	out := map[*example][]float64{}
	for f := range folds {
		var from []*example
		for _, e := range all {
			if e.fold != f && e.knows(t.name) {
				from = append(from, e)
			}
		}
		m := emptyModel(t.bits, len(t.outputs))
		t.learn(from, &m)
		for _, e := range all {
			if e.fold == f {
				out[e] = m.logits(e.traits)
			}
		}
	}
	return out
}

// weigh fits a logistic regression of a few numbers by plain descent.
func weigh(rows [][]float64, yes []bool) []float64 {
	w := make([]float64, len(rows[0]))
	for range 1000 {
		g := make([]float64, len(w))
		for i, r := range rows {
			z := 0.0
			for k := range r {
				z += w[k] * r[k]
			}
			d := 1 / (1 + math.Exp(-z))
			if yes[i] {
				d--
			}
			for k := range r {
				g[k] += d * r[k]
			}
		}
		for k := range w {
			w[k] -= 2 * g[k] / float64(len(rows))
		}
	}
	return w
}

// row is what a judgement sees of a message.
func (e *example) row(z []float64) []float64 {
	phrase, best := 0.0, z[1]
	for k, name := range topicOutputs[1:] {
		phrase, best = max(phrase, e.phrase.score(name)), max(best, z[k+1])
	}
	return []float64{1, min(phrase, most), z[0], best}
}

func dot(w, r []float64) float64 {
	z := 0.0
	for i := range w {
		z += w[i] * r[i]
	}
	return z
}

// settle weighs phrases against models on the examples alone, because the
// phrases were tuned on the half for developing, and sets each limit where the
// given share of those that need nothing would be wrong.
func settle(all []*example, of map[string]map[*example][]float64) judgement {
	var rows, ones [][]float64
	var any, one []bool
	for _, e := range all {
		if !e.knows("topic") || e.dev {
			continue
		}
		z := of["topic"][e]
		rows, any = append(rows, e.row(z)), append(any, tasks()[0].target(e, 0) == 1)
		for k, name := range topicOutputs[1:] {
			ones, one = append(ones, []float64{1, min(e.phrase.score(name), most), z[k+1]}), append(one, e.is(name))
		}
	}
	a, o := weigh(rows, any), weigh(ones, one)
	calm := map[string][]float64{}
	var wish, special, plain []float64
	for _, e := range all {
		if !e.dev && e.knows("topic") && tasks()[0].target(e, 0) == 0 {
			calm[e.lang] = append(calm[e.lang], dot(a, e.row(of["topic"][e])))
		}
		if e.is("neither") && !e.wished {
			wish = append(wish, of["wish"][e][0])
		}
		if e.is("special:none") {
			special = append(special, of["special"][e][0])
		}
		if e.is("none") {
			plain = append(plain, of["special"][e][0])
		}
	}
	var j judgement
	for i, v := range append(a, o...) {
		j[i] = float32(v)
	}
	strictest := 0.0
	for _, lang := range Languages() { // at most so many in vain in each
		strictest = max(strictest, limit(calm[lang], 0.08))
	}
	j[anyBase] -= float32(strictest)
	j[wishFrom], j[specialFrom] = float32(limit(wish, 0.06)), float32(max(limit(special, 0.08), limit(plain, 0.01)))
	return j
}

// limit is the number that this share is above.
func limit(of []float64, share float64) float64 {
	slices.Sort(of)
	return of[int(float64(len(of))*(1-share))]
}

// TestLearnAgain learns the classifiers anew and compares them with
// weights.bin; with -update it also settles how they are weighed, which takes
// five times as long, and writes the file.
func TestLearnAgain(t *testing.T) {
	t.Parallel()
	all := examples(t)
	m := emptyMind()
	for i, task := range tasks() {
		var from []*example
		for _, e := range all {
			if e.knows(task.name) {
				from = append(from, e)
			}
		}
		task.learn(from, []*model{&m.topics, &m.wishes, &m.special}[i])
	}
	if *update {
		apart := map[string]map[*example][]float64{}
		for _, task := range tasks() {
			apart[task.name] = task.apart(all)
		}
		m.judge = settle(all, apart)
		report(t, all, apart, m.judge)
		if err := os.WriteFile("weights.bin", m.bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := readMind(learned)
	if err != nil || len(learned) > 400<<10 {
		t.Fatalf("weights.bin has %d bytes: %v", len(learned), err)
	}
	m.judge = have.judge
	raw, far := m.bytes(), 0
	for i := range raw { // another processor rounds differently
		if d := int(int8(raw[i])) - int(int8(learned[i])); d > 2 || d < -2 {
			far++
		}
	}
	if far > len(raw)/1000 {
		t.Errorf("%d of %d bytes are not what is learned: run this test with -update", far, len(raw))
	}
}

func (m *mind) bytes() []byte {
	var raw []byte
	for _, part := range m.parts() {
		raw, _ = binary.Append(raw, binary.LittleEndian, part)
	}
	return raw
}

func TestWeightsThatAreCutShortLeavePhrasesAlone(t *testing.T) {
	t.Parallel()
	m, err := readMind(learned[:1000])
	if err == nil || m != nil {
		t.Fatal("half the weights were read")
	}
	s := sums{Refund: {score: 3}}
	judge(s, &mind{err: err}, nil)
	if s[Refund].score != 3 {
		t.Errorf("%v", s[Refund].score)
	}
}

// report prints what is to be expected of messages that nobody learned from.
func report(t *testing.T, all []*example, of map[string]map[*example][]float64, j judgement) {
	t.Helper()
	for _, dev := range []bool{false, true} {
		var found, wrong, wish, vain, special, idle share
		for _, e := range all {
			if e.dev != dev {
				continue
			}
			if e.knows("topic") {
				brings := j.any(e.phrase, of["topic"][e]) > 0
				if tasks()[0].target(e, 0) == 1 {
					found.note(brings)
				} else {
					wrong.note(brings)
				}
			}
			called := e.wished || of["wish"][e][0] > float64(j[wishFrom])
			switch {
			case e.is(string(WantsPerson)) || e.is(string(NoMachine)):
				wish.note(called)
			case e.is("neither") || e.is("none"):
				vain.note(called)
			}
			touched := of["special"][e][0] > float64(j[specialFrom])
			switch {
			case e.is("special:none") || e.is("none"):
				idle.note(touched)
			case strings.HasPrefix(e.labels[0], "special:"):
				special.note(touched)
			}
		}
		t.Logf("apart, for developing %-5v: topics %.3f in vain %.3f; wishes %.3f in vain %.3f; special by models %.3f in vain %.3f",
			dev, found.of(), wrong.of(), wish.of(), vain.of(), special.of(), idle.of())
	}
	t.Logf("judgement %v", j)
}
