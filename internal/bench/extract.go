package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/knowledge/child"
	"parley/internal/knowledge/extract/pdf"
)

const (
	paperPages   = 100
	paperLines   = 44
	paperTimes   = 5
	extractBound = 10  // s
	memoryBound  = 256 // MB
)

// Extract measures the reading of a PDF of 100 full pages in a process of its
// own: the first one on a machine, for which PDFium is compiled, and the others;
// and what that process held at the most.
func Extract(ctx context.Context, opt Options) ([]Figure, error) {
	if opt.Program == "" {
		return nil, errors.New("bench extract starts the program itself: run it as parley bench extract")
	}
	if !pdf.Built() {
		return nil, errors.New("this program was built without its PDF reader: build it with make")
	}
	dir, err := os.MkdirTemp("", "parley-bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var clk clock.Clock = clock.Real{}
	r := &report{bench: "extract"}
	reader := child.Reader{Program: opt.Program, Args: []string{"extract"}, Cache: dir}
	raw := paper(paperPages)
	var first time.Duration
	var warm sample
	most := int64(0)
	for n := range paperTimes + 1 {
		began := clk.Now()
		doc, usage, refused := reader.Measure(ctx, "paper.pdf", raw, nil)
		if refused != nil {
			return nil, refused
		}
		if doc.Pages != paperPages || len(doc.Passages) < paperPages {
			return nil, fmt.Errorf("%d pages, %d passages were read", doc.Pages, len(doc.Passages))
		}
		most = max(most, usage.Memory)
		if took := clk.Since(began); n == 0 {
			first = took
		} else {
			warm = append(warm, took)
		}
	}
	r.add("100 pages, the first on a machine", first.Seconds(), "s", 0)
	r.add("100 pages after that, slowest", warm.at(1)/1000, "s", extractBound)
	r.add("memory of the reader", float64(most)/(1<<20), "MB", memoryBound)
	return r.figures, nil
}

// paper is a PDF of full pages of prose with a price here and there.
func paper(pages int) []byte {
	var b bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	b.WriteString("%PDF-1.4\n")
	kids := ""
	for n := range pages {
		kids += fmt.Sprintf("%d 0 R ", 4+2*n)
	}
	object("<</Type/Catalog/Pages 2 0 R>>")
	object(fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids, pages))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	for n := range pages {
		text := page(n)
		object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", 5+2*n))
		object(fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(text), text))
	}
	from := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, place := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, from)
	return b.Bytes()
}

func page(n int) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "BT /F1 16 Tf 60 780 Td (Chapter %d) Tj /F1 11 Tf", n+1)
	for line := range paperLines {
		fmt.Fprintf(&b, " 0 -16 Td (Line %d of page %d says what a customer may ask about article %d, at %d.90 EUR,) Tj", line, n+1, n*paperLines+line, 10+line)
	}
	b.WriteString(" ET")
	return b.String()
}
