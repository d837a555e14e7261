package quote

import (
	"slices"
	"testing"

	"parley/internal/knowledge/index"
)

func TestQuestionsAboutOpeningHoursAreKnown(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]bool{
		"What are your opening hours?": true, "When are you open?": true, "are you open on sundays": true, "Is the Berlin store open today?": true,
		"When do you close?": true, "business hours": true, "Çalışma saatleriniz nedir?": true, "Saat kaçta açılıyorsunuz?": true,
		"Pazar günü açık mısınız?": true, "Kaçta kapanıyorsunuz?": true, "Wann haben Sie geöffnet?": true, "Öffnungszeiten": true,
		"¿Cuál es el horario?": true, "ما هي ساعات العمل؟": true,
		"How do I open an account?": false, "Can you open my parcel?": false, "What time will my parcel arrive?": false, "How many hours does it take?": false,
		"Can I cancel my order within two hours?": false, "Kargom saat kaçta gelir?": false, "Paketi açtım, iade edebilir miyim?": false, "": false,
	} {
		if AsksOpening(question) != want {
			t.Errorf("%q: %v", question, !want)
		}
	}
}

func TestOpeningHoursAreToldFromOtherNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Open Monday to Saturday from 10:00 to 19:00.": true, "Her gün 10.00–21.00 arası açığız.": true, "Monday to Saturday, 10 to 19.": true,
		"We open at 9am and close at 5 pm.": true, "Montag bis Freitag 9–18 Uhr": true, "Open 24/7.": true, "All stores close at 14:00.": true,
		"Order before 14:00 and we send it today.": false, "Shipping costs 4.90 EUR, express 10.00 EUR or 12.30 EUR.": false,
		"Ücret 10.00 TL ile 12.30 TL arasıdır.": false, "It takes 3 to 5 working days.": false, "The coat is open at the front.": false,
		"It arrives within 24 hours.": false, "": false,
	} {
		if holdsHours(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// Several passages may answer; none of those that only share words is offered.
func TestAQuestionAboutOpeningHoursOffersThePassagesThatHoldThem(t *testing.T) {
	t.Parallel()
	texts := []string{
		"You can track your parcel within 24 hours after it was sent; your carrier tells you the opening of the parcel.",
		"Northwind Berlin, Kastanienallee 42. Open Monday to Saturday from 10:00 to 19:00, closed on Sundays.",
		"Northwind Vienna, Neubaugasse 31. Open Monday to Friday from 10:00 to 18:30.",
		"What are your wishes? Our gift cards are valid for your whole family, 3 years.",
	}
	headings := []string{"Tracking", "Berlin store", "Vienna store", "Gift cards"}
	x := index.New(index.DefaultWeights())
	for i, s := range texts {
		x.Add(index.Document{ID: int64(i), Language: "en", Title: headings[i], Body: s})
	}
	judge := func(question string) (labels []string, v Verdict) {
		q := x.Query(question, "en")
		var found, list []Candidate
		for _, h := range x.Search(q, 10) {
			found = append(found, Candidate{Hit: h, Language: "en", Heading: headings[h.ID], Text: texts[h.ID]})
		}
		for _, i := range Fitting(question, found) {
			list = append(list, found[i])
		}
		v = Judge(q, question, list, DefaultLimits())
		for _, s := range v.Suggestions {
			labels = append(labels, s.Label)
		}
		slices.Sort(labels)
		return labels, v
	}
	if labels, v := judge("What are your opening hours?"); v.Decision != DidYouMean || !slices.Equal(labels, []string{"Berlin store", "Vienna store"}) {
		t.Errorf("%s %v", v.Decision, labels)
	}
	if _, v := judge("When is the Vienna store open?"); v.Decision != Answer || v.Answer != texts[2] {
		t.Errorf("%s %q", v.Decision, v.Answer)
	}
	x.Remove(0)
	x.Replace(nil, []index.Document{{ID: 1, Language: "en", Body: "gone"}, {ID: 2, Language: "en", Body: "gone"}})
	texts[1], texts[2] = "gone", "gone"
	if _, v := judge("What are your opening hours?"); v.Decision == Answer {
		t.Errorf("answers %q without any hours", v.Answer)
	}
}
