package topic

// mostScore is the highest evidence that models and phrases give together, so
// that a workspace's phrase against a topic always weighs more.
const mostScore = 4.0

// learntClass is the class of what no phrase said.
const learntClass = "wording"

// judge weighs phrases and models against each other: first whether a person is
// needed at all, then for which topics.
func judge(s sums, m *mind, words []word) {
	if m.err != nil || fewer(words, enough) {
		return
	}
	traits := traits(words)
	z := m.topics.logits(traits)
	anyway := m.judge.any(s, z)
	best, most := "", 0.0
	for k, name := range topicOutputs[1:] {
		score := threshold + m.judge.one(s.score(name), z[k+1])
		if best == "" || score > most {
			best, most = name, score
		}
		if anyway <= 0 {
			score = min(score, threshold-0.01)
		}
		s.set(name, score)
	}
	if anyway > 0 && most < threshold {
		s.set(best, threshold)
	}
	special := m.special.logits(traits)
	if special[0] > float64(m.judge[specialFrom]) {
		name := specialOutputs()[1+likeliest(special[1:])]
		s.set(name, max(threshold, s.score(name)))
	}
}

// How many words models need: a name, a size or "no" looks like anything to
// them. A person is wished for in fewer.
const (
	enough     = 5
	enoughWish = 3
)

// fewer reports whether a message has fewer than n words.
func fewer(words []word, n int) bool {
	for _, w := range words {
		if !w.end() {
			n--
		}
	}
	return n > 0
}

func likeliest(z []float64) int {
	best := 0
	for k := range z {
		if z[k] > z[best] {
			best = k
		}
	}
	return best
}

func (s sums) score(name string) float64 {
	if s[name] == nil {
		return 0
	}
	return s[name].score
}

func (s sums) set(name string, score float64) {
	if s[name] == nil {
		s[name] = &sum{classes: map[string]float64{}}
	}
	if len(s[name].classes) == 0 {
		s[name].classes[learntClass] = 1
	}
	s[name].score = min(score, mostScore)
}

// most is beyond what more phrases say nothing more.
const most = 3.0

// any is above 0 where the message is of one topic or another.
func (j *judgement) any(s sums, z []float64) float64 {
	phrase, best := 0.0, z[1]
	for k, name := range topicOutputs[1:] {
		phrase, best = max(phrase, s.score(name)), max(best, z[k+1])
	}
	return float64(j[anyBase]) + float64(j[anyPhrase])*min(phrase, most) + float64(j[anyModel])*z[0] + float64(j[anyBest])*best
}

// one is above 0 where the message is of this topic.
func (j *judgement) one(phrase, z float64) float64 {
	return float64(j[oneBase]) + float64(j[onePhrase])*min(phrase, most) + float64(j[oneModel])*z
}
