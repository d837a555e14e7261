package geo_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/kit/geo"
	"parley/sim/mmdb"
)

func written(t *testing.T, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "city.mmdb")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAPlaceIsACityAndACountryAndNothingNarrower(t *testing.T) {
	t.Parallel()
	f, err := geo.Open(written(t, mmdb.City("İzmir", "Türkiye")))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Check(); err != nil {
		t.Error(err)
	}
	for address, want := range map[string]string{"10.1.2.3": "İzmir, Türkiye", "::ffff:10.1.2.3": "İzmir, Türkiye", "203.0.113.9": "", "2001:db8::1": "", "no address": "", "": ""} {
		if got := f.Place(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
	var none *geo.File
	if none.Place("10.1.2.3") != "" || none.Check() != nil {
		t.Error("without a file there is no place")
	}
}

// A file of anybody's making is refused, or knows nothing; what it says is cut to
// what a name is made of.
// asvs: V5.2.2, V5.3.2
func TestAHostileFileIsRefusedOrKnowsNothing(t *testing.T) {
	t.Parallel()
	good := mmdb.City("Izmir", "Turkiye")
	for name, raw := range map[string][]byte{"empty": {}, "text": []byte("network,country\n10.0.0.0/8,TR\n"), "no metadata": good[:60], "records cut off": good[40:]} {
		f, err := geo.Open(written(t, raw))
		if err == nil {
			err = f.Check()
		}
		if err == nil || !strings.Contains(err.Error(), "fetch it again") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := geo.Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no file") {
		t.Errorf("a folder: %v", err)
	}
	for at := range 22 { // of the tree, and of what lies between it and the records
		raw := bytes.Clone(good)
		raw[at] ^= 0xff
		if f, err := geo.Open(written(t, raw)); err == nil {
			_ = f.Place("10.1.2.3") // must come back
		}
	}
	f, err := geo.Open(written(t, mmdb.City("<b>\x00\nI\u202ezmir</b>", strings.Repeat("x", 200))))
	if err != nil {
		t.Fatal(err)
	}
	got := f.Place("10.1.2.3")
	if strings.ContainsAny(got, "<>\x00\n\u202e") || len(got) > 2*80+2 {
		t.Errorf("%q", got)
	}
}
