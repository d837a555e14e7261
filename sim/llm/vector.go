package llm

import (
	"hash/fnv"
	"math"

	"parley/internal/kit/text"
)

// Vector is a bag of words, hashed: texts that share words, or pieces of words,
// are near. It knows no meaning: a paraphrase without a common word is far.
func Vector(s string, size int) []float32 {
	v := make([]float64, size)
	add := func(feature string, weight float64) {
		h := fnv.New64a()
		_, _ = h.Write([]byte(feature)) // a hash takes everything
		n := h.Sum64()
		if n>>63 == 1 {
			weight = -weight
		}
		v[n%uint64(size)] += weight
	}
	for _, w := range text.Terms(s) {
		weight := 1.0
		if text.StopWord("en", w) || text.StopWord("tr", w) {
			weight = 0.1
		}
		add("w"+w, weight)
	}
	for _, g := range text.Grams(s, 4) {
		add("g"+g, 0.3)
	}
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	out := make([]float32, size)
	for i, x := range v {
		out[i] = float32(x / math.Max(math.Sqrt(sum), 1e-9))
	}
	return out
}
