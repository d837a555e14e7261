package index

import (
	"fmt"
	"testing"
)

func coats() *Index {
	x := New(DefaultWeights())
	x.Add(
		Document{ID: 1, Language: "en", Body: "A coat can be returned within thirty days of delivery."},
		Document{ID: 2, Language: "en", Body: "Shipping to Germany costs four euros."},
		Document{ID: 3, Language: "tr", Body: "Paltoların yıkanması: otuz derecede, kısa programda yıkayın."},
		Document{ID: 4, Language: "tr", Body: "Kargo ücreti Almanya için dört avrodur."},
	)
	return x
}

func TestATypingErrorFindsAndCountsLessThanTheWord(t *testing.T) {
	t.Parallel()
	x := coats()
	clean, typed := x.Search(x.Query("within how many days of delivery", "en"), 1), x.Search(x.Query("within how many days of delviery", "en"), 1)
	if len(typed) == 0 || typed[0].ID != 1 {
		t.Fatalf("%+v", typed)
	}
	if typed[0].Stem >= clean[0].Stem || typed[0].Stem <= 0.5*clean[0].Stem {
		t.Errorf("it covers %.2f, the clean question %.2f", typed[0].Stem, clean[0].Stem)
	}
}

func TestOnlyAWordThatNobodyKnowsIsCorrected(t *testing.T) {
	t.Parallel()
	n := coats().now.Load()
	for question, want := range map[string]string{
		"shippping to germany?": "shipping to germany?",
		"Is shiping dear":       "Is shipping dear",
		"returned coat":         "returned coat", // known
		"coar":                  "coar",          // short
		"elephants in Norway":   "elephants in Norway",
		"delivry-2, thirtyy!":   "delivery-2, thirty!",
		"":                      "",
	} {
		if got := n.corrected([]string{"en"}, question); got != want {
			t.Errorf("%q becomes %q, want %q", question, got, want)
		}
	}
}

func TestTurkishWithoutItsLettersCoversWhatItMeans(t *testing.T) {
	t.Parallel()
	x := coats()
	for _, question := range []string{"palto yıkanması kargo ücreti", "palto yikanmasi kargo ucreti", "PALTO YIKANMASI KARGO ÜCRETİ", "PALTO YIKANMASI KARGO UCRETI"} {
		var covered [2]float64
		for _, h := range x.Search(x.Query(question, "tr"), 4) {
			if h.ID == 3 || h.ID == 4 {
				covered[h.ID-3] = h.Stem
			}
		}
		if covered[0]+covered[1] < 0.99 {
			t.Errorf("%q: %v of it is found", question, covered)
		}
	}
}

func TestAQuestionOfVeryManyWordsReadsNoMoreThanAllowed(t *testing.T) {
	t.Parallel()
	groups := make([]group, 50)
	for i := range groups {
		groups[i] = group{alts: []uint32{uint32(i)}, docs: 1000 * (i + 1)}
	}
	kept, reads := affordable(groups), 0
	for _, g := range kept {
		reads += g.docs
	}
	if reads > maxReads || len(kept) == 0 || kept[0].docs != 1000 {
		t.Errorf("%d groups with %d postings", len(kept), reads)
	}
	if one := affordable([]group{{docs: 10 * maxReads}}); len(one) != 1 {
		t.Error("a question of one common word asks nothing")
	}
}

func TestManyBatchesMakeTheSameIndexAsOne(t *testing.T) {
	t.Parallel()
	docs := make([]Document, 20*batch/2)
	for i := range docs {
		docs[i] = Document{ID: int64(i), Language: "en", Body: fmt.Sprintf("article a%d costs %d", i%97, i)}
	}
	x := New(DefaultWeights())
	x.Add(docs...)
	if x.Len() != len(docs) {
		t.Fatalf("%d documents of %d", x.Len(), len(docs))
	}
	if hits := x.Search(x.Query("costs 7777", "en"), 1); len(hits) == 0 || hits[0].ID != 7777 {
		t.Errorf("%+v", hits)
	}
}
