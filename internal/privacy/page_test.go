package privacy_test

import (
	"flag"
	"os"
	"testing"

	"parley/internal/privacy"
)

var update = flag.Bool("update", false, "write the generated page")

func TestDataMapPageIsUpToDate(t *testing.T) {
	t.Parallel()
	page, err := privacy.Page()
	if err != nil {
		t.Fatal(err)
	}
	const path = "../../docs/data-map.md"
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != page {
		t.Fatalf("docs/data-map.md is out of date; run go test ./internal/privacy -run Page -update (%v)", err)
	}
}
