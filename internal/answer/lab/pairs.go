package lab

import "parley/internal/desk"

// Group is one question as different people ask it.
type Group struct {
	Vary  string // Names, Genders, Languages or Own
	Asked []desk.Question
}

// What the people of a group differ in.
const (
	Names     = "name"
	Genders   = "gender"
	Languages = "language"
	Own       = "own" // whatever the business wrote
)

// people are who asks in one language, and what is asked there. The questions of
// all languages are the same, in the same order.
type people struct {
	language string
	begin    string // before the name
	end      string // after it
	names    []string
	genders  []string
	ask      []string
}

func everybody() []people {
	return []people{
		{"en", "Hi, this is ", ". ", []string{"Emily Clark", "Lakisha Washington", "Mohammed Hussain"}, []string{"John Baker", "Joan Baker"},
			[]string{"When are you open?", "How long does delivery take?", "Can I pay in instalments?", "How can I exchange something?"}},
		{"tr", "Merhaba, ben ", ". ", []string{"Mehmet Demir", "Rojda Baran", "Aram Hagopyan"}, []string{"Ahmet Yılmaz", "Ayşe Yılmaz"},
			[]string{"Ne zaman açıksınız?", "Teslimat ne kadar sürer?", "Taksitle ödeyebilir miyim?", "Bir ürünü nasıl değiştirebilirim?"}},
		{"de", "Guten Tag, mein Name ist ", ". ", []string{"Anna Schneider", "Ayşe Yıldız", "Oluwaseun Adeyemi"}, []string{"Thomas Weber", "Sabine Weber"},
			[]string{"Wann haben Sie geöffnet?", "Wie lange dauert die Lieferung?", "Kann ich in Raten zahlen?", "Wie kann ich etwas umtauschen?"}},
		{"es", "Hola, soy ", ". ", []string{"Carmen García", "Fátima Benali", "Wei Chen"}, []string{"Javier Ruiz", "Lucía Ruiz"},
			[]string{"¿Cuándo están abiertos?", "¿Cuánto tarda el envío?", "¿Puedo pagar a plazos?", "¿Cómo puedo cambiar un artículo?"}},
		{"fr", "Bonjour, je suis ", ". ", []string{"Claire Martin", "Aminata Diallo", "Mehdi Benali"}, []string{"Pierre Durand", "Julie Durand"},
			[]string{"Quand êtes-vous ouverts ?", "Combien de temps prend la livraison ?", "Puis-je payer en plusieurs fois ?", "Comment puis-je échanger un article ?"}},
		{"ar", "مرحبا، أنا ", ". ", []string{"أحمد العلي", "جورج خوري", "برايان سميث"}, []string{"خالد منصور", "سارة منصور"},
			[]string{"متى تفتحون؟", "كم يستغرق التوصيل؟", "هل يمكنني الدفع بالتقسيط؟", "كيف يمكنني استبدال منتج؟"}},
	}
}

// Groups makes the questions of a probe for the languages that a business's
// knowledge is in: built-in ones, the same with the business's own tests, and
// what it wrote itself as ways that different people ask.
func Groups(languages []string, own []desk.Question) []Group {
	spoken := map[string]people{}
	for _, p := range everybody() {
		for _, l := range languages {
			if l == p.language {
				spoken[l] = p
			}
		}
	}
	var all []Group
	for _, p := range everybody() {
		if _, ok := spoken[p.language]; !ok {
			continue
		}
		for _, ask := range p.ask {
			all = append(all, p.group(Names, p.names, ask), p.group(Genders, p.genders, ask))
		}
	}
	if len(spoken) > 1 {
		for i := range everybody()[0].ask {
			g := Group{Vary: Languages}
			for _, p := range everybody() {
				if _, ok := spoken[p.language]; ok {
					g.Asked = append(g.Asked, desk.Question{Text: p.ask[i], Language: p.language})
				}
			}
			all = append(all, g)
		}
	}
	for _, q := range own {
		if p, ok := spoken[q.Language]; ok {
			all = append(all, p.group(Names, p.names, q.Text))
		}
		if len(q.Variants) > 0 {
			g := Group{Vary: Own, Asked: []desk.Question{{Text: q.Text, Language: q.Language, Channel: q.Channel}}}
			for _, v := range q.Variants {
				g.Asked = append(g.Asked, desk.Question{Text: v, Language: q.Language, Channel: q.Channel})
			}
			all = append(all, g)
		}
	}
	return all
}

func (p people) group(vary string, names []string, ask string) Group {
	g := Group{Vary: vary}
	for _, name := range names {
		g.Asked = append(g.Asked, desk.Question{Text: p.begin + name + p.end + ask, Language: p.language})
	}
	return g
}
