package bench

import "testing"

// A small trial: the quiet workspace is answered, the flood is held back.
func TestAFloodIsMeasuredAgainstAQuietWorkspace(t *testing.T) {
	t.Parallel()
	opt := Options{Messages: 30, Conversations: 2}
	figures, err := Flood(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if len(figures) != 6 {
		t.Errorf("%d figures", len(figures))
	}
	for _, f := range figures {
		if f.Value < 0 || f.Metric[:3] == "p99" && f.Value <= 0 {
			t.Errorf("%s", f)
		}
	}
}

func TestTheBenchOfSignInsRuns(t *testing.T) {
	t.Parallel()
	figures, err := Run(t.Context(), "signin", Options{Engine: "sqlite", Conversations: 1, Messages: 4, cost: 4})
	if err != nil {
		t.Fatal(err)
	}
	if len(figures) != 12 {
		t.Errorf("%d figures: %v", len(figures), figures)
	}
	for _, f := range figures {
		if f.Metric == "log-ins without an answer" && f.Value != 0 {
			t.Errorf("%v", f)
		}
	}
}
