package web

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Limits of a sitemap.
const (
	maxMap     = 20 << 20 // bytes, unpacked
	maxEntries = 50_000   // as the protocol allows
)

// Map is what a sitemap names.
type Map struct {
	Pages []string
	Maps  []string // sitemaps below it
}

// IsMap tells a sitemap by its first words; packed ones too.
func IsMap(raw []byte) bool {
	if bytes.HasPrefix(raw, []byte("\x1f\x8b")) {
		head, _ := unpack(raw, 1024)
		raw = head
	}
	head := raw[:min(len(raw), 1024)]
	return bytes.Contains(head, []byte("<urlset")) || bytes.Contains(head, []byte("<sitemapindex"))
}

// ReadMap reads a sitemap or an index of sitemaps, packed or not. What is read
// before a mistake in it counts.
func ReadMap(raw []byte) Map {
	if bytes.HasPrefix(raw, []byte("\x1f\x8b")) {
		raw, _ = unpack(raw, maxMap)
	}
	var m Map
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.Strict = false
	index := false
	for len(m.Pages)+len(m.Maps) < maxEntries {
		t, err := d.Token()
		if err != nil {
			return m
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "sitemap":
			index = true
		case "url":
			index = false
		case "loc":
			if start.Name.Space != "" && !strings.Contains(start.Name.Space, "sitemap/") {
				continue // image:loc and the like
			}
			t, err := d.Token()
			if err != nil {
				return m
			}
			at, ok := t.(xml.CharData)
			switch s := strings.TrimSpace(string(at)); {
			case !ok || s == "" || len(s) > MaxAddress:
			case index:
				m.Maps = append(m.Maps, s)
			default:
				m.Pages = append(m.Pages, s)
			}
		}
	}
	return m
}

// unpack gives at most that many bytes; what is longer is cut.
func unpack(raw []byte, most int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(z, most))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return out, err
}
