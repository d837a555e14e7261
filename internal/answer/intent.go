package answer

import (
	"strings"
	"sync"

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
	all := readBooks()
	for i := range words {
		if all.person.longest(words[i:]) > 0 {
			return WantsPerson
		}
	}
	if len(words) == 0 || len(words) > longestSmallTalk {
		return NoIntent
	}
	if len(words) <= 2 && all.alone.longest(words) > 0 {
		return WantsPerson
	}
	return all.smallTalk(words)
}

// smallTalk: nothing but greetings, thanks and fillers.
func (all books) smallTalk(words []string) Intent {
	in := NoIntent
	for i := 0; i < len(words); {
		if n := all.thanks.longest(words[i:]); n > 0 {
			if in == NoIntent {
				in = Thanks
			}
			i += n
			continue
		}
		if n := all.greets.longest(words[i:]); n > 0 {
			in = Greets
			i += n
			continue
		}
		if all.fillers.longest(words[i:]) == 0 {
			return NoIntent
		}
		i++
	}
	return in
}

// book holds phrases by their first word: every word of every message is looked
// up in it.
type book struct {
	by   map[string][][]string
	open [][]string // whose first word stands for many
}

func bookOf(phrases []string) book {
	b := book{by: map[string][][]string{}}
	for _, p := range phrases {
		parts := strings.Fields(p)
		if strings.HasSuffix(parts[0], "*") {
			b.open = append(b.open, parts)
		} else {
			b.by[parts[0]] = append(b.by[parts[0]], parts)
		}
	}
	return b
}

// books are the phrases that Intent looks for.
type books struct{ person, alone, thanks, greets, fillers book }

var readBooks = sync.OnceValue(func() books {
	return books{bookOf(personPhrases()), bookOf(personWords()), bookOf(thankPhrases()), bookOf(greetPhrases()), bookOf(fillers())}
})

// longest is the number of words that the longest phrase beginning here takes.
// A word ending in * stands for every word that begins so.
func (b book) longest(words []string) int {
	return max(fitting(b.by[words[0]], words), fitting(b.open, words))
}

func fitting(phrases [][]string, words []string) int {
	best := 0
	for _, parts := range phrases {
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
