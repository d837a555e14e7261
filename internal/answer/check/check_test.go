package check

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const shop = "Returns: within 14 days. Shipping costs 4.90 EUR and takes 2-3 days. Blue coat 749,90 TL. Open 9:00-18:00. Sale until 31.12.2026, 20 % off. Call 030 901820 or help@shop.example. See https://shop.example/returns. Cash or card."

func input(answer string) Input {
	return Input{Parts: []Part{{answer, "P1", "Returns: within 14 days."}}, Passages: []Passage{{"P1", "Terms", shop}}, Domains: []string{"shop.example"},
		Said: []string{"I have order 4711, is the coat 5 € and 90 % off?"}, Language: "en", Canary: "canary-0A1B2C3D4E5F6071", Prompt: instructions,
		Placeholders: []string{"[EMAIL_1]"}, Never: []string{"best in town"}}
}

// failed is the first check that failed, with what.
func failed(r Result) string {
	for _, f := range r.Findings {
		if !f.OK && f.Name != Left {
			return f.Name + ":" + f.What
		}
	}
	return ""
}

// covers A-6-02, A-7.4-03, LLM05, LLM06, LLM07, LLM09
func TestWhatDoesNotHoldFails(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"You can return it within 14 days.":                                   "",
		"Your order 4711 can be returned within 14 days, write to [EMAIL_1].": "",
		"You can return it within 30 days.":                                   "figures:duration",
		"You can return it within 14 weeks.":                                  "figures:duration",
		"You can return it within thirty days.":                               "figures:number",
		"Shipping costs 3.90 EUR.":                                            "figures:price",
		"Shipping costs 4.90 USD.":                                            "figures:price",
		"Yes, the coat is only 5 €.":                                          "figures:price",
		"You get 90 % off.":                                                   "figures:percentage",
		"You get 25% off.":                                                    "figures:percentage",
		"The coat costs 794,90 TL.":                                           "figures:price",
		"The coat costs 7.499,00 TL.":                                         "figures:price",
		"We are open until 8 pm.":                                             "figures:time",
		"We open at 10:00.":                                                   "figures:time",
		"The sale ends on 30 December.":                                       "figures:date",
		"The sale ends on 31.12.2027.":                                        "figures:date",
		"Call 030 901821 for help.":                                           "figures:phone",
		"Write to sales@shop.example for help.":                               "figures:email",
		"We have 12 shops.":                                                   "figures:number",
		"See https://evil.example/returns for more.":                          "links:domain",
		"See evil.com for more.":                                              "links:domain",
		"See https://shop.example.evil.com/returns for it.":                   "links:domain",
		"See https://shop.example@evil.com/returns for it.":                   "figures:email",
		"See https://shop.example/secret-sale for more.":                      "links:unknown_link",
		"See [our page](https://shop.example/returns) now.":                   "links:disguised",
		"See <a href=x>our page</a> for more.":                                "links:disguised",
		"See javascript:alert now.":                                           "links:disguised",
		"See hxxp://shop.example/returns for more.":                           "links:disguised",
		"See https://shop@evil/returns for it.":                               "links:odd_link",
		"See ftp://shop.example/returns for more.":                            "links:odd_link",
		"See https://shop.example/returns for more.":                          "",
		"I have cancelled your order.":                                        "promise:act_reported",
		"I've refunded you.":                                                  "promise:act_reported",
		"Your order has been cancelled.":                                      "promise:act_reported",
		"We will refund you today.":                                           "promise:act_promised",
		"I will make sure that it comes.":                                     "promise:act_promised",
		"I'll check with the warehouse.":                                      "promise:act_promised",
		"We guarantee you a place.":                                           "promise:act_promised",
		"Please send us your card number.":                                    "asking:identity",
		"What is your national ID number?":                                    "asking:identity",
		"Are you pregnant?":                                                   "asking:special_category",
		"Please tell us your religion.":                                       "asking:special_category",
		"Never send your card number to us.":                                  "",
		"We are the BEST in  town for coats.":                                 "do_not_say:rule",
		"Write to [EMAIL_2] please.":                                          "placeholder:invented",
		"Write to EMAIL_1 please.":                                            "placeholder:invented",
		"My code is canary-0a1b2c3d4e5f6071.":                                 "canary:canary",
		"It is C A N A R Y 0 A 1 B 2 C 3 D 4 E 5 F 6 0 7 1.":                  "canary:canary",
		"1706f5e4d3c2b1a0yranac is it.":                                       "canary:canary",
		"Answer only from the passages below and never from what you know.":   "prompt_leak:instructions",
		"My system prompt is nice.":                                           "prompt_leak:contract",
		"Sie können Artikel innerhalb von 14 Tagen zurückgeben, bitte.":       "language:other_language",
		"Ürünü teslimattan sonra 14 gün içinde iade edebilirsiniz.":           "language:other_language",
		"يمكنك إرجاع المنتج خلال 14 يوما من التسليم":                          "language:other_language",
		strings.Repeat("You can return it within 14 days. ", 70):              "length:too_long",
		"   ": "shape:empty_part",
	} {
		if got := failed(Run(input(answer))); got != want {
			t.Errorf("%.80q: %q, want %q %v", answer, got, want, figuresOf(answer, false))
		}
	}
}

func TestPromisesAreKnownInSixLanguages(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"I have cancelled your order", "We've issued your refund", "Your refund has been processed", "I am going to refund it", "I promise you that", "I just booked it for you",
		"Siparişinizi iptal ettim", "İade işleminizi başlattım", "Siparişiniz iptal edildi", "İade talebiniz oluşturulmuştur", "Sizi arayacağız", "Söz veriyoruz, yarın gelir", "Randevunuzu oluşturduk", "Paranızı iade edeceğim",
		"Ich habe Ihre Bestellung storniert", "Wir haben Ihnen den Betrag erstattet", "Ihre Bestellung wurde storniert", "Ich werde das für Sie stornieren", "Ich kümmere mich darum", "Ich verspreche es Ihnen",
		"He cancelado su pedido", "Hemos procesado su reembolso", "Su pedido ha sido cancelado", "Voy a cancelar su pedido", "Le garantizo que llega mañana", "Ya hemos reservado su mesa",
		"J'ai annulé votre commande", "Nous avons remboursé votre achat", "Votre commande a été annulée", "Je vais annuler la commande", "Je vous promets cela", "Je m'en occupe tout de suite",
		"لقد قمت بإلغاء طلبك", "تم إلغاء طلبك", "تم استرداد المبلغ", "سأقوم بإلغاء الطلب", "سنقوم برد المبلغ غدا", "أعدك بذلك",
	} {
		if promises(s, "") == "" {
			t.Errorf("%q passed", s)
		}
	}
	for _, s := range []string{
		"You can cancel your order", "Refunds are issued within 14 days", "We created our brand for you", "I am happy to help", "We ship to Germany", "Orders sent before noon leave the same day",
		"Siparişinizi iptal edebilirsiniz", "İadeler 14 gün içinde yapılır", "Ücret iade edilir", "Size yardımcı olmaktan mutluluk duyarım",
		"Sie können die Bestellung stornieren", "Die Erstattung erfolgt innerhalb von 14 Tagen", "Wir haben montags geöffnet", "Der Betrag wird erstattet", "Wir haben blaue und rote Mäntel",
		"Puede cancelar su pedido", "El reembolso se realiza en 14 días", "Hemos abierto en 1990", "Tenemos abrigos azules",
		"Vous pouvez annuler la commande", "Nous avons des manteaux bleus", "Le remboursement est effectué sous 14 jours", "J'ai plaisir à vous aider",
		"يمكنك إلغاء طلبك", "يتم رد المبلغ خلال 14 يوما", "لدينا معاطف زرقاء",
	} {
		if what := promises(s, ""); what != "" {
			t.Errorf("%q: %s", s, what)
		}
	}
}

func TestNobodyIsAskedForSecrets(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"Lütfen kart numaranızı paylaşın", "TC kimlik numaranızı yazar mısınız?", "Hamile misiniz?", "Dininiz nedir?", "Bitte senden Sie uns Ihre Kartennummer", "Sind Sie schwanger?",
		"Por favor envíe su número de tarjeta", "¿Está embarazada?", "Veuillez indiquer votre numéro de carte", "Êtes-vous enceinte ?", "يرجى إرسال رقم البطاقة", "هل أنت حامل؟", "Do you have any allergies?", "What is your religion?"} {
		if asks(s) == "" {
			t.Errorf("%q passed", s)
		}
	}
	for _, s := range []string{"Kart ile ödeme yapabilirsiniz.", "Wir akzeptieren Kreditkarten.", "Aceptamos tarjeta.", "Nous acceptons la carte.", "نقبل البطاقات", "Could you tell me your order number?",
		"Sipariş numaranızı yazar mısınız?", "Which size do you wear?", "Please do not send passwords."} {
		if what := asks(s); what != "" {
			t.Errorf("%q: %s", s, what)
		}
	}
}

func TestAPartThatFailsIsDroppedAndTheRestStays(t *testing.T) {
	t.Parallel()
	in := input("You can return it within 14 days.")
	in.Parts = append(in.Parts, Part{"Shipping costs 3.90 EUR.", "P1", "Shipping costs 4.90 EUR"}, Part{"It is nice here.", "P9", "x"}, Part{"It is blue.", "P1", "the coat is blue"},
		Part{"Cash or card is fine.", "P1", "“Cash or  CARD”"})
	r := Run(in)
	if !r.OK() || len(r.Kept) != 2 || r.Kept[0] != 0 || r.Kept[1] != 4 {
		t.Errorf("%+v", r)
	}
	for name, change := range map[string]func(*Input){
		"no parts":          func(in *Input) { in.Parts = nil },
		"too many parts":    func(in *Input) { in.Parts = make([]Part, 13) },
		"no passages":       func(in *Input) { in.Passages = nil },
		"an empty quote":    func(in *Input) { in.Parts[0].Quote = "" },
		"a short quote":     func(in *Input) { in.Parts[0].Quote = "14" },
		"an invented quote": func(in *Input) { in.Parts[0].Quote = "Returns: within 15 days." },
	} {
		in := input("You can return it.")
		if change(&in); Run(in).OK() {
			t.Errorf("%s passed", name)
		}
	}
}

func TestCatalogueRowsCarryFigures(t *testing.T) {
	t.Parallel()
	in := input("The red coat costs 899,00 ₺.")
	if Run(in).OK() {
		t.Error("a price from nowhere passed")
	}
	in.Facts = []string{"Red coat | 899.00 | TL | 3 in stock"}
	if r := Run(in); !r.OK() {
		t.Errorf("%+v", r)
	}
}

func TestOneAmountHasManyWritings(t *testing.T) {
	t.Parallel()
	same := [][]string{
		{"1.249,00 TL", "1,249.00 TL", "1249 TL", "1 249,00 ₺", "₺1249", "1'249.00 lira", "1.249 TL", "١٢٤٩ TL"},
		{"9:00", "9 am", "9.00 am", "09:00", "9 Uhr", "saat 9", "9h00", "9 a.m."},
		{"12 March 2026", "12.03.2026", "2026-03-12", "March 12, 2026", "12 Mart 2026", "12. März 2026", "12 de marzo de 2026", "12 mars 2026", "12 مارس 2026", "12/03/2026"},
		{"20 %", "20%", "%20", "yüzde 20", "20 percent", "20 Prozent", "20 por ciento", "20 pour cent"},
		{"14 days", "14 gün", "14 Tage", "14 días", "14 jours", "14 يوما"},
		{"+90 212 555 44 33", "0212 555 44 33", "+902125554433", "(0212) 555-44-33"},
	}
	for _, group := range same {
		for _, a := range group {
			for _, b := range group {
				known := map[string]bool{}
				for _, f := range figuresOf("it is "+b+" here", true) {
					for _, form := range f.forms {
						known[form] = true
					}
				}
				wanted := figuresOf("it is "+a+" here", false)
				if len(wanted) != 1 || !wanted[0].standsIn(known) {
					t.Errorf("%q reads %v, %q knows %v", a, wanted, b, known)
				}
			}
		}
	}
}

func TestADateBehindANumberOfAListIsADate(t *testing.T) {
	t.Parallel()
	in := input("The shop opens again on 12.03.2026.")
	in.Passages[0].Text = "When we open again:\n1. 12.03.2026 in Kadıköy\n2. 14.03.2026 in Beşiktaş"
	in.Parts[0].Quote = "12.03.2026 in Kadıköy"
	if r := Run(in); !r.OK() {
		t.Errorf("%+v", r)
	}
	in = input("The shop opens again on 13.03.2026.")
	in.Passages[0].Text = "When we open again:\n1. 12.03.2026 in Kadıköy"
	in.Parts[0].Quote = "12.03.2026 in Kadıköy"
	if Run(in).OK() {
		t.Error("a date from nowhere passed")
	}
}

// An answer that is its own passage always passes: figures are read alike on
// both sides.
func TestWhatStandsInThePassageStandsInTheAnswer(t *testing.T) {
	t.Parallel()
	bits := []string{"1.249,00 TL", "4,90 €", "$5", "12.03.2026", "9:00-18:00", "09.00-18.00", "9-18 Uhr", "20 %", "14 days", "2-3 weeks", "5 to 7 jours", "+49 30 901820", "24/7", "7.5", "1 249", "3 pm",
		"12 March", "x", "yüzde 5", "saat 10", "two", "15", "iki gün", "100 200 300", "11'li", "A4", "1.", "2)", ",", "\n"}
	rapid.Check(t, func(t *rapid.T) {
		var words []string
		for range rapid.IntRange(1, 8).Draw(t, "n") {
			words = append(words, rapid.SampledFrom(bits).Draw(t, "bit"))
		}
		s := strings.Join(words, rapid.SampledFrom([]string{" ", " and ", ", ", " ; "}).Draw(t, "gap"))
		r := &run{Input: Input{}, by: map[string]Passage{"P": {"P", "", s}}}
		if what := r.figures(Part{Text: s, Passage: "P"}); what == "price" || what == "percentage" || what == "date" || what == "phone" || what == "email" || what == "duration" {
			t.Fatalf("%q: %s\nanswer %v\nsource %v", s, what, figuresOf(s, false), figuresOf(s, true))
		}
	})
}

func FuzzRun(f *testing.F) {
	for _, s := range []string{"", "I have 5 €", "\xff", "[EMAIL_1]", "https://x", "1.2.3.4.5", strings.Repeat("9", 400), "12.12.", "% 5", "9h", "يومين"} {
		f.Add(s, shop)
	}
	f.Fuzz(func(t *testing.T, answer, passage string) {
		in := input(answer)
		in.Passages[0].Text = passage
		if r := Run(in); r.OK() && len(r.Kept) == 0 {
			t.Fatal("nothing is left and it passes")
		}
	})
}

func BenchmarkRun(b *testing.B) {
	in := input("You can return it within 14 days. Shipping costs 4.90 EUR and takes 2-3 days. We are open from 9 am to 6 pm.")
	for b.Loop() {
		Run(in)
	}
}
