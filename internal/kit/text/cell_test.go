package text_test

import (
	"testing"

	"parley/internal/kit/text"
)

// asvs: V1.2.10
func TestNoCellOfATableIsAFormula(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "Ayla": "Ayla", "=1+1": "'=1+1", "+905": "'+905", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "a=1": "a=1", "Ünal": "Ünal",
	} {
		if got := text.Cell(in); got != want {
			t.Errorf("Cell(%q) = %q, want %q", in, got, want)
		}
	}
}
