package knowledge

import (
	"context"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// sayRow puts the row of a price list into a sentence in the reader's language:
// what an answer says of it is the row's own figures, as they are written. The
// quote beneath stays the row itself. A language that we have no words in keeps
// the row.
func (k *Knowledge) sayRow(ctx context.Context, ws desk.ID, r *Result) error {
	if r.Decision != desk.DecideAnswer || len(r.Sources) == 0 {
		return nil
	}
	lang := r.Language
	if len(r.Passages) > 0 && !i18n.Known(lang) {
		lang = r.Passages[0].Language
	}
	if !i18n.Known(lang) {
		return nil
	}
	var item store.Item
	err := k.DB.In(ws).Read(ctx, func(rx *store.Rx) (err error) { item, err = rx.Item(r.Sources[0].PassageID); return err })
	if desk.IsNotFound(err) || err == nil && item.Price == "" {
		return nil
	}
	r.Text = rowText(item, lang)
	return err
}

// rowText is the sentence: name, variant, price with its currency, stock, link.
func rowText(i store.Item, lang string) string {
	name, price := i.Name, i.Price
	if i.Variant != "" {
		name += ", " + i.Variant
	}
	if currency(price) == "" && i.Currency != "" {
		price += " " + strings.NewReplacer("TRY", "TL").Replace(i.Currency)
	}
	said := []string{i18n.T(lang, "catalogue.price", map[string]string{"name": name, "price": price})}
	switch {
	case i.Count == 0:
		said = append(said, i18n.T(lang, "catalogue.gone", nil))
	case i.Count > 0:
		said = append(said, i18n.T(lang, "catalogue.there", nil))
	}
	if i.Link != "" {
		said = append(said, i.Link)
	}
	return strings.Join(said, " ")
}
