package topic

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"math"
	"sync"
	"unicode/utf8"
)

// learned is what TestLearnAgain learned from examples/*.txt and the half of
// test/topics for developing.
//
//go:embed weights.bin
var learned []byte

// model is a row of linear classifiers over hashed traits of a message: one
// weight per trait and output, a byte each.
type model struct {
	bits    int
	outputs int
	scale   []float32 // by which the weights of an output are multiplied
	bias    []float32
	weights []int8 // by trait, then by output
}

// Outputs of the three models.
var (
	topicOutputs = [...]string{"any", Refund, Complaint, Legal, Health}
	wishOutputs  = [...]string{"any", string(WantsPerson), string(NoMachine)}
)

// specialOutputs are the categories but health, which is a topic as well.
func specialOutputs() []string { return append([]string{"any"}, Categories()[1:]...) }

// Numbers of bits of the hash of each model.
const (
	topicBits   = 15
	wishBits    = 14
	specialBits = 13
)

// judgement are the numbers that turn phrases and models into a decision: a
// person is brought where a sum is above 0.
type judgement [9]float32

// What stands where in a judgement.
const (
	anyBase = iota // is it any topic: a constant
	anyPhrase
	anyModel
	anyBest // the likeliest topic
	oneBase // is it this topic
	onePhrase
	oneModel
	wishFrom // the models alone decide from here on
	specialFrom
)

// mind is everything that was learned.
type mind struct {
	topics, wishes, special model
	judge                   judgement
	err                     error
}

var minds = sync.OnceValue(func() *mind {
	m, err := readMind(learned)
	if err != nil {
		m = &mind{err: err}
	}
	return m
})

func emptyMind() *mind {
	return &mind{topics: emptyModel(topicBits, len(topicOutputs)), wishes: emptyModel(wishBits, len(wishOutputs)), special: emptyModel(specialBits, len(specialOutputs()))}
}

func emptyModel(bits, outputs int) model {
	return model{bits, outputs, make([]float32, outputs), make([]float32, outputs), make([]int8, outputs<<bits)}
}

// parts lists everything in the order of the file.
func (m *mind) parts() []any {
	out := []any{m.judge[:]}
	for _, one := range []*model{&m.topics, &m.wishes, &m.special} {
		out = append(out, one.scale, one.bias, one.weights)
	}
	return out
}

func readMind(raw []byte) (*mind, error) {
	m := emptyMind()
	for _, part := range m.parts() {
		n := binary.Size(part)
		if len(raw) < n {
			return nil, errors.New("topic: weights.bin is cut short: run go test ./internal/answer/topic -run LearnAgain -update")
		}
		if _, err := binary.Decode(raw[:n], binary.LittleEndian, part); err != nil {
			return nil, err
		}
		raw = raw[n:]
	}
	return m, nil
}

// logits is what each output makes of the traits.
func (m *model) logits(traits []uint32) []float64 {
	out := make([]float64, m.outputs)
	if len(m.weights) == 0 {
		return out
	}
	sums := make([]int32, m.outputs)
	for _, t := range traits {
		at := int(t>>(32-m.bits)) * m.outputs
		for k, w := range m.weights[at : at+m.outputs] {
			sums[k] += int32(w)
		}
	}
	norm := 1 / math.Sqrt(float64(max(1, len(traits))))
	for k := range out {
		out[k] = float64(sums[k])*float64(m.scale[k])*norm + float64(m.bias[k])
	}
	return out
}

const (
	seedWord = 2166136261 // FNV-1a
	seedPair = seedWord ^ 0x5bd1e995
	seedSkip = seedWord ^ 0x1b873593
	seedGram = seedWord ^ 0x2545f491
	seedOpen = seedWord ^ 0x7feb352d
	prime    = 16777619
)

func mix(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * prime
	}
	return (h ^ ' ') * prime
}

// spread makes the upper bits depend on all of a hash.
func spread(h uint32) uint32 {
	h ^= h >> 15
	h *= 0x846ca68b
	return h ^ h>>13*0x9e3779b1
}

// traits hashes what a message is made of: words, neighbouring words, words
// with one between, the first words, and pieces of words of 3 to 5 letters,
// which stand for stems and forgive slips. No language is asked for.
func traits(words []word) []uint32 {
	var out []uint32
	add := func(h uint32) { out = append(out, spread(h)) }
	var before, further string
	first := 0
	for _, w := range words {
		if w.end() {
			before, further = "", ""
			if w.forms[0] == "?" {
				add(mix(seedWord, "?"))
			}
			continue
		}
		s := w.forms[0]
		if s == before && s == further {
			continue // said three times and more it says no more
		}
		add(mix(seedWord, s))
		if before != "" {
			add(mix(mix(seedPair, before), s))
		}
		if further != "" {
			add(mix(mix(seedSkip, further), s))
		}
		if first++; first <= 2 {
			add(mix(seedOpen, s))
		}
		further, before = before, s
		pieces("_"+s+"_", add)
	}
	return out
}

// pieces hashes every run of 3 to 5 letters.
func pieces(s string, add func(uint32)) {
	for i := 0; i < len(s); {
		h, n, at := uint32(seedGram), 0, i
		for n < 5 && at < len(s) {
			_, size := utf8.DecodeRuneInString(s[at:])
			for _, c := range []byte(s[at : at+size]) {
				h = (h ^ uint32(c)) * prime
			}
			at += size
			if n++; n >= 3 {
				add((h ^ uint32(n)) * prime)
			}
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
}
