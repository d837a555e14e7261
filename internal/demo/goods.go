package demo

import "html/template"

// shopTexts are the words of the sample shop. Its facts are those of the
// knowledge beside it.
func shopTexts(lang string) map[string]string {
	if lang == "tr" {
		return map[string]string{"club": "Northwind Kulübü", "clubLead": "Sık yürüyenler için.", "menu": "Menü", "shop": "Ürünler", "help": "Yardım", "title": "Kuzey rüzgârı için yapıldı.",
			"lead": "Uzun yürüyüşler için paltolar, botlar ve ekipman. Berlin ve İstanbul'da iki mağaza, onarım tezgâhı ve ömür boyu onarım sözü.",
			"try":  "Bu bir örnek mağaza. Sağ alttaki sohbeti açın ve sorun:", "question": "Çok küçük gelen paltoyu iade edebilir miyim?",
			"picture": "Dağların önünde turuncu montlu bir yürüyüşçü", "returns": "30 gün iade", "returnsText": "Giyilmemiş ürünleri teslimattan sonra 30 gün içinde geri alıyoruz.",
			"shipping": "Hızlı kargo", "shippingText": "Türkiye ve Avrupa'nın tamamına, takip numarasıyla gönderiyoruz.",
			"ask": "Sorunuz mu var?", "askText": "Sohbet bilgi tabanımızdan yanıtlar. İstediğiniz an bir yetkiliye bağlanırsınız.",
			"foot": "Northwind Goods gerçek bir mağaza değildir; Parley'nin denenebilmesi için vardır. Burada hiçbir şey satılmaz."}
	}
	return map[string]string{"club": "Northwind Club", "clubLead": "For people who walk a lot.", "menu": "Menu", "shop": "Products", "help": "Help", "title": "Made for the north wind.",
		"lead": "Coats, boots and equipment for long walks. Stores in Berlin and Istanbul, a repair counter, and repairs for life.",
		"try":  "This is a sample shop. Open the chat in the corner and ask:", "question": "Can I return a coat that is too small?",
		"picture": "A hiker in an orange coat in front of mountains", "returns": "30 days to return", "returnsText": "We take unworn things back within 30 days of delivery.",
		"shipping": "Quick shipping", "shippingText": "All over Europe and Turkey, with a tracking number.",
		"ask": "A question?", "askText": "The chat answers from what we know. You can ask for a person at any time.",
		"foot": "Northwind Goods is not a real shop; it exists so that Parley can be tried. Nothing is sold here."}
}

// products are six of the shop's things.
func products(lang string) []product {
	en := [][3]string{{"Fjord wool coat", "Navy, camel or black", "289 EUR"}, {"Harbour rain jacket", "Waterproof to 20,000 mm", "159 EUR"},
		{"Ridge hiking boots", "Leather, can be resoled", "179 EUR"}, {"Traveller backpack 35 l", "Rain cover included", "129 EUR"},
		{"Northern tent", "For 2 persons, 2.1 kg", "349 EUR"}, {"Steel bottle 0.75 l", "Cold for 24 hours", "29 EUR"}}
	tr := [][3]string{{"Fjord yün palto", "Lacivert, deve tüyü veya siyah", "8.990 TL"}, {"Harbour yağmurluk", "20.000 mm su geçirmez", "4.990 TL"},
		{"Ridge yürüyüş botu", "Deri, tabanı değiştirilebilir", "5.490 TL"}, {"Traveller sırt çantası 35 l", "Yağmurluk dahil", "3.990 TL"},
		{"Northern çadır", "2 kişilik, 2,1 kg", "10.900 TL"}, {"Çelik matara 0,75 l", "24 saat soğuk tutar", "899,90 TL"}}
	words := en
	if lang == "tr" {
		words = tr
	}
	looks := []struct {
		ground string
		art    template.HTML
	}{
		{"#dfe6d6", `<path d="M88 40h64l16 24-12 86H84L72 64z" fill="#284b3c"/><path d="M120 40v110M104 40l16 22 16-22" stroke="#16332a" stroke-width="3" fill="none"/><circle cx="128" cy="84" r="3" fill="#dfe6d6"/><circle cx="128" cy="106" r="3" fill="#dfe6d6"/>`},
		{"#f3e4c8", `<path d="M86 44c10-14 58-14 68 0l20 34-14 14-10-12v68H90V80l-10 12-14-14z" fill="#d8a23a"/><path d="M120 36v112M100 108h14M126 108h14" stroke="#9c7018" stroke-width="3"/>`},
		{"#ead9cd", `<path d="M84 44h36v50l44 22c8 4 10 12 10 24H84z" fill="#8a4b2a"/><path d="M80 140h98v12H80z" fill="#3b2a20"/><path d="m122 62-14 6m16 10-16 6m18 10-16 6" stroke="#f0dccf" stroke-width="3"/>`},
		{"#d7e1e6", `<rect x="82" y="42" width="76" height="106" rx="22" fill="#3d6577"/><rect x="94" y="92" width="52" height="40" rx="8" fill="#2c4c5b"/><path d="M104 42c0-18 32-18 32 0" stroke="#2c4c5b" stroke-width="6" fill="none"/>`},
		{"#e3e2d2", `<path d="M48 140 120 44l72 96z" fill="#b4572f"/><path d="m120 44-22 96h44z" fill="#8a3f1f"/><path d="m120 64-10 76h20z" fill="#3b2a20"/>`},
		{"#e0e6e2", `<rect x="100" y="52" width="40" height="98" rx="12" fill="#6b7f78"/><rect x="106" y="34" width="28" height="20" rx="5" fill="#37453f"/><path d="M108 70v60" stroke="#b9c8c1" stroke-width="5" stroke-linecap="round"/>`},
	}
	list := make([]product, len(looks))
	for i, l := range looks {
		list[i] = product{Name: words[i][0], Note: words[i][1], Price: words[i][2], Ground: l.ground, Art: l.art}
	}
	return list
}
