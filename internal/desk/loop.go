package desk

import (
	"strings"
	"time"
	"unicode"
)

// How another program gives itself away. People repeat themselves once, and
// answer quickly with a word; programs do it again and again, with sentences.
const (
	loopLook    = 12 // newest messages that are looked at
	loopRepeats = 3  // texts of one meaning
	loopQuick   = 3  // whole sentences written at once
	loopNotices = 2  // texts that call themselves automatic
	quickReply  = 2 * time.Second
	quickLength = 25  // letters nobody types within quickReply
	shortText   = 12  // letters: below, people repeat themselves ("hello?")
	maxLoopText = 600 // bytes of a text that are compared
)

// Automatic looks at the newest messages of a conversation, oldest first, and
// tells whether the other side is a program: "repeats", "too_quick",
// "auto_reply", or "" for a person. Only what was said since the AI's engagement
// began should be handed over.
func Automatic(messages []Message) string {
	if len(messages) > loopLook {
		messages = messages[len(messages)-loopLook:]
	}
	var said []string
	var quick, notices, best int
	var ours time.Time
	for _, m := range messages {
		switch {
		case m.Direction == Out && m.Author.Kind != FromMember:
			ours = m.At
			if !m.SentAt.IsZero() {
				ours = m.SentAt
			}
		case m.Direction == Out:
			ours = time.Time{}
		case m.Direction == In && !m.Deleted && len(m.Buttons) == 0 && m.Body != "":
			flat := flatten(string(m.Body))
			if after := m.At.Sub(ours); !ours.IsZero() && after >= 0 && after <= quickReply && len([]rune(flat)) >= quickLength {
				quick++
			}
			ours = time.Time{}
			if namesItself(flat) {
				notices++
			}
			if len([]rune(flat)) >= shortText {
				best = max(best, alike(said, flat)+1)
				said = append(said, flat)
			}
		}
	}
	switch {
	case notices >= loopNotices:
		return "auto_reply"
	case best >= loopRepeats:
		return "repeats"
	case quick >= loopQuick:
		return "too_quick"
	}
	return ""
}

// flatten leaves lower-case letters and single blanks, so that a counter, a
// date or an emoji does not make two notices differ.
func flatten(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), maxLoopText)], "")
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) })
	return strings.Join(words, " ")
}

// alike counts the texts said before that share nearly all words with this one.
func alike(said []string, s string) int {
	n := 0
	for _, other := range said {
		if other == s || shared(other, s) >= 0.85 {
			n++
		}
	}
	return n
}

// shared is the part of all words of two texts that both have.
func shared(a, b string) float64 {
	in := map[string]int{}
	for _, w := range strings.Fields(a) {
		in[w] |= 1
	}
	for _, w := range strings.Fields(b) {
		in[w] |= 2
	}
	both := 0
	for _, v := range in {
		if v == 3 {
			both++
		}
	}
	if len(in) == 0 {
		return 0
	}
	return float64(both) / float64(len(in))
}

// namesItself knows the sentences of automatic replies.
func namesItself(flat string) bool {
	for _, phrase := range automaticPhrases {
		if strings.Contains(flat, phrase) {
			return true
		}
	}
	return false
}

var automaticPhrases = [...]string{
	"this is an automated", "this is an automatic", "automatic reply", "automated response", "automated message", "auto reply", "autoreply",
	"do not reply to this", "out of office", "out of the office", "i am a virtual assistant", "i m a virtual assistant", "i am a chatbot",
	"we have received your message and will", "thank you for contacting us we will get back", "thanks for contacting us we will get back",
	"thank you for your message we will get back",
	"otomatik yanıt", "otomatik cevap", "otomatik mesaj", "otomatik bir mesaj", "mesajınız alınmıştır", "mesajınızı aldık en kısa sürede", "sanal asistan",
	"automatische antwort", "automatische nachricht", "automatisch generierte", "abwesenheitsnotiz", "ich bin ein chatbot", "virtueller assistent",
	"respuesta automática", "mensaje automático", "fuera de la oficina", "asistente virtual", "hemos recibido su mensaje", "hemos recibido tu mensaje",
	"réponse automatique", "message automatique", "absent du bureau", "assistant virtuel", "nous avons bien reçu votre message",
	"رد تلقائي", "رسالة تلقائية", "رسالة آلية", "رد آلي", "مساعد افتراضي", "تم استلام رسالتك",
}
