package text

// StopWord reports a function word of a language; folded is the word after Fold.
func StopWord(lang, folded string) bool { return stopWord(lang, folded) }

// stopWord knows the function words of each language in folded form. They tell
// languages apart in text too short for statistics.
func stopWord(lang, folded string) bool {
	switch lang {
	case "en":
		switch folded {
		case "the", "a", "an", "and", "or", "of", "to", "in", "is", "are", "was", "were", "be", "been",
			"do", "does", "did", "can", "could", "will", "would", "should", "i", "you", "he", "she", "it",
			"we", "they", "my", "your", "our", "their", "this", "that", "these", "those", "what", "when",
			"where", "which", "who", "how", "why", "not", "no", "yes", "for", "with", "from", "at", "by",
			"on", "if", "have", "has", "had", "there", "me", "am", "any", "about", "please", "thanks",
			"hello", "hi", "want", "need", "much", "many", "dont", "cant", "im", "whats", "get", "got":
			return true
		}
	case "tr":
		switch folded {
		case "bir", "ve", "ile", "icin", "bu", "su", "o", "ne", "nasil", "nerede", "nereye", "nereden",
			"neden", "niye", "kim", "hangi", "kac", "mi", "mu", "miyim", "misiniz", "musunuz", "var",
			"yok", "degil", "evet", "hayir", "ben", "sen", "biz", "siz", "onlar", "benim", "sizin",
			"bana", "beni", "cok", "daha", "en", "gibi", "kadar", "sonra", "once", "ama", "fakat",
			"veya", "ya", "da", "de", "ki", "merhaba", "selam", "tesekkurler", "tesekkur", "lutfen",
			"olarak", "olan", "olur", "oldu", "istiyorum", "istiyoruz", "isterim", "zaman", "simdi",
			"ise", "her", "hic", "acaba", "tamam", "abi", "iyi", "gun", "gunler", "kolay", "gelsin",
			"nedir", "midir", "mudur", "ederim", "eder", "nasilsiniz":
			return true
		}
	case "de":
		switch folded {
		case "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "und",
			"oder", "ist", "sind", "war", "waren", "ich", "du", "er", "sie", "es", "wir", "ihr", "mein",
			"meine", "meinen", "ihre", "ihren", "nicht", "kein", "keine", "mit", "von", "zu", "zum",
			"zur", "fur", "auf", "im", "in", "an", "am", "bei", "aus", "nach", "wie", "was", "wann", "wo",
			"wer", "warum", "welche", "kann", "konnen", "muss", "haben", "habe", "hat", "hallo", "danke",
			"bitte", "wenn", "wird", "werden", "auch", "noch", "nur", "sich", "dass", "gibt", "uber",
			"mir", "mich", "guten", "tag", "viel", "sehr", "ja", "nein":
			return true
		}
	case "es":
		switch folded {
		case "el", "la", "los", "las", "un", "una", "unos", "unas", "y", "o", "es", "son", "era", "fue",
			"ser", "estar", "esta", "estan", "yo", "tu", "usted", "ustedes", "nosotros", "mi", "mis",
			"su", "sus", "no", "si", "con", "de", "del", "al", "en", "por", "para", "que", "como",
			"cuando", "donde", "quien", "cual", "cuanto", "cuanta", "cuesta", "hay", "tengo", "tiene",
			"tienen", "puedo", "pueden", "quiero", "hola", "gracias", "favor", "buenos", "dias", "buenas",
			"muy", "mas", "pero", "se", "me", "lo", "le", "este", "eso", "esa", "ya":
			return true
		}
	case "fr":
		switch folded {
		case "le", "la", "les", "un", "une", "des", "et", "ou", "est", "sont", "je", "tu", "il", "elle",
			"nous", "vous", "ils", "mon", "ma", "mes", "votre", "vos", "notre", "ne", "pas", "avec", "de",
			"du", "au", "aux", "en", "pour", "par", "que", "qui", "quoi", "comment", "quand", "combien",
			"bonjour", "merci", "peut", "puis", "avez", "avoir", "ai", "ce", "cette", "ces", "dans",
			"sur", "si", "plus", "tres", "oui", "non":
			return true
		}
	case "it":
		switch folded {
		case "il", "lo", "la", "gli", "le", "un", "una", "e", "o", "di", "del", "della", "che", "chi",
			"come", "quando", "dove", "quanto", "sono", "siete", "ho", "ha", "hanno", "mio", "mia",
			"vostro", "non", "con", "per", "su", "da", "dal", "nel", "nella", "si", "ciao", "grazie",
			"prego", "posso", "vorrei", "questo", "questa", "molto", "piu", "buongiorno", "anche":
			return true
		}
	case "nl":
		switch folded {
		case "de", "het", "een", "en", "of", "van", "is", "zijn", "ik", "jij", "je", "u", "hij", "zij",
			"wij", "we", "mijn", "uw", "niet", "geen", "met", "voor", "naar", "op", "aan", "bij", "uit",
			"hoe", "wat", "wanneer", "waar", "wie", "welke", "kan", "kunnen", "heb", "heeft", "hallo",
			"dank", "bedankt", "alsjeblieft", "dit", "dat", "deze", "ook", "nog", "maar", "om", "er":
			return true
		}
	case "pt":
		switch folded {
		case "o", "a", "os", "as", "um", "uma", "e", "ou", "de", "do", "da", "dos", "das", "que", "quem",
			"como", "quando", "onde", "quanto", "eu", "voce", "voces", "nos", "meu", "minha", "seu",
			"sua", "nao", "sim", "com", "por", "para", "em", "no", "na", "se", "tem", "tenho", "posso",
			"quero", "ola", "obrigado", "obrigada", "bom", "dia", "muito", "mais", "mas", "isso", "este",
			"esta", "ser", "sao":
			return true
		}
	}
	return false
}
