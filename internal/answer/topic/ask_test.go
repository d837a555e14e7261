package topic

import "testing"

// A phrase that asks about one's own data is known in six languages; near misses
// are none: each false one would bother a customer with a question about their
// privacy in the middle of an order.
// covers A-14.4-02
func TestWhatSomebodyAsksAboutTheirDataIsKnownAndNearMissesAreNot(t *testing.T) {
	t.Parallel()
	for want, all := range map[string][]string{
		AsksErase: {
			"delete my data", "Please delete all my data.", "I want you to erase my personal data", "pls remove my personal information", "Delete everything you have about me",
			"erase all data you hold on me", "I'd like my data to be deleted", "I invoke my right to be forgotten", "Hi! Can you wipe all my data? Thanks",
			"I request the deletion of my personal data", "erase everything about me",
			"verilerimi silin", "Kişisel verilerimi siler misiniz?", "kişisel verilerimin silinmesini istiyorum", "hakkımda tuttuğunuz her şeyi silin", "Lütfen bana ait tüm verileri silin",
			"merhaba, verilerimi hemen silin lütfen", "VERİLERİMİ SİLİN", "unutulma hakkımı kullanmak istiyorum", "hakkımdaki tüm bilgileri silmenizi istiyorum",
			"Bitte löschen Sie meine Daten", "lösche alle meine Daten", "Ich möchte meine Daten löschen lassen", "ich verlange die Löschung meiner personenbezogenen Daten",
			"borren todos mis datos", "quiero eliminar mis datos", "solicito la supresión de mis datos", "supprimez mes données", "Je veux effacer toutes mes données", "احذفوا بياناتي", "اريد حذف جميع بياناتي",
		},
		AsksAccess: {
			"send me a copy of my data", "What data do you have about me?", "which personal data are you storing about me", "this is a subject access request", "what do you know about me",
			"verilerimin bir kopyasını istiyorum", "Hakkımda hangi verileri tutuyorsunuz?", "hakkımda neler biliyorsunuz", "Welche Daten haben Sie über mich?", "ich hätte gern eine Kopie meiner Daten",
			"¿Qué datos tienen sobre mí?", "quiero una copia de mis datos", "Quelles données avez-vous sur moi ?", "une copie de mes données svp", "اريد نسخة من بياناتي",
		},
		"": {
			"delete my order", "please delete my order", "remove my review", "erase the engraving on my ring", "delete the second item", "how do I delete my data in the app?", "don't delete my data",
			"please do not delete my data yet", "did you delete my data?", "you deleted my data!", "why did you delete my data", "my data plan is used up", "send me my data cable", "I lost my data cable, send me a copy of my data sheet",
			"what information do you have about the blue chair?", "what do you know about linen?", "delete my last message", "cancel my account", "remove me from the raffle", "can I remove my name from the gift card",
			"what data do you have on delivery times", "if I delete my data, is my order cancelled?", "forget it", "forget me not flowers", "give me a copy of my invoice",
			"siparişimi silin", "sepetimi siler misiniz", "yorumumu silin", "verilerimi silmeyin", "lütfen kişisel verilerimi silmeyin", "verilerimi sildiniz mi", "verilerimi nasıl silerim?", "adresimi silip yenisini yazın",
			"bilgi almak istiyorum", "hakkınızda bilgi verir misiniz", "hangi bilgileri vermem gerekiyor", "bilgilerimi güncelleyin", "siparişimin bir kopyasını gönderin", "fatura bilgilerimi değiştirin",
			"Bitte löschen Sie meine Bestellung", "löschen Sie meine Daten nicht", "Welche Daten brauchen Sie von mir?", "eine Kopie meiner Rechnung bitte", "Wie kann ich meine Daten löschen?", "borren mi pedido", "no borren mis datos",
			"¿qué datos necesitan de mí?", "una copia de mi factura", "supprimez ma commande", "ne supprimez pas mes données", "une copie de ma facture", "احذفوا طلبي", "لا تحذفوا بياناتي", "", "data", "verilerim",
		},
	} {
		for _, s := range all {
			if got := AskOf(s); got != want {
				t.Errorf("%q asks %q, want %q", s, got, want)
			}
		}
	}
}
