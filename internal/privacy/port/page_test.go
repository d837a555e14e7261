package port_test

import (
	"flag"
	"os"
	"testing"

	"parley/internal/privacy/port"
)

var update = flag.Bool("update", false, "write docs/export.md")

func TestPageIsTheCommittedOne(t *testing.T) {
	t.Parallel()
	const file = "../../../docs/export.md"
	page, err := port.Page()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(file)
	if err != nil || string(held) != page {
		t.Errorf("%s is not what the schema says; look at the change, then run: go test ./internal/privacy/port -run Page -update (%v)", file, err)
	}
}
