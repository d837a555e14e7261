package api

import (
	"math/big"
	"slices"
	"strings"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/text"
)

// Extra is what a message carries beside text and files.
type Extra struct {
	What      string             `json:"what" doc:"The provider's word for a kind Parley does not know; else empty"`
	Location  opt[desk.Location] `json:"location"`
	Cards     []ContactCard      `json:"cards" nullable:"false"`
	Order     opt[Basket]        `json:"order"`
	Story     string             `json:"story" enum:",mention,reply" doc:"The business's story was mentioned in, or answered"`
	Links     []desk.Link        `json:"links" nullable:"false"`
	Referral  opt[desk.Referral] `json:"referral"`
	Form      opt[FilledForm]    `json:"form"`
	Forwarded bool               `json:"forwarded"`
	Fault     string             `json:"fault" doc:"Why the channel could not hand something over, in the reader's language"`
}

// ContactCard is somebody's details that a person shared.
type ContactCard struct {
	Name   string   `json:"name"`
	Org    string   `json:"org"`
	Phones []string `json:"phones" nullable:"false"`
	Emails []string `json:"emails" nullable:"false"`
	Own    bool     `json:"own" doc:"The person's own details, asked for by a button"`
}

// Basket is what a person ordered. Money is text as the channel gave it.
type Basket struct {
	Items    []BasketLine `json:"items" nullable:"false"`
	Total    string       `json:"total" doc:"The sum of all lines; empty unless every line has a price in one currency"`
	Currency string       `json:"currency" doc:"Of the total"`
}

// BasketLine is one product of a Basket.
type BasketLine struct {
	Product  string `json:"product"`
	Quantity int64  `json:"quantity"`
	Price    string `json:"price" doc:"Of one; empty when it was not told"`
	Currency string `json:"currency"`
}

// FilledForm is a form with its answers, in the order of their names.
type FilledForm struct {
	Name    string       `json:"name"`
	Answers []FormAnswer `json:"answers" nullable:"false"`
}

// FormAnswer is one field of a FilledForm.
type FormAnswer struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Reaction is what one side thinks of a message.
type Reaction struct {
	By    string `json:"by" enum:"contact,member,ai,system"`
	Emoji string `json:"emoji"`
	Name  string `json:"name" doc:"As the channel calls it, such as love"`
}

// Quote is the message that another one answers.
type Quote struct {
	ID         desk.ID `json:"id"`
	AuthorKind string  `json:"author_kind" enum:"contact,member,ai,system"`
	AuthorName string  `json:"author_name"`
	Text       string  `json:"text" doc:"Its beginning, or what stands for it; empty once it was deleted"`
}

// quote is the beginning of what a message answers; none where it is not here.
func (v *view) quote(id desk.ID) (opt[Quote], error) {
	if id == 0 {
		return opt[Quote]{}, nil
	}
	m, err := v.rx.Message(id)
	if desk.IsNotFound(err) {
		return opt[Quote]{}, nil
	}
	if err != nil {
		return opt[Quote]{}, err
	}
	q := Quote{ID: id, AuthorKind: string(m.Author.Kind), AuthorName: m.Author.Name, Text: text.Cut(string(m.Body), quoteLength)}
	if m.Author.Kind == desk.FromContact {
		who, err := v.person(m.Author.ID)
		if err != nil {
			return opt[Quote]{}, err
		}
		q.AuthorName = who.Name
	}
	if q.Text == "" && !m.Deleted {
		q.Text = channel.Readable(v.locale, m.Kind)
	}
	return some(q), nil
}

const quoteLength = 200 // bytes

func reactionsOf(m desk.Message) []Reaction {
	all := []Reaction{}
	for _, r := range m.Reactions {
		all = append(all, Reaction{string(r.By), r.Emoji, r.Name})
	}
	return all
}

// echoOf says where the business wrote a message that did not leave from here:
// on the owner's phone or in the provider's inbox, or by another program.
func echoOf(m desk.Message) string {
	switch {
	case m.Direction != desk.Out:
		return ""
	case m.Author.Kind == desk.FromMember && m.Author.ID == 0:
		return "elsewhere"
	case m.Author.Kind == desk.FromSystem && m.Author.Name != "":
		return "program"
	}
	return ""
}

func (v *view) extra(x *desk.Extra) opt[Extra] {
	if x == nil {
		return opt[Extra]{}
	}
	out := Extra{What: x.What, Cards: []ContactCard{}, Links: orEmpty(x.Links), Forwarded: x.Forwarded}
	if x.Location != nil {
		out.Location = some(*x.Location)
	}
	for _, c := range x.Cards {
		out.Cards = append(out.Cards, ContactCard{c.Name, c.Org, orEmpty(c.Phones), orEmpty(c.Emails), c.Own})
	}
	if x.Order != nil {
		out.Order = some(basketOf(*x.Order))
	}
	if x.Story != nil {
		if out.Story = "mention"; x.Story.Reply {
			out.Story = "reply"
		}
	}
	if x.Referral != nil {
		out.Referral = some(*x.Referral)
	}
	if x.Form != nil {
		out.Form = some(formOf(*x.Form))
	}
	if x.Fault != nil {
		out.Fault = channel.Words(v.locale, x.Fault.Reason)
	}
	return some(out)
}

func formOf(f desk.Form) FilledForm {
	out := FilledForm{Name: f.Name, Answers: []FormAnswer{}}
	for name, value := range f.Answers {
		out.Answers = append(out.Answers, FormAnswer{name, value})
	}
	slices.SortFunc(out.Answers, func(a, b FormAnswer) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func basketOf(o desk.Order) Basket {
	b := Basket{Items: []BasketLine{}}
	for _, i := range o.Items {
		b.Items = append(b.Items, BasketLine{i.Product, i.Quantity, i.Price, i.Currency})
	}
	b.Total, b.Currency = total(b.Items)
	return b
}

// total sums the lines exactly, with as many decimals as the prices have. It
// says nothing unless every line has a plain decimal price in one currency.
func total(lines []BasketLine) (sum, currency string) {
	all, places := new(big.Rat), 0
	for _, l := range lines {
		price, decimals, ok := decimal(l.Price)
		if !ok || l.Quantity < 1 || l.Currency == "" || currency != "" && l.Currency != currency {
			return "", ""
		}
		currency, places = l.Currency, max(places, decimals)
		all.Add(all, price.Mul(price, new(big.Rat).SetInt64(l.Quantity)))
	}
	if currency == "" {
		return "", ""
	}
	return all.FloatString(places), currency
}

// decimal reads digits with at most one point; nothing else is money.
func decimal(s string) (value *big.Rat, places int, ok bool) {
	whole, part, pointed := strings.Cut(s, ".")
	digits := func(s string) bool { return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == "" }
	if !digits(whole) || pointed && !digits(part) {
		return nil, 0, false
	}
	value, ok = new(big.Rat).SetString(s)
	return value, len(part), ok
}

// faultOf words why a message was not delivered in the reader's language.
func (v *view) faultOf(m desk.Message) opt[Fault] {
	if m.ErrorCode == "" {
		return opt[Fault]{}
	}
	words := channel.Words(v.locale, m.ErrorCode)
	if words == "" {
		words = m.ErrorText
	}
	return some(Fault{m.ErrorCode, words, mayHelp(m.ErrorCode)})
}

// mayHelp reports whether sending the same again can end otherwise: what is
// wrong with the text, the file or the person stays wrong.
func mayHelp(reason string) bool {
	switch reason {
	case "window_closed", "too_long", "too_many_choices", "too_many_files", "empty", "file_kind", "file_type", "file_too_large", "file_gone",
		"no_address", "no_such_person", "comment_closed", "type_unsupported", "duplicate", "country_blocked", "sent_to_self",
		"marketing_stopped", "phone_needed", "number_deleted", "experiment", "held_back":
		return false
	}
	return !strings.HasPrefix(reason, "template_")
}
