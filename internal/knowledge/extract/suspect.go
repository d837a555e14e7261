package extract

import (
	"strings"

	"parley/internal/kit/text"
)

// Why a passage is held back for review.
const (
	Orders = "instructions" // it tells a model what to do instead of telling a customer something
	Role   = "role"         // it plays a part of the conversation: system, assistant
	Leak   = "prompt"       // it asks for what the model was told
)

// Suspect says why a text looks as if it spoke to a language model and not to a
// customer; "" = it does not. It judges words alone, in English, Turkish, German,
// Spanish, French and Arabic, whatever their case, accents and spacing.
func Suspect(parts ...string) string {
	folded := plain(strings.Join(parts, "\n"))
	for _, m := range roleMarks() {
		if strings.Contains(strings.ToLower(strings.Join(parts, "\n")), m) {
			return Role
		}
	}
	for _, p := range phrases() {
		for _, verb := range p.verbs {
			if near(folded, verb, p.objects) {
				return p.why
			}
		}
	}
	for _, said := range sayings() {
		if strings.Contains(folded, plain(said)) {
			return Orders
		}
	}
	return ""
}

// plain is a text as it is compared: folded words with one blank between, and
// one at each end.
func plain(s string) string { return " " + plainWords(s) + " " }

func plainWords(s string) string {
	var words []string
	for _, w := range text.Words(s) {
		words = append(words, text.Fold(s[w.Start:w.End]))
	}
	return strings.Join(words, " ")
}

// reach is how many bytes after (or before) its verb an object counts.
const reach = 60

// near reports a word that begins like verb with a word that begins like one of
// objects close to it.
func near(s, verb string, objects []string) bool {
	verb = " " + verb
	for from := 0; ; {
		i := strings.Index(s[from:], verb)
		if i < 0 {
			return false
		}
		at := from + i
		around := s[max(0, at-reach):min(len(s), at+len(verb)+reach)]
		for _, o := range objects {
			if strings.Contains(around, " "+o) {
				return true
			}
		}
		from = at + len(verb)
	}
}

// roleMarks are marks by which models' own formats tell who speaks.
func roleMarks() []string {
	return []string{"<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "[inst]", "[/inst]", "<<sys>>", "<system>", "</system>",
		"### system", "### instruction", "###system", "begin system prompt", "end of system prompt", "\nassistant:", "[system]", "[assistant]"}
}

// phrase is a verb with what it is said of; both are beginnings of folded words.
type phrase struct {
	why            string
	verbs, objects []string
}

func phrases() []phrase {
	rules := []string{"previous instruct", "prior instruct", "above instruct", "earlier instruct", "all instruct", "all previous", "your instruct", "your rules", "system prompt", "your guideline", "these instructions and", "previous prompt", "all rules", "safety rule",
		"onceki talimat", "onceki komut", "tum talimat", "butun talimat", "yukaridaki talimat", "talimatlarini", "kurallarini", "sistem komut", "sistem istem", "tum kurallar", "butun kurallar",
		"vorherige anweisung", "vorherigen anweisung", "bisherigen anweisung", "alle anweisung", "deine anweisung", "obigen anweisung", "deine regeln", "alle regeln", "systemprompt", "system prompt",
		"instrucciones anteriores", "instrucciones previas", "todas las instrucciones", "tus instrucciones", "tus reglas", "todas las reglas", "prompt del sistema",
		"instructions precedentes", "consignes precedentes", "toutes les instructions", "toutes les consignes", "tes instructions", "vos instructions", "instructions ci dessus", "prompt systeme", "toutes les regles",
		"التعليمات السابقه", "التعليمات السابقة", "جميع التعليمات", "كل التعليمات", "تعليماتك", "جميع القواعد", "الاوامر السابقه", "الأوامر السابقة", "الاوامر السابقة"}
	return []phrase{
		{Orders, []string{"ignore", "disregard", "forget", "override", "bypass", "do not follow", "stop following",
			"yok say ", "yok sayin", "gormezden gel ", "gormezden gelin", "unut ", "unutun", "dikkate alma ", "dikkate almayin", "goz ardi et ", "goz ardi edin", "bos ver ", "uyma ", "uymayin",
			"ignorier", "vergiss", "missachte", "beachte nicht", "uberschreib", "umgeh",
			"ignora", "olvida", "descarta", "haz caso omiso", "pasa por alto", "no sigas",
			"oublie", "ignorez", "oubliez", "ne tiens pas compte", "ne tenez pas compte", "faites abstraction", "contourne",
			"تجاهل", "انس", "انسى", "تخط", "لا تتبع"}, rules},
		{Leak, []string{"reveal", "print", "show me", "repeat", "output", "disclose", "goster", "yazdir", "acikla", "tekrarla", "zeig", "gib", "verrate", "wiederhol",
			"muestra", "revela", "repite", "imprime", "montre", "affiche", "revele", "repete", "اعرض", "اظهر", "أظهر", "اكشف", "كرر", "اطبع"},
			[]string{"system prompt", "your instruct", "your prompt", "hidden instruct", "initial prompt", "sistem istem", "sistem komut", "sistem talimat", "gizli talimat", "systemprompt", "deine anweisung",
				"prompt del sistema", "tus instrucciones", "prompt systeme", "tes instructions", "vos instructions", "تعليمات النظام", "تعليماتك", "موجه النظام"}},
	}
}

// sayings are whole phrases that no customer is told.
func sayings() []string {
	return []string{"you are now a", "you are now in", "you are now dan", "from now on you are", "from now on you will", "from now on you must", "act as if you have no", "pretend you are", "pretend to be a",
		"as an ai language model you must", "as an ai model you", "attention ai", "note to ai", "note to the ai", "instructions for the ai", "instruction to the assistant", "instructions to the assistant", "ai assistant must", "dear ai", "if you are an ai", "if you are a language model", "when the customer asks you must", "developer mode", "jailbreak", "do not tell the user", "do not tell the customer", "tell the customer that everything is free",
		"bundan sonra sen", "artik sen bir", "yapay zeka asistani olarak sen", "yapay zekaya not", "yapay zeka icin talimat", "asistana talimat", "asistan icin talimat", "eger bir yapay zekaysan", "bir dil modeliysen", "gelistirici modu", "kullaniciya soyleme", "musteriye soyleme",
		"du bist jetzt ein", "ab jetzt bist du", "ab sofort bist du", "anweisung an die ki", "anweisungen fur die ki", "hinweis an die ki", "wenn du eine ki bist", "entwicklermodus", "sag dem kunden nicht", "sage dem kunden nicht",
		"ahora eres un", "a partir de ahora eres", "desde ahora eres", "instrucciones para la ia", "nota para la ia", "si eres una ia", "modo desarrollador", "no le digas al cliente", "no le digas al usuario",
		"tu es maintenant un", "vous etes maintenant un", "a partir de maintenant tu", "instructions pour l ia", "note a l ia", "si tu es une ia", "si vous etes une ia", "mode developpeur", "ne dis pas au client", "ne dites pas au client",
		"انت الان", "أنت الآن", "من الان فصاعدا انت", "من الآن فصاعدا", "تعليمات للذكاء الاصطناعي", "ملاحظه للذكاء", "ملاحظة للذكاء", "اذا كنت ذكاء اصطناعي", "إذا كنت ذكاء", "وضع المطور", "لا تخبر العميل", "لا تخبر المستخدم"}
}
