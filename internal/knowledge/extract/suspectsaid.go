package extract

import (
	"strings"
	"sync"
)

// phrase is a verb with what it is said of; both are beginnings of folded words.
type phrase struct {
	why            string
	verbs, objects []string
}

func phrases() []phrase {
	rules := []string{"previous instruct", "prior instruct", "above instruct", "earlier instruct", "all instruct", "all previous", "your instruct", "your rules", "system prompt", "your guideline", "these instructions and", "previous prompt", "all rules", "safety rule", "other instruct", "any instruct", "any other instruct", "the above", "earlier text", "prior text", "came before", "what you were told",
		"onceki talimat", "onceki komut", "tum talimat", "butun talimat", "yukaridaki talimat", "talimatlarini", "kurallarini", "sistem komut", "sistem istem", "tum kurallar", "butun kurallar", "diger talimat", "baska talimat", "yukaridakiler", "oncekileri", "verilen talimat",
		"vorherige anweisung", "vorherigen anweisung", "bisherigen anweisung", "alle anweisung", "deine anweisung", "obigen anweisung", "deine regeln", "alle regeln", "andere anweisung", "anderen anweisung", "sonstige anweisung", "das obige", "alles bisherige", "alles vorherige", "systemprompt", "system prompt",
		"instrucciones anteriores", "instrucciones previas", "todas las instrucciones", "tus instrucciones", "tus reglas", "todas las reglas", "otras instrucciones", "demas instrucciones", "cualquier instruccion", "cualquier otra instruccion", "instrucciones recibidas", "lo anterior", "lo dicho", "prompt del sistema",
		"instructions precedentes", "consignes precedentes", "toutes les instructions", "toutes les consignes", "tes instructions", "vos instructions", "instructions ci dessus", "prompt systeme", "toutes les regles", "autres instructions", "autres consignes", "toute instruction", "toute consigne", "toute autre consigne", "ce qui precede", "instructions recues", "consignes recues",
		"التعليمات السابقه", "التعليمات السابقة", "جميع التعليمات", "كل التعليمات", "تعليماتك", "جميع القواعد", "التعليمات الاخري", "اي تعليمات", "ما سبق", "القواعد الاخري", "الاوامر السابقه", "الأوامر السابقة", "الاوامر السابقة"}
	return []phrase{
		{Orders, []string{"ignore", "disregard", "forget", "override", "bypass", "do not follow", "stop following",
			"yok say ", "yok sayin", "gormezden gel ", "gormezden gelin", "unut ", "unutun", "dikkate alma ", "dikkate almayin", "goz ardi et ", "goz ardi edin", "bos ver ", "uyma ", "uymayin",
			"ignorier", "vergiss", "missachte", "beachte nicht", "uberschreib", "umgeh",
			"ignora", "olvida", "olvide", "haga caso omiso", "no haga caso", "descarte", "prescind", "descarta", "haz caso omiso", "pasa por alto", "no sigas",
			"oublie", "ignorez", "ne suivez pas", "ne suis pas", "oubliez", "ne tiens pas compte", "ne tenez pas compte", "faites abstraction", "contourne",
			"تجاهل", "انس", "انسى", "تخط", "لا تتبع"}, rules},
		{Leak, []string{"reveal", "print", "show me", "repeat", "output", "disclose", "goster", "yazdir", "acikla", "tekrarla", "zeig", "gib", "verrate", "wiederhol",
			"muestra", "revela", "repite", "imprime", "montre", "affiche", "revele", "repete", "اعرض", "اظهر", "أظهر", "اكشف", "كرر", "اطبع"},
			[]string{"system prompt", "your instruct", "your prompt", "hidden instruct", "initial prompt", "sistem istem", "sistem komut", "sistem talimat", "gizli talimat", "systemprompt", "deine anweisung",
				"prompt del sistema", "tus instrucciones", "prompt systeme", "tes instructions", "vos instructions", "تعليمات النظام", "تعليماتك", "موجه النظام"}},
	}
}

// sayings are whole phrases that no customer is told.
func sayings() []string {
	return []string{"from now on you must", "act as if you have no",
		"as an ai language model you must", "as an ai model you", "attention ai", "note to ai", "note to the ai", "instructions for the ai", "instruction to the assistant", "instructions to the assistant", "ai assistant must", "dear ai", "if you are an ai", "if you are a language model", "when the customer asks you must", "developer mode", "jailbreak", "do not tell the user", "do not tell the customer", "tell the customer that everything is free",
		"yapay zeka asistani olarak sen", "yapay zekaya not", "yapay zeka icin talimat", "asistana talimat", "asistan icin talimat", "eger bir yapay zekaysan", "bir dil modeliysen", "gelistirici modu", "kullaniciya soyleme", "musteriye soyleme",
		"anweisung an die ki", "anweisungen fur die ki", "hinweis an die ki", "wenn du eine ki bist", "entwicklermodus", "sag dem kunden nicht", "sage dem kunden nicht",
		"instrucciones para la ia", "nota para la ia", "si eres una ia", "modo desarrollador", "no le digas al cliente", "no le digas al usuario",
		"instructions pour l ia", "note a l ia", "si tu es une ia", "si vous etes une ia", "mode developpeur", "ne dis pas au client", "ne dites pas au client",
		"تعليمات للذكاء الاصطناعي", "ملاحظه للذكاء", "ملاحظة للذكاء", "اذا كنت ذكاء اصطناعي", "إذا كنت ذكاء", "وضع المطور", "لا تخبر العميل", "لا تخبر المستخدم"}
}

// foldedSayings are sayings as they are compared.
var foldedSayings = sync.OnceValue(func() (all []string) {
	for _, s := range sayings() {
		all = append(all, strings.TrimSuffix(plain(s), " "))
	}
	return all
})
