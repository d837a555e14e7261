package topic

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryBookCanBeRead(t *testing.T) {
	t.Parallel()
	s := books()
	if s.err != nil {
		t.Fatal(s.err)
	}
	for lang, b := range s.by {
		if len(b.phrases) < 100 {
			t.Errorf("%s has %d phrases", lang, len(b.phrases))
		}
		for _, l := range b.labels {
			if !slices.Contains(Topics(), l.name) && !slices.Contains(Categories(), l.name) || l.class == "" {
				t.Errorf("%s: label %v", lang, l)
			}
		}
	}
}

// covers A-7.4-02
func TestTopicsThatNeedAPersonAreKnownInSixLanguages(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"I want my money back":                                   Refund,
		"You charged me twice for order 5512":                    Refund,
		"I'd like to return these shoes and get a refund please": Refund,
		"What is your return policy?":                            "",
		"Can I return a coat that is too small?":                 "",
		"How long does a refund usually take?":                   "",
		"Do you offer refunds?":                                  "",
		"This is the worst service I have ever had":              Complaint,
		"My parcel still hasn't arrived, it's been three weeks":  Complaint,
		"The vase arrived broken":                                Complaint,
		"What happens if the vase arrives broken?":               "",
		"How late are you open on Sunday?":                       "",
		"You will hear from my lawyer":                           Legal,
		"I will report you to the police":                        Legal,
		"Is there a tennis court nearby?":                        "",
		"I got a rash after using your cream":                    Health,
		"Is it safe during pregnancy?":                           Health,
		"Do you ship to the hospital street?":                    "",
		"What colours do you have?":                              "",
		"hola I want my money zurück bitte, hat nicht gepasst":   Refund,
		"I'm looking for a present for my mother":                "",
		"q1\nand q2": "", "q" + strings.Repeat(" word", 60): "", "xyzzy 42": "", "quanto costa la borsa?": "",
		"Paramı geri istiyorum":                                      Refund,
		"parami iade edin artik":                                     Refund,
		"İade koşullarınız nelerdir?":                                "",
		"İade süresi kaç gün?":                                       "",
		"Küçük gelen paltoyu iade edebilir miyim?":                   "",
		"Ürün kırık geldi, rezalet bir hizmet":                       Complaint,
		"Siparişim hala gelmedi":                                     Complaint,
		"Avukatım sizinle iletişime geçecek":                         Legal,
		"Tüketici hakem heyetine başvuracağım":                       Legal,
		"Krem yüzümde kaşıntı yaptı":                                 Health,
		"Hamileyim, bunu kullanabilir miyim?":                        Health,
		"Kargo ücreti ne kadar?":                                     "",
		"Ich will mein Geld zurück":                                  Refund,
		"Wie ist Ihre Rückgabefrist?":                                "",
		"Kann ich einen Mantel zurückgeben, der zu klein ist?":       "",
		"Das ist eine Frechheit, so ein schlechter Service":          Complaint,
		"Mein Paket ist immer noch nicht angekommen":                 Complaint,
		"Ich werde meinen Anwalt einschalten":                        Legal,
		"Nach der Creme habe ich Ausschlag bekommen":                 Health,
		"Was kostet der Versand nach Wien?":                          "",
		"Quiero que me devuelvan mi dinero":                          Refund,
		"¿Cuál es su política de devoluciones?":                      "",
		"Es una vergüenza, pésima atención":                          Complaint,
		"Voy a denunciarles ante consumo":                            Legal,
		"La crema me dio una reacción alérgica":                      Health,
		"¿Cuánto tarda el envío?":                                    "",
		"Je veux être remboursé":                                     Refund,
		"Quelle est votre politique de retour ?":                     "",
		"C'est inadmissible, le colis est arrivé cassé":              Complaint,
		"Je vais contacter mon avocat":                               Legal,
		"Avez-vous un toast à l'avocat ?":                            "",
		"J'ai des plaques rouges sur le visage depuis votre crème":   Health,
		"Quels sont vos horaires ?":                                  "",
		"أريد استرجاع أموالي":                                        Refund,
		"ما هي سياسة الاسترجاع؟":                                     "",
		"خدمة سيئة جدا":                                              Complaint,
		"سأرفع قضية ضدكم":                                            Legal,
		"ظهر عندي طفح جلدي بعد استخدام الكريم":                       Health,
		"كم سعر التوصيل؟":                                            "",
		"I really love the coat, thank you!":                         "",
		"I don't want a refund, just tell me when it will be here":   "",
		"What's your refund policy? I want a refund for my last bag": Refund,
	} {
		r := Read(s, "", Settings{})
		if want == "" && len(r.Topics) > 0 || want != "" && !slices.Contains(r.Topics, want) {
			t.Errorf("%q: %v %v, want %q", s, r.Topics, r.Scores, want)
		}
	}
}

// covers A-7.4-06
func TestWhoWantsAPersonOrNoMachineIsUnderstoodInSixLanguages(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Intent{
		"Can I talk to a person please?": WantsPerson, "I want to speak with a real human NOW": WantsPerson, "human": WantsPerson,
		"Bir insanla görüşmek istiyorum": WantsPerson, "Müşteri temsilcisine bağlanmak istiyorum": WantsPerson, "canlı desteğe bağlar mısınız": WantsPerson,
		"Kann ich mit einem Menschen sprechen?": WantsPerson, "Quiero hablar con una persona": WantsPerson, "أريد التحدث مع شخص حقيقي": WantsPerson,
		"Je voudrais parler à un conseiller": WantsPerson, "Puis-je parler à quelqu'un ?": WantsPerson, "un vrai humain svp": WantsPerson,
		"Please don't let a bot answer me": NoMachine, "stop the automated replies": NoMachine, "I do not want to talk to a bot": NoMachine,
		"Bot istemiyorum": NoMachine, "Otomatik cevap istemiyorum": NoMachine, "Ich möchte nicht von einem Bot beantwortet werden": NoMachine,
		"Keine automatischen Antworten bitte": NoMachine, "No quiero hablar con un bot": NoMachine, "Je ne veux pas parler à un robot": NoMachine,
		"لا أريد التحدث مع روبوت": NoMachine,
		"bonjour": Greets, "hello": Greets, "Merhaba, iyi günler": Greets, "hi, thanks": Greets, "merci beaucoup": Thanks, "vielen Dank": Thanks,
		"How many people fit into the tent?": NoIntent, "Yetkili servisiniz var mı?": NoIntent, "Do you sell robot vacuum cleaners?": NoIntent,
		"Do you ship to the agent's address?": NoIntent, "": NoIntent, "👍": NoIntent, "Hello, can I return a coat?": NoIntent,
	} {
		if got := IntentOf(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// covers A-6-01
func TestSpecialCategoriesAreNamedByClassAndNeverByText(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Mention{
		"I am diabetic, is this cake fine for me?":      {Health, "condition"},
		"My doctor told me to stop":                     {Health, "symptom"},
		"As a Muslim I need halal food":                 {"religion", "belief"},
		"Sendika üyesiyim, indirim var mı?":             {"union", "membership"},
		"Ich bin schwul und suche eine Karte":           {"sexual_life", "orientation"},
		"Tengo antecedentes penales":                    {"criminal", "record"},
		"Je suis noir et on m'a refusé l'entrée":        {"origin", "origin"},
		"Do you store my fingerprint?":                  {"biometric", "data"},
		"Is the DNA test kit in stock for my ancestry?": {"genetic", "data"},
	} {
		if r := Read(s, "", Settings{}); !slices.Contains(r.Special, want) {
			t.Errorf("%q: %v", s, r.Special)
		}
	}
}

func TestAWorkspaceAddsWordsAndTopics(t *testing.T) {
	t.Parallel()
	d, err := New(Settings{Own: []Own{{Topic: "wedding", Phrases: []string{"wedding*", "Düğün*"}}, {Topic: Refund, Phrases: []string{"store credit"}},
		{Topic: Complaint, Not: []string{"terrible twos"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]string{"Do you cater for weddings?": "wedding", "DÜĞÜNÜMÜZ var": "wedding", "I have store credit": Refund, "A book on the terrible twos": ""} {
		r := d.Read(s, "en")
		if want == "" && len(r.Topics) > 0 || want != "" && !slices.Contains(r.Topics, want) {
			t.Errorf("%q: %v, want %q", s, r.Topics, want)
		}
	}
	for _, bad := range []Settings{{Own: []Own{{Topic: ""}}}, {Own: []Own{{Topic: "x", Phrases: []string{"*"}}}}, {Own: []Own{{Topic: "x", Phrases: []string{".. a"}}}},
		{Own: []Own{{Topic: "x", Phrases: []string{strings.Repeat("a", 201)}}}}, {Own: make([]Own, 21)}} {
		if _, err := New(bad); err == nil {
			t.Errorf("%v passed", bad)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "I want my money back", "paramı geri", "\xff\xfe", "????", "don't", "n'", "n't", strings.Repeat("iade ", 2000), "وال"} {
		f.Add(s, "en")
	}
	f.Fuzz(func(t *testing.T, s, lang string) {
		Read(s, lang, Settings{Own: []Own{{Topic: "x", Phrases: []string{s}}}})
	})
}

func BenchmarkRead(b *testing.B) {
	d, _ := New(Settings{})
	for b.Loop() {
		d.Read("Hello, I ordered a blue coat two weeks ago (order 55123) and it still has not arrived, what can I do about it?", "en")
	}
}

func BenchmarkReadLong(b *testing.B) {
	d, _ := New(Settings{})
	s := strings.Repeat("want want want my money refund not the ", 200)
	for b.Loop() {
		d.Read(s, "en")
	}
}

// Names, sizes and small words look like anything to a model: they bring nobody
// and silence nothing.
func TestAFewWordsBringNobody(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"Same me", "See this", "no", "size M", "My order 123", "Photo", "menu please", "It is me again", "me again", "I am Pelin",
		"Beni hatırladınız mı", "mavi olan", "Konum", "das hier", "soy yo", "c'est moi", "line 3 of 100", "Kadıköy"} {
		if r := Read(s, "", Settings{}); r.Intent == WantsPerson || r.Intent == NoMachine || len(r.Topics)+len(r.Special) > 0 {
			t.Errorf("%q: %s %v %v", s, r.Intent, r.Topics, r.Special)
		}
	}
}
