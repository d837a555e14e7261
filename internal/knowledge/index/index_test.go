package index

import (
	"fmt"
	"math/rand"
	"reflect"
	"sync"
	"testing"
)

func sample(n int) []Document {
	words := []string{"coat", "return", "shipping", "size", "gift", "card", "store", "open", "refund", "wool", "care", "price", "order", "paket", "iade", "kargo"}
	r := rand.New(rand.NewSource(7))
	docs := make([]Document, n)
	for i := range docs {
		text := func(k int) (s string) {
			for range k {
				s += words[r.Intn(len(words))] + " "
			}
			return s
		}
		docs[i] = Document{ID: int64(i + 1), Group: int64(i / 10), Language: "en", Title: text(2), Body: text(20) + fmt.Sprint("nr", i)}
	}
	return docs
}

func search(x *Index, s string) []Hit { return x.Search(x.Query(s, "en"), 10) }

func TestTheRankingDoesNotDependOnHowDocumentsCameIn(t *testing.T) {
	t.Parallel()
	docs := sample(300)
	whole, pieces := New(DefaultWeights()), New(DefaultWeights())
	whole.Add(docs...)
	for i := len(docs) - 7; i > -7; i -= 7 { // other order, many segments, some twice
		pieces.Add(docs[max(i, 0) : i+7]...)
	}
	pieces.Add(Document{ID: 9999, Group: 77, Language: "en", Body: "refund refund"})
	pieces.Remove(77)
	if whole.Len() != 300 || pieces.Len() != 300 {
		t.Fatalf("%d and %d documents", whole.Len(), pieces.Len())
	}
	for _, s := range []string{"can I return a coat", "shipping price", "nr42", "iade kargo", "wol cooat"} {
		if a, b := search(whole, s), search(pieces, s); !reflect.DeepEqual(a, b) || len(a) == 0 {
			t.Errorf("%q: %v\nand %v", s, a, b)
		}
	}
}

func TestARemovedGroupIsGone(t *testing.T) {
	t.Parallel()
	x := New(DefaultWeights())
	x.Add(sample(100)...)
	if h := search(x, "nr42"); h[0].ID != 43 || h[0].Group != 4 {
		t.Fatalf("%+v", h[0])
	}
	size := x.Size()
	x.Remove(4)
	for _, h := range search(x, "nr42") {
		if h.Group == 4 {
			t.Errorf("found %+v", h)
		}
	}
	if x.Len() != 90 || x.Size() >= size {
		t.Errorf("%d documents, %d of %d bytes", x.Len(), x.Size(), size)
	}
	x.Remove(0, 1, 2, 3, 5, 6, 7, 8, 9)
	if h := search(x, "coat"); x.Len() != 0 || h != nil {
		t.Errorf("an empty index found %v", h)
	}
}

func TestTypingErrorsAndOtherSpellingsAreFound(t *testing.T) {
	t.Parallel()
	x := New(DefaultWeights())
	x.Add(
		Document{ID: 1, Language: "tr", Title: "Kargo ücreti", Body: "Siparişleriniz üç günde gelir."},
		Document{ID: 2, Language: "tr", Title: "İade koşulları", Body: "Otuz gün içinde geri gönderin."},
		Document{ID: 3, Language: "en", Title: "Mattress sizes", Body: "Single and double."},
		Document{ID: 4, Language: "en", Title: "Opening hours", Body: "We open at ten."},
		Document{ID: 5, Language: "en", Title: "Reimbursement", Body: "Money comes by bank."},
	)
	for s, want := range map[string]int64{
		"KARGO UCRETI": 1, "siparislerim": 1, "iade kosullari": 2, "IADE": 2, "matress": 3, "mat tress": 3, "openning hour": 4,
		"refund": 5, // by the thesaurus
	} {
		var got int64
		if h := x.Search(x.Query(s, ""), 1); len(h) > 0 {
			got = h[0].ID
		}
		if got != want {
			t.Errorf("%q finds %d, want %d", s, got, want)
		}
	}
}

func TestReadersAndWritersDoNotMeet(t *testing.T) {
	t.Parallel()
	x := New(DefaultWeights())
	docs := sample(200)
	x.Add(docs...)
	var all sync.WaitGroup
	for w := range 3 {
		all.Go(func() {
			for i := range 20 {
				g := (w*7 + i) % 20
				x.Replace([]int64{int64(g)}, docs[g*10:g*10+10])
			}
		})
	}
	for range 3 {
		all.Go(func() {
			for range 200 {
				if h := search(x, "nr5 coat"); len(h) == 0 {
					t.Error("found nothing")
				}
			}
		})
	}
	all.Wait()
	if x.Len() != 200 {
		t.Errorf("%d documents", x.Len())
	}
}

func FuzzQuery(f *testing.F) {
	x := New(DefaultWeights())
	x.Add(sample(50)...)
	for _, s := range []string{"", "coat", "\xff", "a'b", "İ ı I i", "?", "x\x00y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := x.Query(s, "")
		for _, h := range x.Search(q, 5) {
			if h.Score <= 0 || h.Score > 1.001 || h.Stem > 1.001 {
				t.Fatalf("%q: %+v", s, h)
			}
		}
		q.Cover(q.Mark("en", s))
		q.Match(s)
	})
}
