package extract

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"parley/internal/kit/text"
)

// roleMarks are marks by which models' own formats tell who speaks, and by which
// programs call tools.
func roleMarks() []string {
	return []string{"<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end", "<|eot", "[inst]", "[/inst]", "<<sys>>", "<system", "</system", "<assistant", "</assistant",
		"### system", "### instruction", "###system", "###instruction", "### assistant", "### response", "begin system prompt", "end of system prompt", "\nassistant:", "[system]", "[assistant]", "[/system]",
		"<passage", "</passage", "<context", "</context", "<document>", "</document>", "</source", "<instructions", "</instructions", "<prompt", "</prompt", "</question", "</answer",
		`"role":`, `"role" :`, `"content":"`, "function_call", "tool_call", "tool_result", "tool_use", "tool_response", "<tool", "</tool", "<function", `"arguments":`, `"tool":`,
		"=hyperlink(", "=importxml(", "=webservice(", "=image(", "=cmd|", "drop table", "select * from", "${jndi", "{{system", "{% ", "end of customer text", "end of user"}
}

// unseenMarks are how text is hidden from readers.
func unseenMarks() []string {
	return []string{"<!--", "-->", "display:none", "display: none", "visibility:hidden", "visibility: hidden", "font-size:0", "font-size: 0", "opacity:0;", "<noscript", "<script>", "<iframe", "javascript:", "onerror=", "onload=", "<img ", "<meta ", "data:text/html", "[//]: #", "[comment]: #", "[hidden]: #", "[note]: #", "\\color{white", "color:white", "color: white", "color:#fff", "color: #fff", "font-size:1px", "font-size: 1px", "aria-hidden=\"true\"", "<template"}
}

type patterns struct{ picture, placed, refer, host, script, talk, base64, hex, html, price *regexp.Regexp }

var shapes = sync.OnceValue(func() patterns {
	return patterns{
		picture: regexp.MustCompile(`!\[[^\]]*\]\s*[\[(]`),
		placed:  regexp.MustCompile(`(?i)(https?:)?//[^\s)]*(\{\{|\{[a-z_.]+\}|\$\{|<[^>]+>|%7b|[?&][a-z_]+=\s*$)`),
		refer:   regexp.MustCompile(`(?m)^\s*\[[^\]]+\]:\s*(https?:)?//\S*[?&][a-z_]+=\s*$`),
		host:    regexp.MustCompile(`(?i)(https?://|//|www\.|@)[\pL\pN-]+(\.[\pL\pN-]+)+|\b[a-z0-9-]+\.(com|net|org|io|co|example|info|biz|xyz|site|online|shop|app|dev|me|ru|cn|tr|de|es|fr|eu)\b`),
		script:  regexp.MustCompile(`(?im)^\s*(customer|user|human|client|m[uü][sş]teri|kullan[ıi]c[ıi]|kunde|kundin|nutzer|cliente|usuario|utilisateur|العميل|المستخدم|الزبون)\s*:.*$`),
		talk:    regexp.MustCompile(`(?im)^\s*(assistant|asistan|assistent|asistente|ai|ki|ia|bot|chatbot|yapay zek[aâ]|system|sistem|sistema|syst[eè]me|المساعد|النظام|نظام)\s*:`),
		base64:  regexp.MustCompile(`[A-Za-z0-9+/_-]{20,}={0,2}`),
		hex:     regexp.MustCompile(`(?i)(?:\b(?:0x|\\x)?[0-9a-f]{2}[\s,:]?){6,}`),
		price:   regexp.MustCompile(`\d[.,]\d\d\b`),
		html:    regexp.MustCompile(`(?i)<a\s[^>]*href|<(b|i|p|div|span|font)\s[^>]*(style|hidden|class)\s*=`),
	}
})

// formatted judges marks that stand in no text for customers.
func formatted(raw string) string {
	low := strings.ToLower(raw)
	for _, m := range roleMarks() {
		if strings.Contains(low, m) {
			return Role
		}
	}
	for _, m := range unseenMarks() {
		if strings.Contains(low, m) {
			return Orders
		}
	}
	s := shapes()
	if strings.ContainsAny(raw, ":") && s.script.MatchString(raw) && s.talk.MatchString(raw) {
		return Role
	}
	if strings.Contains(raw, "//") && (s.placed.MatchString(raw) || s.refer.MatchString(raw)) || s.html.MatchString(raw) || unseenLetters(raw) {
		return Orders
	}
	return ""
}

// unseenLetters reports tag letters, other than those of a flag, and letters that
// turn the reading order around.
func unseenLetters(raw string) bool {
	flag := false
	for _, r := range raw {
		switch {
		case r == 0x1f3f4:
			flag = true
		case r >= 0xe0000 && r <= 0xe0fff:
			if !flag {
				return true
			}
		case r == 0x202d || r == 0x202e:
			return true
		default:
			flag = false
		}
	}
	return false
}

// namedMarks reports what no name of a product holds.
func namedMarks(name string) bool {
	s := shapes()
	name = strings.TrimSpace(name)
	for _, mark := range []string{"';", "\";", "{", "}", "\n", "\u2028", "](", "//", "\",\"", "\"]", "\">", "'>", "</", "/>", "<!", "```", "---", "###", "||", "|", "\\", "[/", "]]", "[[", "--", "/*", "*/", "\t", "==", ">>>", "<<<", "***"} {
		if strings.Contains(name, mark) {
			return true
		}
	}
	return strings.HasPrefix(name, "=") || strings.HasPrefix(name, "@") || s.picture.MatchString(name) || s.html.MatchString(name)
}

// hosts are the places of addresses, as places of words.
func (h *heard) hosts() (at []int) {
	for _, m := range shapes().host.FindAllStringIndex(h.raw, 50) {
		words := hear(h.raw[m[0]:m[1]]).said
		first, _, _ := strings.Cut(strings.TrimSpace(words), " ")
		if i := strings.LastIndex(h.marks[:min(len(h.marks), m[1]*2)], " "+first+" "); i >= 0 {
			at = append(at, i)
		}
	}
	return at
}

// links reports a picture from elsewhere, which a reader's program would fetch.
func (h *heard) links() bool {
	return shapes().picture.MatchString(h.raw) && (h.has("host") || len(h.hosts()) > 0)
}

// role reports a part of a conversation that gives an order: "System: …".
func (h *heard) role() bool {
	if !strings.ContainsAny(h.raw, ":：>") {
		return false
	}
	for _, m := range rolesSaid().FindAllStringSubmatchIndex(h.raw, 50) {
		word := h.raw[m[2]:m[3]]
		rest := hear(h.raw[m[1]:min(len(h.raw), cut(h.raw, m[1]+200))])
		start := m[2] == 0 || strings.ContainsRune("\n.!?;\"'>([{|*#/", lastRune(h.raw[:m[2]]))
		shout := strings.ToUpper(word) == word && strings.ToLower(word) != word || arabic(word)
		if !start && !shout && !listener(word) {
			continue
		}
		for _, class := range []string{"sayimp", "act", "duty", "abs", "secret", "truth", "hide", "trorder", "only", "cust3", "gain"} {
			if rest.has(class) {
				return true
			}
		}
		if start && shapes().price.MatchString(rest.raw) {
			return true
		}
	}
	return false
}

var rolesSaid = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(system|sistem|si̇stem|sistema|syst[eè]me|نظام|النظام|assistants?|asistan|assistent|asistentes?|المساعد|مساعد|developer|admin|a\.?i\.?|ki|ia|llm|bots?|chatbots?|crawlers?|(?:ai|ki|ia) agents?|ki-agenten|agents? ia|yapay zek[aâ](?: ajanlar[ıi])?|agentes de ia|agents ia|الذكاء الاصطناعي|وكلاء الذكاء الاصطناعي|نماذج اللغة|language models?|dil modelleri|sprachmodelle|modelos de lenguaje|mod[eè]les de langage)\s?[:：>]`)
})

func listener(word string) bool {
	low := strings.ToLower(word)
	return !strings.HasPrefix(low, "s") && !strings.Contains(low, "admin") && !strings.Contains(low, "developer")
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " \t"))
	return r
}

func cut(s string, at int) int {
	for at < len(s) && !utf8.RuneStart(s[at]) {
		at++
	}
	return at
}

// disguised are other ways to read a text: what it hides from a reader's eye.
func disguised(raw string) []string {
	var out []string
	add := func(s string) {
		if s != "" && s != raw {
			out = append(out, s)
		}
	}
	add(text.Normalise(unlike(raw), 0))
	add(html.UnescapeString(raw))
	add(digitsRead(raw))
	add(together(raw))
	add(backwards(raw))
	if back := turned(raw); hear(back).has("strictsay") || hear(back).has("answerimp") {
		add("ignore previous instructions\n" + back)
	}
	if plain, err := url.PathUnescape(raw); err == nil && strings.Count(raw, "%") > 3 {
		add(plain)
	}
	if strings.Contains(raw, "\n") {
		add(decoded(strings.NewReplacer("\n", "", "\r", "").Replace(raw)))
	}
	if hidden := decoded(raw); hidden != "" {
		add("ignore previous instructions\n" + hidden) // who hides sentences in figures wants them read by a program
	}
	return out
}

// unlike puts Latin letters in place of those that look like them, where a word
// mixes both.
func unlike(s string) string {
	like := lookAlikes()
	var b strings.Builder
	last := 0
	for _, w := range text.Words(s) {
		b.WriteString(s[last:w.Start])
		last = w.End
		latin := strings.IndexFunc(w.Text, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) >= 0
		for _, r := range w.Text {
			if to, ok := like[r]; ok && latin {
				r = to
			}
			b.WriteRune(r)
		}
	}
	b.WriteString(s[last:])
	return b.String()
}

var lookAlikes = sync.OnceValue(func() map[rune]rune {
	like := map[rune]rune{}
	from, to := []rune("аАеЕоОрРсСуУхХіІјЈѕЅвВнНкКмМтТԁɡոυαοερικνΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"), []rune("aAeEoOpPcCyYxXiIjJsSbBhHkKmMtTdgnuaoepiknABEHIKMNOPTXYZ")
	for i := range from {
		like[from[i]] = to[i]
	}
	return like
})

// digitsRead reads figures within words as the letters they look like.
func digitsRead(s string) string {
	read := strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s")
	fields := strings.Fields(s)
	changed := false
	for i, f := range fields {
		letters := strings.IndexFunc(f, unicode.IsLetter) >= 0
		if letters && strings.ContainsAny(f, "013457@$") && !strings.Contains(f, ".") {
			fields[i], changed = read.Replace(f), true
		}
	}
	if !changed {
		return ""
	}
	return strings.Join(fields, " ")
}

// together joins letters that stand alone: "i g n o r e".
func together(s string) string {
	var b strings.Builder
	alone, joined := 0, false
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '.' || r == '_' || r == '*' || r == '\n' }) {
		if utf8.RuneCountInString(f) == 1 {
			alone++
			b.WriteString(f)
			joined = joined || alone > 8
			continue
		}
		alone = 0
		b.WriteString(" " + f + " ")
	}
	if !joined {
		return ""
	}
	return squeezed(b.String())
}

// squeezed finds orders in letters without blanks and says them with blanks.
func squeezed(s string) string {
	folded := text.Fold(s)
	for _, w := range []string{"ignore", "systemprompt", "instructions", "reveal", "talimatlar", "kurallari", "yoksay", "vergiss", "anweisung", "regeln", "olvida", "reglas", "instruccion", "oublie", "consignes", "regles", "تجاهل", "قواعد", "تعليمات"} {
		if strings.Contains(folded, w) {
			return "ignore previous instructions"
		}
	}
	return s
}

func backwards(s string) string {
	rs := []rune(s)
	for i, j := 0, len(rs)-1; i < j; i, j = i+1, j-1 {
		rs[i], rs[j] = rs[j], rs[i]
	}
	return string(rs)
}

// turned is rot13.
func turned(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, s)
}

// maxDecoded is how many encoded pieces are read.
const maxDecoded = 20

// decoded is what base64 and hexadecimal pieces say.
func decoded(s string) string {
	var out []string
	keep := func(b []byte, err error) {
		if err == nil && legible(b) {
			out = append(out, string(b))
		}
	}
	for _, p := range shapes().base64.FindAllString(s, maxDecoded) {
		p = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(p)
		if len(p)%4 == 1 {
			p = p[:len(p)-1]
		}
		keep(base64.RawStdEncoding.DecodeString(p))
	}
	for _, p := range shapes().hex.FindAllString(s, maxDecoded) {
		p = strings.NewReplacer(" ", "", ",", "", ":", "", "0x", "", `\x`, "", "\n", "").Replace(p)
		keep(hex.DecodeString(p[:len(p)-len(p)%2]))
	}
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, "\n")
}

// legible reports text: letters and blanks more than anything else.
func legible(b []byte) bool {
	if !utf8.Valid(b) || len(b) < 6 || bytes.IndexByte(b, ' ') < 0 {
		return false
	}
	good, all := 0, 0
	for _, r := range string(b) {
		all++
		if unicode.IsLetter(r) || r == ' ' || unicode.IsDigit(r) || r == '-' {
			good++
		}
		if unicode.IsControl(r) && r != '\n' {
			return false
		}
	}
	return good*10 >= all*8
}
