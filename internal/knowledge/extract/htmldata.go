package extract

import (
	"encoding/json"
	"slices"
	"strings"

	"parley/internal/kit/text"
)

// Limits of data for programs.
const (
	maxThings    = 500 // questions, products and places of a page
	maxDataDepth = 8
	maxAbout     = 700 // bytes of a product's description
)

// labelsOf are the words that data is shown with, in a page's language.
type dataWords struct {
	product, price, from, to, stock, code, brand, hours, phone, address, mail string
	states                                                                    map[string]string
	days                                                                      map[string]string
}

func wordsFor(lang string) dataWords {
	if lang == "tr" {
		return dataWords{"Ürün", "Fiyat", "En düşük fiyat", "En yüksek fiyat", "Stok", "Ürün kodu", "Marka", "Çalışma saatleri", "Telefon", "Adres", "E-posta",
			map[string]string{"InStock": "Var", "OutOfStock": "Yok", "PreOrder": "Ön sipariş", "BackOrder": "Siparişle", "SoldOut": "Tükendi",
				"Discontinued": "Artık satılmıyor", "LimitedAvailability": "Az kaldı", "InStoreOnly": "Yalnızca mağazada", "OnlineOnly": "Yalnızca internette"},
			map[string]string{"Monday": "Pazartesi", "Tuesday": "Salı", "Wednesday": "Çarşamba", "Thursday": "Perşembe", "Friday": "Cuma", "Saturday": "Cumartesi",
				"Sunday": "Pazar", "PublicHolidays": "Resmî tatiller"}}
	}
	return dataWords{"Product", "Price", "Lowest price", "Highest price", "Availability", "Product code", "Brand", "Opening hours", "Phone", "Address", "E-mail",
		map[string]string{"InStock": "In stock", "OutOfStock": "Out of stock", "PreOrder": "Pre-order", "BackOrder": "Back-order", "SoldOut": "Sold out",
			"Discontinued": "Discontinued", "LimitedAvailability": "Few left", "InStoreOnly": "In store only", "OnlineOnly": "Online only"},
		map[string]string{"PublicHolidays": "Public holidays"}}
}

// things reads JSON-LD.
type things struct {
	words dataWords
	seen  map[string]bool
	out   []Passage
}

// readData gives passages of what JSON-LD says about questions, products and
// places of business; anything else in it is left alone.
func readData(data []string, lang string) []Passage {
	t := &things{words: wordsFor(lang), seen: map[string]bool{}}
	for _, one := range data {
		d := json.NewDecoder(strings.NewReader(one))
		d.UseNumber() // 749.90 stays 749.90
		var v any
		if d.Decode(&v) == nil {
			t.look(v, 0)
		}
	}
	return t.out
}

func (t *things) look(v any, depth int) {
	if depth > maxDataDepth || len(t.out) >= maxThings {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			t.look(one, depth+1)
		}
	case map[string]any:
		switch kinds := typesOf(v); {
		case slices.Contains(kinds, "Question"):
			t.question(v)
			return
		case slices.Contains(kinds, "Product"), slices.Contains(kinds, "ProductGroup"):
			t.product(v)
		case slices.Contains(kinds, "BreadcrumbList"):
			return
		case v["openingHours"] != nil || v["openingHoursSpecification"] != nil || v["telephone"] != nil && v["address"] != nil:
			t.place(v)
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasVariant", "department", "location"} {
			t.look(v[key], depth+1)
		}
	}
}

func typesOf(v map[string]any) (all []string) {
	for _, one := range list(v["@type"]) {
		all = append(all, lastWord(said(one)))
	}
	return all
}

func list(v any) []any {
	if all, ok := v.([]any); ok {
		return all[:min(len(all), maxThings)]
	}
	if v == nil {
		return nil
	}
	return []any{v}
}

// lastWord is "InStock" of "https://schema.org/InStock".
func lastWord(s string) string { return s[strings.LastIndexAny(s, "/#:")+1:] }

// said is the text of a value: a string or number, or the name of a thing.
func said(v any) string {
	switch v := v.(type) {
	case string:
		return tidy(stripTags(v))
	case json.Number:
		return v.String()
	case map[string]any:
		if name, ok := v["name"].(string); ok {
			return tidy(stripTags(name))
		}
	}
	return ""
}

// stripTags is HTML within a value, with its blocks on lines of their own.
func stripTags(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	plain, _, err := flatten(s)
	if err != nil {
		return ""
	}
	doc, err := parsePage(plain)
	if err != nil {
		return ""
	}
	dropUnseen(doc, true)
	return raw(doc)
}

func (t *things) add(p Passage) {
	key := p.Heading + "\x00" + text.Fold(p.Question) + "\x00"
	if p.Question == "" {
		key += p.Text
	}
	if p.Text == "" || t.seen[key] {
		return
	}
	t.seen[key] = true
	t.out = append(t.out, p)
}

func (t *things) question(v map[string]any) {
	asked := text.Cut(said(v["name"]), maxAsked)
	for _, a := range list(v["acceptedAnswer"]) {
		if answer, ok := a.(map[string]any); ok && asked != "" {
			if words := said(answer["text"]); len(words) <= 4000 {
				t.add(Passage{Question: asked, Text: words})
			}
			return
		}
	}
}

func (t *things) product(v map[string]any) {
	name := text.Cut(said(v["name"]), maxHeading)
	if name == "" {
		return
	}
	w := t.words
	labels := []string{w.product, w.brand, w.code}
	cells := []string{name, said(v["brand"]), said(v["sku"])}
	for _, o := range list(v["offers"]) {
		offer, ok := o.(map[string]any)
		if !ok || len(labels) > 20 {
			continue
		}
		currency := said(offer["priceCurrency"])
		for _, p := range []struct{ label, key string }{{w.price, "price"}, {w.from, "lowPrice"}, {w.to, "highPrice"}} {
			if price := said(offer[p.key]); price != "" {
				labels, cells = append(labels, p.label), append(cells, strings.TrimSpace(price+" "+currency))
			}
		}
		if state := lastWord(said(offer["availability"])); w.states[state] != "" {
			labels, cells = append(labels, w.stock), append(cells, w.states[state])
		}
	}
	row := text.Cut(labelledRow(labels, cells), MaxPassage-maxAbout-1)
	if about := said(v["description"]); about != "" && len(about) <= maxAbout {
		row += "\n" + about
	}
	t.add(Passage{Heading: name, Text: row})
}

func (t *things) place(v map[string]any) {
	w := t.words
	name := text.Cut(said(v["name"]), maxHeading)
	var lines []string
	for _, one := range list(v["openingHours"]) {
		lines = append(lines, said(one))
	}
	for _, one := range list(v["openingHoursSpecification"]) {
		if spec, ok := one.(map[string]any); ok {
			lines = append(lines, t.hours(spec))
		}
	}
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	if len(lines) > 0 {
		heading := strings.Trim(name+" > "+w.hours, " >")
		t.add(Passage{Heading: heading, Text: text.Cut(strings.Join(lines, "\n"), MaxPassage)})
	}
	reach := labelledRow([]string{"", w.address, w.phone, w.mail}, []string{name, address(v["address"]), said(v["telephone"]), strings.TrimPrefix(said(v["email"]), "mailto:")})
	if reach != name {
		t.add(Passage{Heading: name, Text: text.Cut(reach, MaxPassage)})
	}
}

func (t *things) hours(spec map[string]any) string {
	var days []string
	for _, d := range list(spec["dayOfWeek"]) {
		day := lastWord(said(d))
		if word := t.words.days[day]; word != "" {
			day = word
		}
		days = append(days, day)
	}
	from, to := said(spec["opens"]), said(spec["closes"])
	if from == "" || to == "" {
		return ""
	}
	if len(days) == 0 {
		return from + "–" + to
	}
	return strings.Join(days, ", ") + ": " + from + "–" + to
}

func address(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return said(v)
	}
	var parts []string
	for _, key := range []string{"streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"} {
		if s := said(m[key]); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}
