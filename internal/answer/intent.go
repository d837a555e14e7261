package answer

import (
	"strings"

	"parley/internal/kit/text"
)

// Phrases reads intents from fixed phrases in English, Turkish, German, Spanish
// and Arabic. It is careful rather than clever: a wish for a person needs a
// phrase that says so, a greeting or thanks must be all that was written.
type Phrases struct{}

// longestSmallTalk is how many words a greeting or thanks may have.
const longestSmallTalk = 8

// Intent implements Reader.
func (Phrases) Intent(s string) Intent {
	found := text.Words(text.Fold(text.Cut(s, maxQuestion)))
	words := make([]string, len(found))
	for i, w := range found {
		words[i] = w.Text
	}
	phrases := personPhrases()
	for i := range words {
		if longest(words[i:], phrases) > 0 {
			return WantsPerson
		}
	}
	if len(words) == 0 || len(words) > longestSmallTalk {
		return NoIntent
	}
	if len(words) <= 2 && longest(words, personWords()) > 0 {
		return WantsPerson
	}
	return smallTalk(words)
}

// smallTalk: nothing but greetings, thanks and fillers.
func smallTalk(words []string) Intent {
	in := NoIntent
	for i := 0; i < len(words); {
		if n := longest(words[i:], thankPhrases()); n > 0 {
			if in == NoIntent {
				in = Thanks
			}
			i += n
			continue
		}
		if n := longest(words[i:], greetPhrases()); n > 0 {
			in = Greets
			i += n
			continue
		}
		if longest(words[i:], fillers()) == 0 {
			return NoIntent
		}
		i++
	}
	return in
}

// longest is the number of words that the longest phrase beginning here takes.
// A word ending in * stands for every word that begins so.
func longest(words []string, phrases []string) int {
	best := 0
	for _, p := range phrases {
		// Most phrases begin with another word; they are not worth cutting up.
		if first, _, _ := strings.Cut(p, " "); !isWord(first, words[0]) {
			continue
		}
		parts := strings.Fields(p)
		if len(parts) <= best || len(parts) > len(words) {
			continue
		}
		fits := true
		for i, part := range parts {
			fits = fits && isWord(part, words[i])
		}
		if fits {
			best = len(parts)
		}
	}
	return best
}

// isWord reports whether a word is the one that a phrase has there.
func isWord(part, word string) bool {
	if stem, open := strings.CutSuffix(part, "*"); open {
		return strings.HasPrefix(word, stem)
	}
	return word == part
}

func personPhrases() []string {
	return []string{
		"talk to a person", "speak to a person", "talk to a human", "speak to a human", "speak with a human", "talk with a human",
		"talk to a real *", "speak to a real *", "speak with a real *", "chat with a human", "talk to someone", "speak to someone",
		"speak with someone", "talk with someone", "talk to an agent", "speak to an agent", "speak with an agent", "human agent",
		"live agent", "human please", "human being", "talk to a representative", "speak to a representative", "talk to an operator",
		"speak with a representative", "connect me to a *", "customer service representative", "a real person", "a real human",
		"insanla gorus*", "insanla konus*", "insana bagla*", "gercek bir insan*", "gercek bir kisi*", "gercek kisi*", "gercek insan*",
		"biriyle gorus*", "biriyle konus*", "birine bagla*", "bir kisiyle *", "bir insanla *", "yetkiliyle *", "yetkiliye bagla*",
		"bir yetkili ile *", "temsilciyle *", "temsilcisiyle *", "temsilciye bagla*", "temsilcisine bagla*", "temsilci istiyorum", "canli deste*", "operatore bagla*",
		"mit einem menschen", "echten menschen", "echter mensch", "mit jemandem sprechen", "mit einer person", "mit einem mitarbeiter",
		"mit einer mitarbeiterin", "mensch bitte", "mitarbeiter sprechen",
		"con una persona", "una persona real", "con un humano", "agente humano", "hablar con alguien", "con un agente", "con un asesor",
		"con un operador", "atencion humana",
		"شخص حقيقي", "انسان حقيقي", "مع شخص", "مع موظف", "مع انسان", "اكلم شخص", "اكلم موظف", "ممثل خدمه", "ممثل عن", "موظف خدمه",
	}
}

// personWords count when they are all that was written.
func personWords() []string {
	return []string{"human", "agent", "operator", "representative", "person", "insan", "temsilci", "musteri temsilcisi", "yetkili",
		"mensch", "mitarbeiter", "humano", "agente", "persona", "موظف", "انسان"}
}

func greetPhrases() []string {
	return []string{"hi", "hello", "hey", "hiya", "good morning", "good evening", "good afternoon", "good day",
		"merhaba*", "selam", "selamlar", "slm", "mrb", "iyi gunler", "iyi aksamlar", "gunaydin", "iyi calismalar", "kolay gelsin",
		"hallo", "guten tag", "guten morgen", "guten abend", "moin", "servus", "gruss gott",
		"hola", "buenos dias", "buenas tardes", "buenas noches", "buenas",
		"مرحبا", "اهلا", "اهلا وسهلا", "السلام عليكم", "صباح الخير", "مساء الخير", "سلام"}
}

func thankPhrases() []string {
	return []string{"thanks", "thank you", "thx", "ty", "cheers", "ok", "okay", "great", "perfect", "got it", "bye", "goodbye",
		"tesekkurler", "tesekkur ederim", "tesekkur ederiz", "tesekkur", "sagol", "sagolun", "sag ol", "sag olun", "tamam", "tamamdir",
		"eyvallah", "gorusuruz", "super", "harika", "anladim",
		"danke", "vielen dank", "danke schon", "danke schoen", "tschuss", "gracias", "muchas gracias", "vale", "perfecto", "adios",
		"شكرا", "شكرا جزيلا", "تمام", "حسنا", "مع السلامه"}
}

func fillers() []string {
	return []string{"there", "all", "everyone", "very", "much", "so", "a", "lot", "again", "for", "your", "the", "help", "and",
		"cok", "efendim", "hocam", "yardiminiz", "yardimlariniz", "icin", "herkese", "ve", "sehr", "viel", "para", "por", "su", "ayuda", "جدا", "لكم", "لك", "كثيرا"}
}
