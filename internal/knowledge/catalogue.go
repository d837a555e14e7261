package knowledge

import (
	"strings"
	"unicode"

	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/internal/store"
)

// column is a column by what it holds, with the words its header may say,
// folded, in English, Turkish, German, Spanish and French; those of questions
// and answers in Arabic, too.
type column struct {
	name  string
	words []string
}

func faqColumns() []column {
	return []column{
		{"question", []string{"question", "questions", "soru", "sorular", "سوال", "السوال", "اسيله", "الاسيله", "frage", "fragen", "pregunta", "preguntas", "q"}},
		{"answer", []string{"answer", "answers", "yanit", "cevap", "جواب", "الجواب", "اجابه", "الاجابه", "yanitlar", "cevaplar", "antwort", "antworten", "respuesta", "respuestas", "reponse", "reponses", "a"}},
		{"other", []string{"alternatives", "other wordings", "other questions", "variants", "diger sorular", "benzer sorular", "alternatif", "alternatifler", "alternativen", "andere fragen", "alternativas", "otras preguntas", "autres questions"}},
	}
}

func itemColumns() []column {
	return []column{
		{"name", []string{"name", "product", "product name", "item", "title", "article", "service", "urun", "urun adi", "ad", "adi", "isim", "hizmet", "produkt", "produktname", "artikel", "bezeichnung", "leistung", "producto", "nombre", "articulo", "servicio", "produit", "nom", "nom du produit", "designation", "prestation"}},
		{"variant", []string{"variant", "option", "size", "colour", "color", "model", "varyant", "secenek", "beden", "renk", "variante", "grosse", "farbe", "modell", "talla", "opcion", "modelo", "taille", "couleur", "modele"}},
		{"price", priceWords()},
		{"currency", []string{"currency", "para birimi", "doviz", "kur", "wahrung", "moneda", "divisa", "devise", "monnaie"}},
		{"stock", []string{"stock", "in stock", "availability", "available", "quantity", "inventory", "stok", "stok durumu", "stok adedi", "adet", "miktar", "bestand", "lagerbestand", "lager", "verfugbar", "verfugbarkeit", "existencias", "disponible", "disponibilidad", "cantidad", "disponibilite", "quantite"}},
		{"sku", []string{"sku", "code", "product code", "item number", "article number", "barcode", "kod", "urun kodu", "stok kodu", "barkod", "artikelnummer", "art nr", "codigo", "referencia", "ref", "reference", "code article"}},
		{"link", []string{"link", "url", "web", "page", "product page", "baglanti", "adres", "sayfa", "seite", "enlace", "pagina", "lien", "page web"}},
	}
}

// prices are the words for a price, by language.
func prices() map[string][]string {
	return map[string][]string{"en": {"price", "unit price", "sale price", "cost"}, "tr": {"fiyat", "fiyati", "birim fiyat", "satis fiyati", "ucret", "tutar"},
		"de": {"preis", "einzelpreis", "verkaufspreis"}, "es": {"precio", "precio unitario"}, "fr": {"prix", "prix unitaire", "tarif"}}
}

func priceWords() (all []string) {
	for _, lang := range text.Known() {
		all = append(all, prices()[lang]...)
	}
	return all
}

// listLanguage is the language of a price list without one: that of its header,
// unless its names are plainly of another. Row by row there is too little to tell.
func listLanguage(sheets []extract.Sheet, rows []extract.Passage) string {
	for _, lang := range text.Known() {
		if words := prices()[lang]; len(columns(sheets[0].Header, []column{{"price", words}})) > 0 {
			lang, _ = text.Language(sample(rows), lang)
			return lang
		}
	}
	return ""
}

// columns tells which cell of a header is which column. "Price (EUR)" is a price.
func columns(header []string, known []column) map[string]int {
	at := map[string]int{}
	for i, h := range header {
		h, _, _ = strings.Cut(h, "(")
		var words []string
		for _, w := range text.Words(h) {
			words = append(words, text.Fold(w.Text))
		}
		said := strings.Join(words, " ")
		for _, c := range known {
			if _, taken := at[c.name]; taken {
				continue
			}
			for _, w := range c.words {
				if said == w {
					at[c.name] = i
				}
			}
		}
	}
	return at
}

// catalogue makes passages and items of the rows of price lists; none when a
// sheet has no columns of names and prices.
func catalogue(sheets []extract.Sheet) (found []extract.Passage, items []store.Item) {
	for _, s := range sheets {
		at := columns(s.Header, itemColumns())
		name, okName := at["name"]
		price, okPrice := at["price"]
		if !okName || !okPrice {
			return nil, nil
		}
		for _, row := range s.Rows {
			if cell(row, name) == "" {
				continue
			}
			i := item(at, s.Header[price], row)
			heading := i.Name
			if i.Variant != "" {
				heading += " " + i.Variant
			}
			body := text.Cut(extract.Row(s.Header, row), extract.MaxPassage)
			found = append(found, extract.Passage{Heading: text.Cut(heading, 200), Text: body})
			items = append(items, i)
		}
	}
	return found, items
}

func item(at map[string]int, priceHeader string, row []string) store.Item {
	get := func(name string) string {
		if i, ok := at[name]; ok {
			return cell(row, i)
		}
		return ""
	}
	i := store.Item{ItemFacts: store.ItemFacts{Name: get("name"), Variant: get("variant"), SKU: get("sku"), Link: get("link"), Price: get("price"), Stock: get("stock")}}
	i.Amount = amount(i.Price)
	for _, s := range []string{get("currency"), i.Price, priceHeader} {
		if i.Currency == "" {
			i.Currency = currency(s)
		}
	}
	i.Count = count(i.Stock)
	return i
}

// amount reads a price in hundredths: "1.249,00 TL" and "1,249.00" are 124900,
// -1 is none. A single sign before three figures parts thousands.
func amount(s string) int64 {
	first := strings.IndexFunc(s, unicode.IsDigit)
	last := strings.LastIndexFunc(s, unicode.IsDigit)
	if first < 0 {
		return -1
	}
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(s[first : last+1])
	whole, part := s, ""
	if i := strings.LastIndexAny(s, ".,"); i >= 0 {
		thousands := len(s)-i-1 == 3 && (strings.Count(s, s[i:i+1]) > 1 || !strings.ContainsAny(s[:i], ".,") && s[0] != '0')
		if !thousands {
			whole, part = s[:i], s[i+1:]
		}
	}
	var n int64
	for _, r := range whole {
		switch {
		case r >= '0' && r <= '9' && n < 1e14:
			n = n*10 + int64(r-'0')
		case r != '.' && r != ',':
			return -1 // "5-10", "2 for 3"
		}
	}
	if len(part) > 2 && strings.Trim(part[2:], "0") != "" {
		return -1
	}
	for i := range 2 {
		n *= 10
		if i < len(part) {
			if part[i] < '0' || part[i] > '9' {
				return -1
			}
			n += int64(part[i] - '0')
		}
	}
	return n
}

func currency(s string) string {
	for _, c := range []struct {
		code  string
		signs []string
	}{{"TRY", []string{"₺", "try", "tl", "lira"}}, {"EUR", []string{"€", "eur", "euro"}}, {"GBP", []string{"£", "gbp"}}, {"CHF", []string{"chf"}},
		{"USD", []string{"$", "usd", "dollar", "dolar"}}, {"SAR", []string{"sar", "ريال"}}, {"AED", []string{"aed", "درهم"}}} {
		for _, sign := range c.signs {
			if sign == s || strings.ContainsAny(sign, "₺€£$") && strings.Contains(s, sign) {
				return c.code
			}
			for _, w := range text.Words(s) {
				if text.Fold(w.Text) == text.Fold(sign) {
					return c.code
				}
			}
		}
	}
	return ""
}

// count reads a stock: a number, or yes and no in words; -1 where it cannot be
// told.
func count(s string) int64 {
	folded := strings.TrimSpace(text.Fold(s))
	if folded == "" {
		return -1
	}
	if n := amount(folded); n >= 0 && strings.IndexFunc(folded, unicode.IsLetter) < 0 {
		return n / 100
	}
	for _, no := range []string{"no", "none", "out of stock", "sold out", "yok", "tukendi", "stokta yok", "nein", "nicht", "ausverkauft", "agotado", "sin existencias", "non", "rupture", "epuise"} {
		if strings.HasPrefix(folded, no) {
			return 0
		}
	}
	for _, yes := range []string{"yes", "in stock", "available", "var", "stokta", "mevcut", "ja", "auf lager", "verfugbar", "lieferbar", "si", "disponible", "oui", "en stock"} {
		if strings.HasPrefix(folded, yes) {
			return 1
		}
	}
	return -1
}
