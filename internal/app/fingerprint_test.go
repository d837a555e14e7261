package app_test

import (
	"strings"
	"testing"

	"parley/internal/app"
)

// What was proven of one program says nothing of another with the same version.
func TestAProgramIsNamedByItsFile(t *testing.T) {
	t.Parallel()
	name, same := app.Fingerprint(), app.Fingerprint()
	of, found := strings.CutPrefix(name, app.Version()+" ")
	if !found || len(of) != 16 || name != same {
		t.Errorf("the program is named %q and %q", name, same)
	}
}
