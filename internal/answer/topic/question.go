package topic

import (
	"strings"
	"sync"
)

// general is how much a question about how things are in general speaks against
// every topic: "Do you print cards for law firms?" needs nobody.
const general = -2.0

// generalQuestions reports the sentences that open as questions about the
// business and name nobody's own case.
func generalQuestions(words []word) map[int]bool {
	out := map[int]bool{}
	sentence, begin := 0, 0
	for i := 0; i <= len(words); i++ {
		if i < len(words) && !words[i].end() {
			continue
		}
		if begin < i && opens(words[begin:i]) && !own(words[begin:i]) {
			out[sentence] = true
		}
		sentence++
		begin = i + 1
	}
	return out
}

// opens looks at the first words, past a greeting.
func opens(words []word) bool {
	a := askers()
	at := 0
	for at < len(words)-1 && at < 4 && a.polite.fits(&words[at]) {
		at++
	}
	for _, q := range a.openers {
		if match(q, words[at:]) >= 0 {
			return true
		}
	}
	last := words[len(words)-1].forms[0]
	for _, end := range [...]string{"musunuz", "misiniz", "musun", "misin"} { // Turkish asks at the end
		if last == end {
			return true
		}
	}
	return false
}

// own reports whether a sentence speaks of its writer or of theirs.
func own(words []word) bool {
	a := askers()
	for i, w := range words {
		for j := range a.mine {
			if a.mine[j].fits(&words[i]) {
				return true
			}
		}
		if s := w.forms[0]; len(s) >= 5 && (strings.HasSuffix(s, "im") || strings.HasSuffix(s, "um") || strings.HasSuffix(s, "imiz") || strings.HasSuffix(s, "umuz")) {
			return true // Turkish: mine, I am, I did
		}
	}
	return false
}

// askerBook is what questions begin with, taken apart.
type askerBook struct {
	polite  part
	openers [][]part
	mine    []part
}

var askers = sync.OnceValue(func() askerBook {
	a := askerBook{polite: ready([]part{polite})[0], mine: ready(mine[:])}
	for _, o := range openers {
		a.openers = append(a.openers, ready(o))
	}
	return a
})

func sequence(words ...string) []part {
	var out []part
	for _, w := range words {
		out = append(out, part{words: strings.Split(w, "|")})
	}
	return out
}

var polite = part{words: []string{"hi", "hello", "hey", "good", "morning", "and", "so", "but", "also", "please", "sorry", "merhaba*", "selam*", "iyi", "gunler", "pardon", "hallo", "guten", "tag", "und", "hola", "buenas", "buenos", "dias", "tardes", "y", "perdon",
	"bonjour", "salut", "et", "bonsoir", "مرحبا", "السلام", "عليكم", "لو", "سمحت", "من", "فضلك"}}

var openers = [...][]part{
	sequence("do|does|did", "you|your|the|they|any"), sequence("is|are", "there|your|the|these|those|any"), sequence("which"), sequence("what|whats", "is|are|s|size|colour|color|kind|time|the|does|do|age|material|payment"),
	sequence("how", "do|does|old|many|much|long|late|big|far|heavy|can|often|is|are"), sequence("where", "is|are|can|do"), sequence("when", "is|are|do|does|will"), sequence("who", "is|are|makes"), sequence("have", "you"), sequence("can", "you|one|people|the"),
	sequence("hangi"), sequence("kac"), sequence("nerede"), sequence("nasil"), sequence("ne", "zaman|kadar"), sequence("var", "mi"),
	sequence("gibt|gibts|habt|haben|verkauft|verkaufen|bietet|bieten|druckt|drucken|ist|sind|macht|machen|liefert|liefern", "es|ihr|sie|der|die|das|eure|euer|ihre"), sequence("welche*"), sequence("wie", "lange|viel|viele|alt|gross|schwer|hoch|ist|sind|funktioniert|geht|weit|oft|wird|verbinde"), sequence("wo", "ist|sind|finde|gibt|kann"), sequence("wann"), sequence("gibts|habts|kann", "man|ihr|es|bei"),
	sequence("tienen|teneis|venden|vendeis|hay|hacen|imprimen|ofrecen|aceptan|queda|quedan"), sequence("cual|cuales|cuanto|cuanta|cuantos|cuantas|cuando|donde|como"), sequence("que", "color|talla|tipo|dia|horario|precio|edad|material|incluye"),
	sequence("avez|vendez|faites|proposez|imprimez|acceptez|livrez", "vous"), sequence("quel|quelle|quels|quelles", "est|sont|age|taille|couleur|type"), sequence("combien"), sequence("quand"), sequence("comment"), sequence("est", "ce"), sequence("faut", "il"), sequence("y", "a"), sequence("il", "reste"), sequence("ou", "est|sont|se"),
	sequence("هل", "عندكم|لديكم|يوجد|تبيعون|توفرون|هناك|في|المنتج|تقدمون|تطبعون|السعر|يحتاج|يمكن"), sequence("عندكم|لديكم"), sequence("كم"), sequence("متي"), sequence("اين|وين|فين"), sequence("كيف"), sequence("ما", "هو|هي|سعر|نوع"),
}

var mine = [...]part{
	{words: []string{"my", "me", "im", "ive", "our", "us", "mine", "myself", "bana", "beni", "benim", "ben", "bize", "bizi", "oglum", "kizim", "ich", "mir", "mich", "mein*", "wir", "uns", "unser*"}},
	{words: []string{"mi", "mis", "yo", "nos", "nuestr*", "tengo", "soy", "estoy", "tomo", "je", "j", "moi", "mon", "ma", "mes", "nous", "notre", "nos"}},
	{words: []string{"انا", "عندي", "لدي", "ابني", "بنتي", "طفلي", "طلبي", "حسابي", "اموالي", "فلوسي", "بشرتي", "وجهي", "اعاني", "زوجتي", "زوجي", "امي", "ابي", "اتناول*", "اخذ", "بياناتي", "حجزي"}},
}
