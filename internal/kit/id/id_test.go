package id_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/kit/clock"
	"parley/internal/kit/id"
)

var start = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func TestIdsRiseWhateverTheClockDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clk := clock.NewFake(start)
		gen := id.New(clk, rapid.IntRange(0, id.MaxNode).Draw(t, "node"))
		last := int64(0)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			clk.Jump(time.Duration(rapid.Int64Range(-3_600_000, 3_600_000).Draw(t, "jump")) * time.Millisecond)
			for range rapid.IntRange(1, 5000).Draw(t, "burst") {
				next := gen.Next()
				if next <= last {
					t.Fatalf("%d came after %d", next, last)
				}
				last = next
			}
		}
	})
}

func TestNodesNeverShareAnID(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(start)
	seen := map[int64]bool{}
	for node := range 4 {
		gen := id.New(clk, node)
		for range 5000 {
			n := gen.Next()
			if seen[n] {
				t.Fatalf("id %d twice", n)
			}
			seen[n] = true
		}
	}
}

func TestConcurrentIdsAreUnique(t *testing.T) {
	t.Parallel()
	gen := id.New(clock.NewFake(start), 1)
	parts := make([][]int64, 8)
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() {
			for range 5000 {
				parts[i] = append(parts[i], gen.Next())
			}
		})
	}
	wg.Wait()
	all := slices.Concat(parts...)
	slices.Sort(all)
	if len(slices.Compact(all)) != 40000 {
		t.Fatal("an id came twice")
	}
}

func TestRaiseKeepsIdsAboveThoseOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(start)
	first := id.New(clk, 0)
	var last int64
	for range 10000 {
		last = first.Next()
	}
	clk.Jump(-time.Hour)
	second := id.New(clk, 7)
	second.Raise(last)
	second.Raise(0)
	if n := second.Next(); n <= last {
		t.Fatalf("%d is not above %d", n, last)
	}
}

func TestTimeReadsTheMoment(t *testing.T) {
	t.Parallel()
	if got := id.Time(id.New(clock.NewFake(start), 3).Next()); !got.Equal(start) {
		t.Fatalf("got %v", got)
	}
}

func TestParseIsStrict(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "0", "-1", "+1", "01", "1 ", " 1", "1e3", "0x1", "１", "9223372036854775808", "abc"} {
		if _, err := id.Parse(bad); err == nil {
			t.Errorf("%q was read as an id", bad)
		}
	}
	n, err := id.Parse("9223372036854775807")
	if err != nil || id.Format(n) != "9223372036854775807" {
		t.Fatal(n, err)
	}
}
