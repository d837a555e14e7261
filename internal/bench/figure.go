package bench

import (
	"fmt"
	"slices"
)

// Figure is one measured number. Value is in Unit; Bound, where there is one, is
// the limit it is held against or the ceiling measured in the same run, and
// Ratio is Value over Bound.
type Figure struct {
	Bench  string  `json:"bench"`
	Engine string  `json:"engine"` // sqlite, postgres or "" where no database takes part
	Metric string  `json:"metric"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Bound  float64 `json:"bound,omitempty"`
	Ratio  float64 `json:"ratio,omitempty"`
	// Most says that the bound must not be exceeded; else it must be reached.
	Most bool `json:"-"`
}

// Met reports whether the figure keeps its bound; one without a bound does.
func (f Figure) Met() bool {
	switch {
	case f.Most:
		return f.Value <= f.Bound
	case f.Bound != 0:
		return f.Value >= f.Bound
	}
	return true
}

// String is the figure for a person's terminal.
func (f Figure) String() string {
	line := fmt.Sprintf("%-10s %-8s %-34s %12.4g %-14s", f.Bench, f.Engine, f.Metric, f.Value, f.Unit)
	if f.Bound == 0 && !f.Most {
		return line
	}
	word, state := "at least", "ok"
	if f.Most {
		word = "at most"
	}
	if !f.Met() {
		state = "MISSED"
	}
	return fmt.Sprintf("%s %s %.4g: %s", line, word, f.Bound, state)
}

// figure fills in the ratio.
func figure(bench, metric string, value float64, unit string, bound float64) Figure {
	f := Figure{Bench: bench, Metric: metric, Value: value, Unit: unit, Bound: bound}
	if bound != 0 {
		f.Ratio = value / bound
		f.Most = slices.Contains([]string{"ms", "s", "KB", "MB", "KB/stream"}, unit)
	}
	return f
}
