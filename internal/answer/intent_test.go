package answer_test

import (
	"testing"

	"parley/internal/answer"
)

func TestPhrasesKnowAPersonIsWantedInFiveLanguages(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]answer.Intent{
		"Can I talk to a person please?":           answer.WantsPerson,
		"I want to speak with a real human NOW":    answer.WantsPerson,
		"human":                                    answer.WantsPerson,
		"Bir insanla görüşmek istiyorum":           answer.WantsPerson,
		"Müşteri temsilcisine bağlanmak istiyorum": answer.WantsPerson,
		"Canlı destek istiyorum":                   answer.WantsPerson,
		"canlı desteğe bağlar mısınız":             answer.WantsPerson,
		"Kann ich mit einem Menschen sprechen?":    answer.WantsPerson,
		"Quiero hablar con una persona":            answer.WantsPerson,
		"أريد التحدث مع شخص حقيقي":                 answer.WantsPerson,
		"How many people fit into the tent?":       answer.NoIntent,
		"Yetkili servisiniz var mı?":               answer.NoIntent,
		"Is this a personal shopper service?":      answer.NoIntent,
		"Do you ship to the agent's address?":      answer.NoIntent,
		"hello":                                    answer.Greets,
		"Merhaba, iyi günler":                      answer.Greets,
		"hi, thanks":                               answer.Greets,
		"Hello, can I return a coat?":              answer.NoIntent,
		"Thank you very much!":                     answer.Thanks,
		"çok teşekkür ederim":                      answer.Thanks,
		"vielen Dank":                              answer.Thanks,
		"شكرا جزيلا":                               answer.Thanks,
		"Thanks, and where is my order?":           answer.NoIntent,
		"":                                         answer.NoIntent,
		"👍":                                        answer.NoIntent,
	} {
		if got := (answer.Phrases{}).Intent(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
