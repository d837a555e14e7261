package check

import "testing"

// honest are answers that say what their passage says, in other words and other
// writings of the same figures. Every one must pass: a check that cries wolf is
// switched off.
var honest = []struct{ lang, passage, said, answer string }{
	{"en", "Returns: You can return items within 14 days of delivery. Refunds are made within 5-7 business days.", "Can I return it?", "Yes, you can return items within 14 days of delivery. The refund is made within 5 to 7 business days."},
	{"en", "Open Monday to Friday 9:00-18:00, Saturday 10:00-14:00.", "When do you open?", "We are open from 9 am to 6 pm on weekdays and from 10 am to 2 pm on Saturdays."},
	{"en", "Shipping costs €4.90; free over €50.", "", "Shipping costs 4,90 € and is free for orders over 50 EUR."},
	{"en", "Blue coat | Price: 1.249,00 TL | Stock: yes", "How much is the blue coat?", "The blue coat costs 1,249.00 TL and is in stock."},
	{"en", "Call us on +44 20 7946 0958 or write to help@shop.example.", "", "You can call +44 (0)20 7946 0958 or write to help@shop.example."},
	{"en", "Our sale ends on 31.12.2026. All coats 20 % off.", "", "All coats are 20% off until 31 December."},
	{"en", "Delivery takes two to three working days within Germany.", "", "Delivery within Germany takes 2-3 working days."},
	{"en", "We accept Visa, Mastercard and bank transfer.", "", "We accept Visa, Mastercard and bank transfer. Please never send us your card number in this chat."},
	{"en", "See https://shop.example/size-guide for sizes.", "", "You can find the sizes at https://shop.example/size-guide."},
	{"en", "Gift wrapping is available for $3 per item.", "", "Yes, we offer gift wrapping for 3 dollars per item."},
	{"en", "The hotel has 24 rooms. Check-in from 15:00, check-out until 11:00.", "", "Check-in starts at 3 pm and check-out is until 11 am."},
	{"en", "We will refund the full price within 14 days once the item is back.", "", "Once the item is back, we will refund the full price within 14 days."},
	{"en", "Size M fits a chest of 96-100 cm.", "I have a chest of 98 cm", "With a chest of 98 cm, size M should fit you: it is made for 96-100 cm."},
	{"en", "We repair watches. Bring your watch to our shop at 12 High Street.", "", "Yes, we repair watches. Just bring yours to our shop at 12 High Street."},
	{"tr", "İade süresi teslimattan itibaren 14 gündür. Ücret 5-7 iş günü içinde iade edilir.", "", "Ürünü teslimattan sonra 14 gün içinde iade edebilirsiniz; ücret 5-7 iş günü içinde iade edilir."},
	{"tr", "Kargo ücreti 49,90 TL'dir. 750 TL üzeri siparişlerde ücretsizdir.", "", "Kargo ücreti 49,90 ₺. 750 ₺ üzeri siparişlerde kargo ücretsizdir."},
	{"tr", "Hafta içi 09.00-18.00, cumartesi 10.00-14.00 arası açığız.", "", "Hafta içi 09:00 ile 18:00, cumartesi 10:00 ile 14:00 arasında açığız."},
	{"tr", "Kırmızı gül buketi (11'li) | Fiyat: 749,90 ₺ | Stok: Var", "Kırmızı gül ne kadar?", "11'li kırmızı gül buketi 749,90 TL ve stokta var."},
	{"tr", "Bize 0212 555 44 33 numarasından ulaşabilirsiniz.", "", "Bize 0212 5554433 numarasından ulaşabilirsiniz."},
	{"tr", "Kampanya 15.03.2026 tarihine kadar geçerlidir, indirim %20.", "", "Kampanya 15 Mart'a kadar geçerli, indirim yüzde 20."},
	{"tr", "Siparişler üç iş günü içinde kargoya verilir.", "", "Siparişiniz 3 iş günü içinde kargoya verilir."},
	{"tr", "Kapıda ödeme vardır. Kapıda ödeme bedeli 20 TL'dir.", "", "Evet, kapıda ödeme seçeneğimiz var; bedeli 20 TL."},
	{"tr", "Mağazamız Moda Caddesi No:12 Kadıköy'dedir.", "", "Mağazamız Kadıköy'de, Moda Caddesi No: 12 adresinde."},
	{"tr", "Değişim için ürün kullanılmamış ve etiketli olmalıdır.", "", "Değişim yapabilmemiz için ürünün kullanılmamış ve etiketli olması gerekiyor."},
	{"tr", "Paltoların bakımı: 30 derecede yıkayın, kurutma makinesi kullanmayın.", "", "Paltoyu 30 derecede yıkayabilirsiniz; kurutma makinesi kullanmamanızı öneririz."},
	{"tr", "Düğün çiçekleri için en az 2 hafta önceden sipariş veriniz.", "", "Düğün çiçekleri için siparişinizi en az iki hafta önceden vermeniz gerekir."},
	{"de", "Sie können Artikel innerhalb von 30 Tagen zurückgeben. Die Erstattung dauert bis zu 5 Werktage.", "", "Sie können Artikel innerhalb von 30 Tagen zurückgeben. Die Erstattung dauert bis zu 5 Werktage."},
	{"de", "Versandkosten: 4,90 €. Ab 50 € versandkostenfrei.", "", "Der Versand kostet 4,90 Euro, ab 50 Euro ist er kostenlos."},
	{"de", "Öffnungszeiten: Mo-Fr 9-18 Uhr, Sa 10-14 Uhr.", "", "Wir haben montags bis freitags von 9:00 bis 18:00 Uhr und samstags von 10 bis 14 Uhr geöffnet."},
	{"de", "Die Aktion endet am 12. Mai 2026. Rabatt: 15 %.", "", "Die Aktion läuft bis zum 12.05.2026, der Rabatt beträgt 15 Prozent."},
	{"de", "Der Tisch kostet 1.299,00 EUR.", "", "Der Tisch kostet 1.299 €."},
	{"de", "Wir liefern in zwei bis drei Werktagen.", "", "Die Lieferung dauert 2-3 Werktage."},
	{"de", "Unsere Hotline: 030 901820.", "", "Sie erreichen uns unter 030 901820."},
	{"de", "Der Betrag wird auf Ihr Konto erstattet, sobald die Ware bei uns ist.", "", "Der Betrag wird erstattet, sobald die Ware bei uns eingegangen ist."},
	{"de", "Die Jacke ist wasserdicht und in den Größen S bis XL erhältlich.", "", "Ja, die Jacke ist wasserdicht. Sie ist in den Größen S bis XL erhältlich."},
	{"de", "Garantie: 2 Jahre auf alle Geräte.", "", "Auf alle Geräte geben wir zwei Jahre Garantie."},
	{"es", "Puede devolver los artículos en un plazo de 14 días. El reembolso se realiza en 5 a 7 días laborables.", "", "Puede devolver los artículos en un plazo de 14 días y el reembolso se realiza en 5-7 días laborables."},
	{"es", "El envío cuesta 4,90 € y es gratis a partir de 50 €.", "", "El envío cuesta 4,90 euros y es gratuito a partir de 50 euros."},
	{"es", "Horario: lunes a viernes de 9:00 a 18:00.", "", "Abrimos de lunes a viernes de 9 a 18 h."},
	{"es", "La oferta termina el 12 de mayo de 2026 con un 10 % de descuento.", "", "La oferta termina el 12/05/2026 y tiene un 10% de descuento."},
	{"es", "El abrigo azul cuesta 1.249,00 €.", "", "El abrigo azul cuesta 1249 €."},
	{"es", "Llámenos al 912 345 678.", "", "Puede llamarnos al 912345678."},
	{"es", "La entrega tarda dos días en la península.", "", "La entrega en la península tarda 2 días."},
	{"es", "Aceptamos tarjeta, PayPal y transferencia.", "", "Sí, aceptamos tarjeta, PayPal y transferencia bancaria."},
	{"es", "Todos los bolsos son de piel auténtica.", "", "Sí, todos nuestros bolsos son de piel auténtica."},
	{"es", "Los vuelos se pueden cambiar hasta 24 horas antes por 30 €.", "", "Puede cambiar el vuelo hasta 24 horas antes; el cambio cuesta 30 €."},
	{"fr", "Vous pouvez retourner les articles sous 14 jours. Le remboursement prend 5 à 7 jours ouvrés.", "", "Vous pouvez retourner les articles sous 14 jours et le remboursement prend 5 à 7 jours ouvrés."},
	{"fr", "Livraison : 4,90 €, gratuite dès 50 € d'achat.", "", "La livraison coûte 4,90 euros et elle est gratuite dès 50 euros d'achat."},
	{"fr", "Ouvert du lundi au vendredi de 9h00 à 18h00.", "", "Nous sommes ouverts du lundi au vendredi de 9 h à 18 h."},
	{"fr", "L'offre se termine le 12 mai 2026, remise de 15 %.", "", "L'offre se termine le 12/05/2026 avec une remise de 15 pour cent."},
	{"fr", "Le canapé coûte 1 249,00 €.", "", "Le canapé coûte 1249 €."},
	{"fr", "Contact : 01 23 45 67 89.", "", "Vous pouvez nous joindre au 01.23.45.67.89."},
	{"fr", "La commande est préparée en trois jours.", "", "Votre commande est préparée en 3 jours."},
	{"fr", "Nos produits sont fabriqués à la main dans notre atelier de Lyon.", "", "Oui, nos produits sont fabriqués à la main dans notre atelier de Lyon."},
	{"fr", "Le petit-déjeuner est servi de 7h30 à 10h30.", "", "Le petit-déjeuner est servi de 7:30 à 10:30."},
	{"ar", "يمكنك إرجاع المنتجات خلال 14 يوما من التسليم.", "", "نعم، يمكنك إرجاع المنتجات خلال ١٤ يوما من تاريخ التسليم."},
	{"ar", "تكلفة الشحن 25 ريال، ومجاني فوق 200 ريال.", "", "تكلفة الشحن ٢٥ ريال وهو مجاني للطلبات فوق ٢٠٠ ريال."},
	{"ar", "ساعات العمل من 9:00 إلى 18:00 من الأحد إلى الخميس.", "", "ساعات العمل من 9 صباحا إلى 6 مساء من الأحد إلى الخميس."},
	{"ar", "يستغرق التوصيل يومين داخل الرياض.", "", "يستغرق التوصيل داخل الرياض 2 يوم."},
	{"ar", "ينتهي العرض في 12 مايو 2026 بخصم 15%.", "", "ينتهي العرض في 12/05/2026 ونسبة الخصم ١٥٪."},
	{"ar", "سعر المعطف 1,249.00 درهم.", "", "سعر المعطف 1249 درهم."},
	{"ar", "نقبل الدفع بالبطاقة أو عند الاستلام.", "", "نعم، نقبل الدفع بالبطاقة أو نقدا عند الاستلام."},
	{"ar", "اتصل بنا على 920012345.", "", "يمكنك الاتصال بنا على 920012345."},
	{"ar", "جميع الحقائب مصنوعة من الجلد الطبيعي.", "", "نعم، جميع حقائبنا مصنوعة من الجلد الطبيعي."},
	{"ar", "الضمان سنتان على جميع الأجهزة.", "", "جميع الأجهزة عليها ضمان لمدة سنتين."},
}

func TestHonestAnswersPass(t *testing.T) {
	t.Parallel()
	for _, c := range honest {
		r := Run(Input{Parts: []Part{{c.answer, "P1", c.passage}}, Passages: []Passage{{"P1", "", c.passage}}, Said: []string{c.said},
			Domains: []string{"shop.example"}, Language: c.lang, Canary: "canary-0A1B2C3D4E5F6071", Prompt: instructions})
		if !r.OK() {
			for _, f := range r.Findings {
				if !f.OK {
					t.Errorf("%s %q: %s %s %.2f (%v)", c.lang, c.answer, f.Name, f.What, f.Value, figuresOf(c.answer, false))
				}
			}
		}
	}
	t.Logf("%d honest answers", len(honest))
}

const instructions = "You answer for a shop. Answer only from the passages below and never from what you know. Quote the passage word by word. Never promise anything."
