package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Limits of an Office document, which is an archive of XML.
const (
	maxEntries  = 5000
	maxUnpacked = 250 << 20 // of all entries as they say of themselves
	maxPart     = 64 << 20  // of one part that is read
	maxDepth    = 200       // of elements in one another
)

// archive is an Office document, unpacked part by part.
type archive struct {
	files map[string]*zip.File
	types string // the list of the parts' types
}

func openArchive(raw []byte) (*archive, *Error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, damaged()
	}
	if len(z.File) > maxEntries {
		return nil, bomb()
	}
	a := &archive{files: make(map[string]*zip.File, len(z.File))}
	var sum uint64
	for _, f := range z.File {
		if f.UncompressedSize64 > maxUnpacked {
			return nil, bomb()
		}
		if sum += f.UncompressedSize64; sum > maxUnpacked {
			return nil, bomb()
		}
		if f.Flags&1 != 0 {
			return nil, &Error{Password, "it opens with a password; save it without one and add that"}
		}
		a.files[strings.TrimPrefix(f.Name, "/")] = f
	}
	if a.has("[Content_Types].xml") {
		list, err := a.part("[Content_Types].xml")
		if err != nil {
			return nil, err
		}
		a.types = string(list)
	}
	return a, nil
}

func (a *archive) has(name string) bool { return a.files[name] != nil }

// part unpacks one part; an archive that lies about its size is caught here.
func (a *archive) part(name string) ([]byte, *Error) {
	f := a.files[name]
	if f == nil || f.UncompressedSize64 > maxPart {
		if f == nil {
			return nil, damaged()
		}
		return nil, bomb()
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged()
	}
	defer func() { _ = r.Close() }()
	out, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	switch {
	case uint64(len(out)) > f.UncompressedSize64:
		return nil, bomb()
	case err != nil:
		return nil, damaged()
	}
	return out, nil
}

// main is the name of the part of a type, as the list of types says; other where
// it does not.
func (a *archive) main(kind, other string) string {
	var list struct {
		Override []struct {
			PartName    string `xml:",attr"`
			ContentType string `xml:",attr"`
		}
	}
	if xml.Unmarshal([]byte(a.types), &list) == nil {
		for _, o := range list.Override {
			if name := strings.TrimPrefix(o.PartName, "/"); strings.Contains(o.ContentType, kind) && a.has(name) {
				return name
			}
		}
	}
	return other
}

// The types of the main parts.
const (
	wordMain  = "wordprocessingml.document.main+xml"
	slideMain = "presentationml.presentation.main+xml"
	sheetMain = "spreadsheetml.sheet.main+xml"
)

// archiveKind tells an archive by what is in it.
func archiveKind(raw []byte) (string, *Error) {
	a, err := openArchive(raw)
	if err != nil {
		return "", err
	}
	if strings.Contains(a.types, "macroEnabled") || strings.Contains(a.types, "vbaProject") || a.has("word/vbaProject.bin") ||
		a.has("xl/vbaProject.bin") || a.has("ppt/vbaProject.bin") {
		return "", &Error{Macro, "it carries macros, which are programs; save it without them (.docx, .xlsx, .pptx) and add that"}
	}
	switch {
	case a.has(a.main(wordMain, "word/document.xml")):
		return Word, nil
	case a.has(a.main(slideMain, "ppt/presentation.xml")):
		return Slide, nil
	case a.has(a.main(sheetMain, "xl/workbook.xml")):
		return Excel, nil
	}
	if a.has("mimetype") && a.has("content.xml") {
		kind, err := a.part("mimetype")
		if err == nil && strings.HasPrefix(string(kind), "application/vnd.oasis.opendocument.text") {
			return Open, nil
		}
		return "", &Error{WrongType, "of OpenDocument files texts (.odt) can be read; save this one as .odt, .xlsx, .pptx or PDF"}
	}
	return "", &Error{WrongType, "this is an archive; unpack it and add the files in it. " + canRead}
}

func damaged() *Error {
	return &Error{Damaged, "it is damaged; open it, save it again and add that"}
}

func bomb() *Error {
	return &Error{Bomb, "it grows beyond all measure when it is unpacked, so it was not read; save it again, with smaller pictures, and add that"}
}

// partReader is told what an XML part holds.
type partReader interface {
	// start tells of an element; false leaves it out with all it holds.
	start(name string, at attrs) bool
	end(name string)
	chars(s string)
}

// attrs are the attributes of an element by local name.
type attrs []xml.Attr

func (a attrs) get(name string) string {
	for _, x := range a {
		if x.Name.Local == name {
			return x.Value
		}
	}
	return ""
}

// walkPart goes through an XML part. Elements lie at most maxDepth deep; entities
// are not expanded but for the five of XML.
func walkPart(ctx context.Context, raw []byte, w partReader) *Error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	depth, skip := 0, 0
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return slow()
		}
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if depth != 0 {
				return damaged()
			}
			return nil
		}
		if err != nil {
			return damaged()
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return bomb()
			}
			if skip > 0 || !w.start(t.Name.Local, attrs(t.Attr)) {
				skip++
			}
		case xml.EndElement:
			if depth--; depth < 0 {
				return damaged()
			}
			if skip > 0 {
				skip--
				continue
			}
			w.end(t.Name.Local)
		case xml.CharData:
			if skip == 0 {
				w.chars(string(t))
			}
		}
	}
}
