package extract_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"parley/internal/knowledge/extract"
	"parley/internal/knowledge/extract/pdf"
)

// sign is one drawn sign of a line with the letters it stands for.
type sign string

// rightToLeft gives the signs of a text as a program that makes PDFs draws them,
// from the left: lam with alef is one sign, as is a letter with its mark; what is
// written from the left keeps its order.
func rightToLeft(line string) (out []sign) {
	var word []sign // from the left
	for _, r := range line {
		last := len(out) - 1
		switch s := sign(r); {
		case strings.ContainsRune("0123456789.-", r) || r >= 'A' && r <= 'Z':
			word = append(word, s)
			continue
		case len(word) == 0 && last >= 0 && (out[last] == "ل" && strings.ContainsRune("اأإآ", r) || r >= 0x64b && r <= 0x65f):
			out[last] += s
			continue
		default:
			slices.Reverse(word)
			out, word = append(append(out, word...), s), nil
		}
	}
	slices.Reverse(word)
	out = append(out, word...)
	slices.Reverse(out)
	return out
}

// drawn is a PDF of one page on which lines are drawn sign by sign. In its font
// every sign is a box, and says which letters it stands for: what a reader needs.
func drawn(lines ...[]sign) []byte {
	var content, named, names, widths strings.Builder
	known := map[sign]int{}
	for n, line := range lines {
		content.WriteString("BT /F 12 Tf ")
		for i, s := range line {
			if known[s] == 0 {
				known[s] = len(known) + 1
				hex := ""
				for _, u := range utf16.Encode([]rune(string(s))) {
					hex += fmt.Sprintf("%04X", u)
				}
				fmt.Fprintf(&named, "<%02X> <%s>\n", known[s], hex)
				fmt.Fprintf(&names, "/g ")
				fmt.Fprintf(&widths, "580 ")
			}
			fmt.Fprintf(&content, "1 0 0 1 %d %d Tm <%02X> Tj ", 60+i*7, 780-n*16, known[s])
		}
		content.WriteString("ET\n")
	}
	cmap := fmt.Sprintf("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n1 begincodespacerange <00> <FF> endcodespacerange\n%d beginbfchar\n%sendbfchar endcmap end end", len(known), named.String())
	stream := func(s string) string { return fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(s), s) }
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>", stream(content.String()),
		fmt.Sprintf("<</Type/Font/Subtype/Type3/FontBBox[0 0 600 700]/FontMatrix[0.001 0 0 0.001 0 0]/CharProcs<</g 6 0 R>>/Encoding<</Type/Encoding/Differences[1 %s]>>/FirstChar 1/LastChar %d/Widths[%s]/ToUnicode 7 0 R>>",
			names.String(), len(known), widths.String()),
		stream("580 0 0 0 540 700 d1 0 0 540 700 re f"), stream(cmap)}
	out := "%PDF-1.7\n"
	table := "xref\n0 8\n0000000000 65535 f \n"
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", len(out))
		out += fmt.Sprintf("%d 0 obj%s\nendobj\n", i+1, o)
	}
	return []byte(out + table + fmt.Sprintf("trailer<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(out)))
}

// What is drawn from the left is read from the right, word for word and letter for
// letter, with the figures and codes in between as they stand.
func TestArabicAndTurkishAreReadInTheOrderInWhichTheyAreWritten(t *testing.T) {
	t.Parallel()
	if !pdf.Built() {
		t.Log("built without PDFium: TestAPDFIsReadInOrderWithItsPriceTable tells what is said then")
		return
	}
	arabic := []string{"يمكنكم إرجاع المنتج خلال 30 يومًا من الاستلام", "والإرجاع مجاني لا يكلفكم شيئًا", "رمز الباقة GUL-011 والسعر 249.50 EUR للقطعة"}
	var lines [][]sign
	for _, l := range arabic {
		lines = append(lines, rightToLeft(l))
	}
	turkish := "İade süresi 30 gündür, kargo ücreti ığdır için ÇĞŞ-011 koduyla 49,90"
	var plain []sign
	for _, r := range turkish {
		plain = append(plain, sign(r))
	}
	d := read(t, "x.pdf", drawn(append(lines, plain)...))
	for _, l := range append(arabic, turkish) {
		want(t, d, "", l)
	}
}

// A page that a browser printed, with headings, a paragraph and a price list.
func TestAnArabicPDFIsReadWithItsPriceTable(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/shop-ar.pdf")
	if err != nil || !pdf.Built() {
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	d := read(t, "shop-ar.pdf", raw)
	want(t, d, "بيت الورد > الإرجاع", "يمكنكم إرجاع المنتج خلال 30 يومًا من الاستلام، والإرجاع مجاني لا يكلفكم شيئًا. يجب أن يكون المنتج غير مستعمل وفي عبوته الأصلية",
		"بيت الورد > الشحن", "الشحن إلى ألمانيا يكلف 4.90 EUR ويستغرق 5 أيام، وهو مجاني للطلبات التي تزيد عن 80 EUR.",
		"الأسعار", "باقة ورد حمراء GUL-011 49.00 EUR", "الأسعار", "أوركيد بيضاء في أصيص ORC-002 39.50 EUR")
}

// A page that is written from right to left reads like any other; its table keeps
// each cell under its header.
func TestAPageFromRightToLeftIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	p, refused := extract.HTML([]byte(`<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>بيت الورد</title></head><body><main>
		<h1>بيت الورد</h1><h2>الإرجاع</h2><p>يمكنكم إرجاع المنتج خلال <bdi>30</bdi> يومًا، والإرجاع مجاني.</p>
		<h2>الأسعار</h2><table><tr><th>المنتج</th><th>السعر</th></tr><tr><td>باقة ورد</td><td dir="ltr">49.00 EUR</td></tr><tr><td>أوركيد</td><td>39.50 EUR</td></tr></table>
		</main></body></html>`), "text/html; charset=utf-8")
	if refused != nil {
		t.Fatal(refused)
	}
	want(t, extract.Document{Passages: p.Passages}, "الإرجاع", "يمكنكم إرجاع المنتج خلال 30 يومًا، والإرجاع مجاني.",
		"الأسعار", "المنتج: باقة ورد | السعر: 49.00 EUR", "الأسعار", "المنتج: أوركيد | السعر: 39.50 EUR")
}
