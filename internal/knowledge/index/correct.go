package index

import (
	"strings"

	"parley/internal/kit/text"
)

const (
	leastCorrected = 6 // letters of a word that may be a typing error
	mostCorrected  = 3 // words of a question
)

// corrected gives the question with words that no document holds replaced by
// words one edit away that some do. The pieces of known words tell which edits
// are worth a look; of several words the commonest wins.
func (n *snapshot) corrected(langs []string, question string) string {
	var b strings.Builder
	from, left := 0, mostCorrected
	for _, w := range text.Words(question) {
		if left == 0 {
			break
		}
		if n.knows(langs, w.Text) > 0 || stop(langs, w.Text) {
			continue
		}
		if better := n.correct(langs, text.Fold(w.Text)); better != "" {
			b.WriteString(question[from:w.Start])
			b.WriteString(better)
			from = w.End
			left--
		}
	}
	if from == 0 {
		return question
	}
	return b.String() + question[from:]
}

// knows is the number of documents with the stem of a word, in whatever language
// most have it.
func (n *snapshot) knows(langs []string, word string) (most int) {
	for _, l := range langs {
		most = max(most, n.count(voiceStem, hash(stem(l, word))))
		for _, other := range text.Respelled(l, word) {
			most = max(most, n.count(voiceStem, hash(stem(l, other))))
		}
	}
	return most
}

// correct is the known word nearest to a folded one, "" where there is none.
func (n *snapshot) correct(langs []string, word string) (best string) {
	if len(word) < leastCorrected || len(word) > maxWord/2 || strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) >= 0 {
		return ""
	}
	most := 0
	try := func(head, tail string) {
		if !n.likely(head, tail) {
			return
		}
		w := head + tail
		if docs := n.knows(langs, w); docs > most || docs > 0 && docs == most && w < best {
			best, most = w, docs
		}
	}
	for i := 0; i <= len(word); i++ {
		for c := 'a'; c <= 'z'; c++ {
			try(word[:i]+string(c), word[i:])
			if i < len(word) && word[i] != byte(c) {
				try(word[:i]+string(c), word[i+1:])
			}
		}
		if i < len(word) {
			try(word[:i], word[i+1:])
		}
		if i+1 < len(word) && word[i] != word[i+1] {
			try(word[:i]+word[i+1:i+2]+word[i:i+1], word[i+2:])
		}
	}
	return best
}

// likely reports whether the pieces around a seam of a word are known.
func (n *snapshot) likely(head, tail string) bool {
	const size = 4
	w := " " + head + tail + " "
	at := len(head) + 1
	for i := max(0, at-size); i < at+1 && i+size <= len(w); i++ {
		if n.count(voiceFour, hash(w[i:i+size])) == 0 {
			return false
		}
	}
	return true
}
