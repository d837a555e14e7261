package bench

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
}

// figure fills in the ratio.
func figure(bench, metric string, value float64, unit string, bound float64) Figure {
	f := Figure{Bench: bench, Metric: metric, Value: value, Unit: unit, Bound: bound}
	if bound != 0 {
		f.Ratio = value / bound
	}
	return f
}
