package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/kit/config"
)

func TestAStartWithAFileOfPlacesThatIsNoneSaysWhatToDo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.mmdb")
	if err := os.WriteFile(path, []byte("<html>sign in to download</html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{path, path + ".missing"} {
		if _, err := placesOf(config.Config{GeoFile: at}); err == nil || !strings.HasPrefix(err.Error(), "PARLEY_GEO_FILE: the file ") {
			t.Errorf("%v", err)
		}
	}
	a := &App{Install: &Install{Config: config.Config{GeoFile: path}}}
	if f := a.checkPlaces(); f.State != Fail || !strings.Contains(f.Text, "fetch it again") {
		t.Errorf("doctor says %+v", f)
	}
}
