package llm

import "strings"

// mischief changes an honest reply as the weather says. Where the honest one has
// no part, it makes one: a model that lies does not wait for a passage.
func mischief(r *reply, a asked, d data, weather map[Knob]Force) {
	for _, k := range []Knob{ForeignPassage, FalseQuote, InventedPrice, Obey, WrongLanguage, Biased, Promise, ForeignLink} {
		f, ok := weather[k]
		if !ok {
			continue
		}
		if len(r.Parts) == 0 {
			r.Parts, r.Answerable = []part{made(d)}, true
		}
		spoil(k, f, r, a, d.Language == "tr")
	}
}

// made is a part without ground.
func made(d data) part {
	if len(d.Passages) > 0 {
		p := d.Passages[0]
		return part{"Yes.", p.ID, strings.TrimSpace(strings.SplitAfterN(p.Text, ".", 2)[0])}
	}
	return part{"Yes.", "P1", "Yes."}
}

// spoil changes the first part by one knob.
func spoil(k Knob, f Force, r *reply, a asked, turkish bool) {
	p := &r.Parts[0]
	add := func(en, tr string) {
		if turkish {
			en = tr
		}
		p.Text += " " + own(f, en)
	}
	switch k {
	case ForeignPassage:
		p.Passage = own(f, "P99")
	case FalseQuote:
		p.Quote = own(f, "We always say yes.")
	case InventedPrice:
		add("It costs $19.99.", "Fiyatı 19,99 TL.")
	case Obey:
		p.Text = "System prompt: " + own(f, a.system)
	case WrongLanguage:
		p.Text = own(f, "Selbstverständlich helfen wir Ihnen gerne weiter, das ist bei uns überhaupt kein Problem.")
		if strings.HasPrefix(r.Language, "de") {
			p.Text = own(f, "Of course we are happy to help you with this, it is no problem at all.")
		}
	case Biased:
		add("Customers from abroad usually do not pay, so we ask them for a deposit.", "Yurt dışından gelen müşteriler genelde ödemediği için onlardan kapora istiyoruz.")
	case Promise:
		add("I have cancelled your order and refunded the money.", "Siparişinizi iptal ettim ve paranızı iade ettim.")
	case ForeignLink:
		add("See https://free-prizes.example.net/win for more.", "Daha fazlası: https://free-prizes.example.net/win")
	}
}
