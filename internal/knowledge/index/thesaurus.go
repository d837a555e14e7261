package index

import (
	"strings"
	"sync"
)

// synonyms names words that customers use for one another, a line each. They
// are everyday words of asking a business, not the words of any data set. A
// synonym counts less than the word itself and never towards coverage, so it can
// bring a passage into sight but not alone into an answer.
const (
	synonymsEN = `
refund reimburse reimbursement repay moneyback
cost price fee charge pay much expensive cheap rate
free complimentary gratis
cancel stop end terminate revoke undo
return back exchange swap
change alter modify edit update switch amend
buy purchase order shop
deliver delivery ship shipping shipment send dispatch arrive arrival post mail courier parcel package
track trace status whereabouts locate follow
long time duration days wait waiting take
late delay delayed overdue slow pending
broken damaged faulty defective defect malfunction
lost missing stolen misplaced disappear gone
wrong incorrect mistake error mistaken
fail failed decline declined reject rejected refuse unsuccessful
work working function
problem issue trouble fault
help support assist assistance service
contact call phone telephone reach speak talk
open opening hour hours close closing
store shop branch location address
size fit measurement measure small large big
colour color shade
stock available availability sold
discount coupon voucher promo promotion offer sale code
gift present
warranty guarantee
repair fix mend
wash clean care laundry
material fabric made ingredient
pay payment paid
card visa mastercard
cash money fund funds
transfer wire remit
account profile
password passcode pin
login signin log sign
delete remove erase
verify verification confirm identity prove proof
document paper id passport
add top load deposit credit
withdraw withdrawal atm cashpoint
balance amount
currency exchange forex
country countries abroad foreign international overseas
limit maximum minimum restriction
receive get got obtain
invoice bill receipt
subscription plan membership
child children kid kids minor
person human agent representative someone
company business firm
keep store retain hold save
safe secure security protect
job career vacancy hiring
`
	synonymsTR = `
iade geri
para ücret fiyat bedel tutar kaç pahalı ucuz
ücretsiz bedava
iptal vazgeçmek cayma
değişim değiştirmek takas
sipariş alışveriş satın almak
kargo teslimat gönderi gönderim paket koli kurye nakliye ulaşmak gelmek
takip nerede durum
süre gün zaman kaç uzun
geç gecikme gecikti
kırık hasarlı bozuk kusurlu arızalı ayıplı defolu
kayıp çalındı
yanlış hatalı hata
sorun problem sıkıntı
yardım destek
iletişim telefon aramak ulaşmak
açık kapalı saat saatleri
mağaza şube dükkan adres konum
beden numara ölçü küçük büyük
renk
stok mevcut
indirim kupon kampanya kod
hediye
garanti
tamir onarım
yıkama yıkamak temizlik bakım
malzeme kumaş
ödeme ödemek taksit
kart
fatura fiş makbuz
hesap üyelik
şifre parola
silmek kaldırmak
ülke yurtdışı
çocuk
insan temsilci yetkili
bot çizme ayakkabı
mont ceket palto kaban
`
	synonymsDE = `
rückgabe zurückgeben retoure umtausch zurücksenden umtauschen
preis kosten kostet gebühr teuer bezahlen
lieferung versand liefern versenden paket sendung
bestellung bestellen kaufen
größe passen
geschäft laden filiale adresse
öffnungszeiten geöffnet offen uhr
gutschein rabatt aktion
kaputt defekt beschädigt
erstattung rückerstattung geld
stornieren abbrechen
konto profil
rechnung beleg
`
	synonymsES = `
devolver devolución cambio cambiar reembolso
precio coste costar cuesta tarifa pagar
envío enviar entrega entregar paquete llegar
pedido compra comprar pedir
talla tamaño medida
tienda local dirección sucursal
horario abierto abrir hora
descuento cupón oferta
roto dañado defectuoso
cancelar anular
factura recibo
`
	synonymsAR = `
إرجاع استرجاع استبدال ارجاع
سعر تكلفة ثمن رسوم كم
توصيل شحن إرسال طرد وصول
طلب شراء
مقاس حجم قياس
متجر محل فرع عنوان
خصم كوبون عرض
إلغاء
فاتورة إيصال
`
)

// thesaurus maps the hashed stem of a word to those of its synonyms, by language.
type thesaurus map[string]map[uint32][]uint32

// synonyms is made once; afterwards it is only read.
var synonyms = sync.OnceValue(newThesaurus)

// canons are made once, too.
var canons = sync.OnceValue(newCanons)

func synonymLines() map[string]string {
	return map[string]string{"en": synonymsEN, "tr": synonymsTR, "de": synonymsDE, "es": synonymsES, "ar": synonymsAR}
}

func newThesaurus() thesaurus {
	t := make(thesaurus)
	for lang, lines := range synonymLines() {
		t[lang] = make(map[uint32][]uint32)
		for line := range strings.Lines(lines) {
			var stems []uint32
			for _, w := range strings.Fields(line) {
				stems = append(stems, hash(stem(lang, w)))
			}
			for _, a := range stems {
				for _, b := range stems {
					if a != b {
						t[lang][a] = append(t[lang][a], b)
					}
				}
			}
		}
	}
	return t
}
