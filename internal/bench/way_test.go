package bench

import (
	"testing"
)

// A small trial of the benches of a message's way: they measure what they say
// they do, or fail. (The bounds hold for a machine with nothing else to do.)
func TestTheWayOfAMessageIsMeasured(t *testing.T) {
	t.Parallel()
	opt := Options{Messages: 300, Conversations: 10}
	for name, want := range map[string]int{"door": 6, "filed": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var figures []Figure
			var err error
			if name == "door" {
				figures, err = Door(t.Context(), opt)
			} else {
				r := &report{bench: name}
				err = filed(t.Context(), opt.withDefaults(0, 0), r)
				figures = r.figures
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(figures) != want {
				t.Errorf("%d figures, want %d", len(figures), want)
			}
			for _, f := range figures {
				if f.Value <= 0 {
					t.Errorf("%s", f)
				}
			}
		})
	}
}
