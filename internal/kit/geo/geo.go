package geo

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Limits of a file and of what it says.
const (
	maxFile = 512 << 20
	maxName = 80 // characters
)

// File is an opened file. A nil one knows no place.
type File struct{ r *maxminddb.Reader }

// Open reads a file whole, so that it may be replaced while it is used; a new one
// is read at the next start. Its errors say what to do.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the file cannot be opened: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("the file cannot be opened: %w", err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file: name a MaxMind DB file, such as GeoLite2-City.mmdb")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("the file has more than %d MB: name a MaxMind DB file of cities, such as GeoLite2-City.mmdb", maxFile>>20)
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	r, err := maxminddb.OpenBytes(raw)
	if err != nil {
		return nil, errors.New("the file is no MaxMind DB, or is cut off: fetch it again, for example GeoLite2-City.mmdb")
	}
	return &File{r}, nil
}

// Check looks through the whole file, which takes seconds for one of all cities.
func (f *File) Check() error {
	if f == nil {
		return nil
	}
	if err := f.r.Verify(); err != nil {
		return errors.New("the file is damaged: fetch it again")
	}
	return nil
}

// entry is what is read of what a file says.
type entry struct {
	City    named `maxminddb:"city"`
	Country named `maxminddb:"country"`
}

type named struct {
	Names map[string]string `maxminddb:"names"`
}

// Place is "city, country" of an address, in English, or as much of it as is
// known; "" where nothing is.
func (f *File) Place(address string) string {
	if f == nil {
		return ""
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	var e entry
	if err := f.r.Lookup(ip.Unmap().WithZone("")).Decode(&e); err != nil {
		return ""
	}
	var parts []string
	for _, n := range []named{e.City, e.Country} {
		if word := clean(n.Names["en"]); word != "" {
			parts = append(parts, word)
		}
	}
	return strings.Join(parts, ", ")
}

// clean makes a name of what a file says: no controls, no markup's signs to speak
// of, and short.
func clean(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	kept := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune(" '’.-()/", r) {
			return r
		}
		return -1
	}, s)
	all := []rune(strings.TrimSpace(kept))
	return string(all[:min(len(all), maxName)])
}
