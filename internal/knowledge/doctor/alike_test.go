package doctor

import (
	"strings"
	"testing"
)

// Figures of two things that share most of their words are no contradiction: a
// hire and a sale, two sizes, two times, two places; figures of one thing are,
// however they are put.
func TestFiguresAreHeldAgainstTheirLike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, a, b string }{
		{"en", "Equipment | Product: Polar sleeping bag | Price: 199 EUR | Details: comfort to −5 °C, 1.2 kg", "Equipment for hire > Hire prices | Sleeping bag, comfort 0 °C 15 EUR 34 EUR 60 EUR"},
		{"en", "Equipment | Northern tent for 2 persons costs 349 EUR", "Equipment for hire > Hire prices | Northern tent, 2 persons 35 EUR 79 EUR 150 EUR"},
		{"en", "The Northern tent costs 349 EUR.", "The Northern tent costs 35 EUR to rent."},
		{"en", "The hire of the tent costs 35 EUR per day.", "The hire of the tent costs 79 EUR per week."},
		{"en", "The hire of the tent costs 35 EUR.", "The deposit for the hire of the tent is 150 EUR."},
		{"en", "The walnut desk costs 1,249 EUR.", "Delivery of the walnut desk costs 49 EUR."},
		{"en", "The walnut desk costs 1,249 EUR.", "Assembly of the walnut desk costs 80 EUR."},
		{"en", "The cedar candle of 250 g costs 12 EUR.", "The cedar candle of 500 g costs 20 EUR."},
		{"en", "The rain jacket in size 42 costs 99 EUR.", "The rain jacket in size 52 costs 109 EUR."},
		{"en", "The large oak shelf costs 300 EUR.", "The small oak shelf costs 200 EUR."},
		{"en", "The red wool scarf with a fringe costs 20 EUR.", "The blue wool scarf with a fringe costs 25 EUR."},
		{"en", "A day ticket for adults to the climbing hall costs 12 EUR.", "A day ticket for children to the climbing hall costs 7 EUR."},
		{"en", "Opening hours | The Berlin shop opens at 10:00.", "Opening hours | Our shop in Munich opens at 9:30."},
		{"en", "Opening hours | On Saturdays the shop opens at 10:00.", "Opening hours | On Sundays the shop opens at 12:00."},
		{"en", "Opening hours | The shop opens at 10:00.", "Opening hours | The shop closes at 19:00."},
		{"en", "The headlamp X200 has a warranty of 2 years.", "The headlamp X300 has a warranty of 3 years."},
		{"en", "Express shipping to Germany takes 1 day.", "Standard shipping to Germany takes 4 days."},
		{"en", "The used walnut desk costs 700 EUR.", "The walnut desk costs 1,249 EUR."},
		{"en", "Membership of the club costs 10 EUR per month.", "Membership of the club costs 100 EUR per year."},
		{"tr", "Ekipman | Ürün: Northern 2 kişilik çadır | Fiyat: 10.900 TL | Özellikler: 2,1 kg, iki girişli", "Kiralık ekipman > Kiralama ücretleri | Northern çadır, 2 kişilik 1.090 TL 2.490 TL 4.500 TL"},
		{"tr", "Northern çadırın fiyatı 10.900 TL.", "Northern çadırın kiralama fiyatı 1.090 TL."},
		{"tr", "Northern çadırın kirası günlük 500 TL.", "Northern çadırın kirası haftalık 2.490 TL."},
		{"tr", "Northern çadırın kirası 1.090 TL.", "Northern çadırın kira depozitosu 4.500 TL."},
		{"tr", "Ceviz masanın fiyatı 42.000 TL.", "Ceviz masanın kargo fiyatı 900 TL."},
		{"tr", "Ceviz masanın fiyatı 42.000 TL.", "Ceviz masanın montaj fiyatı 1.500 TL."},
		{"tr", "Sedir mumunun 250 g boyu 450 TL.", "Sedir mumunun 500 g boyu 700 TL."},
		{"tr", "Yağmurluğun 42 cm boyu 2.900 TL.", "Yağmurluğun 52 cm boyu 3.200 TL."},
		{"tr", "Büyük meşe rafın fiyatı 9.000 TL.", "Küçük meşe rafın fiyatı 6.000 TL."},
		{"tr", "Saçaklı kırmızı yün atkının fiyatı 600 TL.", "Saçaklı mavi yün atkının fiyatı 700 TL."},
		{"tr", "Tırmanış salonuna giriş yetişkinler için 300 TL.", "Tırmanış salonuna giriş çocuklar için 150 TL."},
		{"tr", "Çalışma saatleri | Mağaza cumartesi 10:00'da açılır.", "Çalışma saatleri | Mağaza pazar 12:00'de açılır."},
		{"tr", "Çalışma saatleri | Mağaza 10:00'da açılır.", "Çalışma saatleri | Mağaza 19:00'da kapanır."},
		{"tr", "X200 kafa lambasının garantisi 2 yıl.", "X300 kafa lambasının garantisi 3 yıl."},
		{"tr", "Almanya'ya hızlı kargo 1 gün sürer.", "Almanya'ya standart kargo 4 gün sürer."},
		{"tr", "İkinci el değil, kullanılmış ceviz masanın fiyatı 20.000 TL.", "Ceviz masanın fiyatı 42.000 TL."},
		{"tr", "Kulüp üyeliği aylık 200 TL.", "Kulüp üyeliği yıllık 2.000 TL."},
	} {
		for _, turned := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if got := held(c.lang, turned[0], turned[1]); len(got) > 0 {
				t.Errorf("no contradiction: %+v", got)
			}
		}
	}
}

func TestFiguresOfOneThingAreFoundHoweverTheyArePut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, a, b string }{
		{"en", "Equipment | Product: Polar sleeping bag | Price: 199 EUR", "Products and prices | The Polar sleeping bag costs 189 EUR."},
		{"en", "Equipment for hire | The tent costs 35 EUR for a weekend.", "Equipment for hire | The tent costs 45 EUR for a weekend."},
		{"en", "The hire of the tent costs 35 EUR per day.", "The hire of the tent costs 45 EUR a day."},
		{"en", "The deposit for the hire of the tent is 150 EUR.", "For the hire of the tent the deposit is 100 EUR."},
		{"en", "Shipping costs | To Germany: 4.90 EUR for each order.", "Shipping to Germany costs 5.90 EUR for each order."},
		{"en", "Shipping and returns | Unworn items can be returned for 5 EUR.", "Returns | Unworn items can be returned for 9 EUR."},
		{"en", "The cedar candle of 250 g costs 12 EUR.", "The cedar candle of 250 g costs 14 EUR."},
		{"en", "The cedar candle costs 12 EUR.", "The cedar candle of 250 g costs 14 EUR."},
		{"en", "The large oak shelf costs 300 EUR.", "The large oak shelf costs 320 EUR."},
		{"en", "Opening hours | The Berlin shop opens at 10:00.", "Opening hours | The shop in Berlin opens at 9:30."},
		{"en", "Opening hours | On Saturdays the shop opens at 10:00 and closes at 18:00.", "Opening hours | On Saturdays the shop opens at 9:30."},
		{"en", "The headlamp X200 has a warranty of 2 years.", "The headlamp X200 has a warranty of 3 years."},
		{"en", "You can return unworn items within 14 days for 5 EUR.", "Unworn items can be returned within 30 days for 9 EUR."},
		{"en", "Membership of the club costs 10 EUR per month.", "Membership of the club costs 12 EUR monthly."},
		{"en", "The oak desk is 120 cm wide.", "The oak desk is 140 cm wide."},
		{"tr", "Ekipman | Ürün: Polar uyku tulumu | Fiyat: 6.200 TL", "Ürünler | Polar uyku tulumu fiyatı 5.900 TL."},
		{"tr", "Kiralık ekipman | Çadırın haftalık ücreti 2.490 TL.", "Kiralık ekipman | Çadırın haftalık ücreti 2.690 TL."},
		{"tr", "Northern çadırın kirası için depozito 4.500 TL.", "Northern çadırın kirası için 4.000 TL depozito alınır."},
		{"tr", "Kargo ücretleri | Almanya'ya her sipariş için 150 TL.", "Almanya'ya kargo ücreti her sipariş için 190 TL."},
		{"tr", "Sedir mumunun 250 g boyu 450 TL.", "Sedir mumunun 250 g boyu 490 TL."},
		{"tr", "Büyük meşe rafın fiyatı 9.000 TL.", "Büyük meşe rafın fiyatı 9.500 TL."},
		{"tr", "Çalışma saatleri | Mağaza cumartesi 10:00'da açılır.", "Çalışma saatleri | Mağaza cumartesi 09:30'da açılır."},
		{"tr", "X200 kafa lambasının garantisi 2 yıl.", "X200 kafa lambasının garantisi 3 yıl."},
		{"tr", "Giyilmemiş ürünleri 14 gün içinde iade edebilirsiniz.", "Giyilmemiş ürünler 30 gün içinde iade edilebilir."},
		{"tr", "Kulüp üyeliği aylık 200 TL.", "Kulüp üyeliği aylık 250 TL."},
	} {
		for _, turned := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if len(held(c.lang, turned[0], turned[1])) == 0 {
				t.Errorf("not found: %q", turned)
			}
		}
	}
}

// held holds two sentences of two sources against each other. What stands above
// one stands before a bar, unless the bar is of a row.
func held(lang, a, b string) []Clash {
	var all []Passage
	for i, s := range []string{a, b} {
		p := Passage{ID: 1, Source: 10, Language: lang, Text: s}
		if i == 1 {
			p.ID, p.Source = 2, 20
		}
		if above, rest, ok := strings.Cut(s, " | "); ok {
			p.Heading, p.Text = above, rest
		}
		all = append(all, p)
	}
	return Clashes(all, 10)
}
