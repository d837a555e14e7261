package index

import (
	"bytes"
	"errors"
	"math/rand"
	"reflect"
	"testing"
)

// many is an index of several segments, one of them thinned out.
func many(t testing.TB) *Index {
	t.Helper()
	x := New(DefaultWeights())
	docs := sample(300)
	for i := 0; i < len(docs); i += 60 {
		x.Add(docs[i : i+60]...)
	}
	x.Add(Document{ID: 9001, Group: 90, Language: "tr", Title: "Kargo ücreti", Body: "Siparişleriniz üç günde gelir, gelir, gelir."})
	x.Remove(7)
	return x
}

func TestASavedIndexRanksAsTheOneItWas(t *testing.T) {
	t.Parallel()
	x := many(t)
	raw := x.Save()
	y, err := Load(DefaultWeights(), raw)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(y.Save(), raw) || y.Len() != x.Len() || !reflect.DeepEqual(x.Languages(), y.Languages()) {
		t.Fatalf("%d documents and %v, want %d and %v", y.Len(), y.Languages(), x.Len(), x.Languages())
	}
	same := func() {
		t.Helper()
		for _, s := range []string{"can I return a coat", "shipping price", "nr42", "iade kargo ucreti", "wol cooat", "nr71"} {
			if a, b := search(x, s), search(y, s); !reflect.DeepEqual(a, b) {
				t.Errorf("%q: %v\nand %v", s, a, b)
			}
		}
	}
	same()
	// It goes on changing as the other does.
	more := Document{ID: 9002, Group: 91, Language: "en", Body: "coat coat nr42"}
	for _, i := range []*Index{x, y} {
		i.Remove(4)
		i.Add(more)
	}
	same()
	if empty, err := Load(DefaultWeights(), New(DefaultWeights()).Save()); err != nil || empty.Len() != 0 {
		t.Errorf("an empty index: %v", err)
	}
}

func TestABrokenSavedIndexIsRefusedOrHarmless(t *testing.T) {
	t.Parallel()
	raw := many(t).Save()
	for n := 0; n < len(raw); n += 1 + len(raw)/500 {
		if _, err := Load(DefaultWeights(), raw[:n]); !errors.Is(err, ErrUnreadable) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	if _, err := Load(DefaultWeights(), append(bytes.Clone(raw), 0)); !errors.Is(err, ErrUnreadable) {
		t.Error("bytes after the end are taken")
	}
	other := bytes.Clone(raw)
	other[0]++ // made by other rules of words
	if _, err := Load(DefaultWeights(), other); !errors.Is(err, ErrUnreadable) {
		t.Error("an index of other rules is taken")
	}
	r := rand.New(rand.NewSource(3))
	refused := 0
	for range 2000 {
		bent := bytes.Clone(raw)
		for range 1 + r.Intn(4) {
			bent[8+r.Intn(len(bent)-8)] = byte(r.Intn(256))
		}
		if !survives(bent) {
			refused++
		}
	}
	if refused < 100 {
		t.Errorf("only %d of 2000 bent indexes were refused", refused)
	}
}

// survives loads, searches and changes an index of any bytes.
func survives(raw []byte) bool {
	x, err := Load(DefaultWeights(), raw)
	if err != nil {
		return false
	}
	x.Search(x.Query("can I return a coat nr42", ""), 5)
	x.Remove(4)
	x.Add(Document{ID: 1, Language: "en", Body: "coat"})
	x.Search(x.Query("coat", "en"), 5)
	return true
}

func FuzzLoad(f *testing.F) {
	f.Add(New(DefaultWeights()).Save())
	small := New(DefaultWeights())
	small.Add(sample(3)...)
	f.Add(small.Save())
	f.Add(append(small.Save()[:8], 0xff, 0xff, 0xff, 0xff, 1, 2, 3))
	f.Fuzz(func(_ *testing.T, raw []byte) { survives(raw) })
}
