package llmtest

import (
	"context"
	"testing"

	"parley/internal/llm"
	sim "parley/sim/llm"
)

// NoAgreement is a register's Ready that has no agreement.
func NoAgreement(context.Context) error { return llm.ErrNoDPA }

func (s Subject) vectors(t *testing.T) {
	t.Parallel()
	w := s.Open(t, Key)
	r := llm.EmbedRequest{Model: "text-embedding-3-small", Dimensions: 128,
		Texts: []string{"İade süresi 14 gündür", "iade süresi kaç gün", "Our shop is closed on Sundays"}}
	got, err := w.Adapter.Embed(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.List) != 3 || got.Dimensions != 128 || got.Model != r.Model || got.Usage.In == 0 || got.RequestID == "" {
		t.Fatalf("%d %+v", len(got.List), got.Usage)
	}
	if near, far := dot(got.List[0], got.List[1]), dot(got.List[0], got.List[2]); near < far+0.2 {
		t.Errorf("near %f, far %f", near, far)
	}
	for knob, want := range map[sim.Knob]llm.Kind{sim.TooMany: llm.Busy, sim.OutOfMoney: llm.Quota, sim.Cut: llm.Broken, sim.HTMLError: llm.Server} {
		w.Sim.Weather(knob, sim.Force{Times: 1})
		if _, err := w.Adapter.Embed(t.Context(), r); llm.KindOf(err) != want {
			t.Errorf("%s: %v", knob, err)
		}
	}
	if _, err := w.Adapter.Embed(t.Context(), llm.EmbedRequest{Model: "m"}); llm.KindOf(err) != llm.BadRequest {
		t.Error(err)
	}
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
