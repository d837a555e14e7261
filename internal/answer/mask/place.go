package mask

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/kit/text"
)

var (
	phoneLike = regexp.MustCompile(`(?:\+|\b00 ?)?\(?\p{Nd}(?:[ \x{00a0}()./\-]{0,3}\p{Nd}){6,16}`)
	dateLike  = regexp.MustCompile(`^\p{Nd}{1,2}[./\-]\p{Nd}{1,2}[./\-]\p{Nd}{2,4}\b|\p{Nd}{4}[./\-]\p{Nd}{1,2}[./\-]\p{Nd}{1,2}\b`)
	timesLike = regexp.MustCompile(`\p{Nd}{1,2}\.\p{Nd}{2} ?- ?\p{Nd}{1,2}\.\p{Nd}{2}`)
	usPhone   = regexp.MustCompile(`^\(?\d{3}\)?[ .\-]{1,2}\d{3}[ .\-]\d{4}$`)
	grouped   = regexp.MustCompile(`^[679]\d{2}[ .\-]\d{2,3}[ .\-]\d{2,3}(?:[ .\-]\d{2})?$`)
	saysPhone = regexp.MustCompile(`(?i)(?:phone|call me|mobile|tel\b|tel[.:]|telefon|numaram|cep\b|whatsapp|handy|rufnummer|móvil|movil|teléfono|telefono|celular|téléphone|portable|هاتف|جوال|رقمي|موبايل|واتس)[^\n]{0,20}$`)
	saysOrder = regexp.MustCompile(`(?i)(?:order|sipariş|siparis|takip|tracking|fatura|invoice|bestell|rechnung|sendung|pedido|factura|envío|commande|facture|colis|طلب|فاتورة|شحنة|sku|ref|no\.?:?|nr\.?:?|#)[^\n]{0,15}$`)
)

// findPhone finds phone numbers in international form and in the national forms
// of the countries that our customers live in.
func findPhone(s string, _ int) [][]int {
	var out [][]int
	for _, at := range phoneLike.FindAllStringIndex(s, -1) {
		found := s[at[0]:at[1]]
		before := s[max(0, at[0]-60):at[0]]
		if alone(s, at[0], at[1]) && !strings.HasSuffix(before, ".") && isPhone(found, before) {
			out = append(out, at)
		}
	}
	return out
}

func isPhone(s, before string) bool {
	d := digitsOf(s)
	switch {
	case strings.HasPrefix(s, "+"):
		return len(d) >= 8 && len(d) <= 15
	case dateLike.MatchString(s) || timesLike.MatchString(s):
		return false
	case strings.HasPrefix(d, "00"):
		return len(d) >= 10 && len(d) <= 17 && d[2] != '0'
	case strings.HasPrefix(d, "05") && len(d) == 11, usPhone.MatchString(s):
		return true
	case saysOrder.MatchString(before):
		return false
	case saysPhone.MatchString(before):
		return len(d) <= 15
	case d[0] == '0':
		return len(d) >= 9 && len(d) <= 13
	case len(d) == 10 && d[0] == '5' && strings.ContainsRune("03456", rune(d[1])):
		return true
	}
	return grouped.MatchString(s) && len(d) == 9
}

// The forms of addresses: a street with its number, with what usually follows.
var addresses = [...]*regexp.Regexp{
	regexp.MustCompile(`(?i)(?:[\p{L}\p{Nd}.]+[ ]){1,3}(?:mah\b\.?|mahallesi|mh\.)[, ]*(?:(?:[\p{L}\p{Nd}.]+[ ]){1,3}(?:sok\b\.?|sokak|sokağı|sokagi|sk\.|cad\b\.?|caddesi|cd\.|bulvarı|bulvari|blv\.)[, ]*)?` +
		`(?:(?:no|kat|daire|apt|blok|d|k)[ :.]{0,2}\p{Nd}+(?:/\p{Nd}+)?\p{L}?[, ]*)+(?:\p{Nd}{5}[, ]*)?(?:\p{L}+ ?/ ?\p{L}+)?`),
	regexp.MustCompile(`(?i)(?:[\p{L}\p{Nd}.]+[ ]){1,3}(?:mah\b\.?|mahallesi|mh\.)[, ]*(?:[\p{L}\p{Nd}.]+[ ]){1,3}(?:sok\b\.?|sokak|sokağı|sokagi|sk\.|cad\b\.?|caddesi|cd\.|bulvarı|bulvari|blv\.)`),
	regexp.MustCompile(`(?i)(?:[\p{L}\p{Nd}.]+[ ]){1,3}(?:sok\b\.?|sokak|sokağı|sokagi|sk\.|cad\b\.?|caddesi|cd\.|bulvarı|bulvari|blv\.)[, ]*` +
		`(?:(?:no|kat|daire|apt|blok|d|k)[ :.]{0,2}\p{Nd}+(?:/\p{Nd}+)?\p{L}?[, ]*)+(?:\p{Nd}{5}[, ]*)?(?:\p{L}+ ?/ ?\p{L}+)?`),
	regexp.MustCompile(`\b\d{1,5}[A-Za-z]? (?:[A-Z][\p{L}'.]+ ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Place|Terrace|Way|Close|Crescent|Gardens|Mews)\b\.?` +
		`(?:,? (?:Apt|Flat|Unit|Suite|#)\.? ?\w+)?(?:,? [A-Z][\p{L} ]+,? [A-Z]{2} \d{5})?`),
	regexp.MustCompile(`(?i)\b\d{1,5}[a-z]? [\p{L}']+(?: [\p{L}']+)? (?:street|road|avenue|lane)\b`),
	regexp.MustCompile(`\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b`),
	regexp.MustCompile(`(?:\p{Lu}[\p{L}\-]*[ ])?\p{Lu}?[\p{L}\-]*(?i:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer) \d{1,4} ?[a-z]?\b(?:,? (?:D-)?\d{5} \p{Lu}[\p{L}\-]+)?`),
	regexp.MustCompile(`(?i)(?:\bc/|\bcalle|\bavda\.?|\bavenida|\bav\.|\bplaza|\bpaseo|\bcarrer|\bcamino) ?[\p{L}.' ]{2,40}?,? (?:n[º°.]? ?|núm\.? |número )?\d{1,4}\b(?:,? \d{5}\b)?(?:,? ?\d{1,2}º ?\p{L}?\b)?`),
	regexp.MustCompile(`(?i)\b\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|bd|allée|impasse|chemin|place|quai|cours|route) (?:(?:de la|de l'|de l’|du|des|de|d'|d’|la|le|les) ?)?[\p{L}'’\-]+(?:,? \d{5} [\p{L}\-]+)?`),
	regexp.MustCompile(`(?:شارع|حي) \p{Arabic}+(?: \p{Arabic}+)?[،, ]*(?:رقم|مبنى|عمارة|شقة|فيلا|بناية) ?\p{Nd}+`),
}

func findAddress(s string, _ int) [][]int {
	var out [][]int
	for _, re := range addresses {
		for _, at := range re.FindAllStringIndex(s, -1) {
			at[1] = at[0] + len(strings.TrimRight(s[at[0]:at[1]], " ,\t"))
			out = append(out, at)
		}
	}
	return inOrder(out)
}

// inOrder sorts spans so that of two that overlap the earlier and longer comes
// first.
func inOrder(spans [][]int) [][]int {
	slices.SortFunc(spans, func(a, b []int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(b[1], a[1])) })
	return spans
}

// findNames finds the words of the names that the caller knows, and handles as
// they are. A name that is also a function word (Can, Will) counts where it is
// written with a capital within a sentence.
func (t *Table) findNames(s string, _ int) [][]int {
	var out [][]int
	for _, handle := range t.exact {
		out = append(out, finds(s, handle)...)
	}
	if len(t.names) > 0 {
		for _, w := range text.Words(s) {
			folded := text.Fold(w.Text)
			if !t.names[folded] || common(folded) && !named(s, w) {
				continue
			}
			if n := len(out) - 1; n >= 0 && out[n][1] <= w.Start && s[out[n][1]:w.Start] == " " {
				out[n][1] = w.End // given name and family name
				continue
			}
			out = append(out, []int{w.Start, w.End})
		}
	}
	return inOrder(out)
}

// finds is every place of a handle, whatever its case.
func finds(s, handle string) [][]int {
	var out [][]int
	re, err := regexp.Compile(`(?i)` + regexp.QuoteMeta(handle))
	if err != nil {
		return nil
	}
	for _, at := range re.FindAllStringIndex(s, -1) {
		if alone(s, at[0], at[1]) {
			out = append(out, at)
		}
	}
	return out
}

func common(folded string) bool {
	return slices.ContainsFunc(text.Known(), func(lang string) bool { return text.StopWord(lang, folded) })
}

// named reports whether a word is written as a name: with a capital, and not
// only because a sentence begins with it.
func named(s string, w text.Word) bool {
	first, _ := utf8.DecodeRuneInString(w.Text)
	before := strings.TrimRight(s[:w.Start], " \t")
	last, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsUpper(first) && before != "" && !strings.ContainsRune(".!?\n:", last)
}
