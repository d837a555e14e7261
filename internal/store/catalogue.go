package store

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// Edit is one version of a passage's text.
type Edit struct {
	Version int
	Act     PassageAct
	Text    string     // from then on; "" = as it was read
	By      desk.Actor // Kind "" where it was not kept
	At      time.Time
}

// PassageAct is what somebody did to a passage.
type PassageAct string

// What is done to passages.
const (
	PassageEdited   PassageAct = "edited"
	PassageRestored PassageAct = "restored" // to the text that was read
	PassageHidden   PassageAct = "hidden"
	PassageShown    PassageAct = "shown"
	PassageApproved PassageAct = "approved" // although it was held back
	PassageHeld     PassageAct = "held"     // held back again
)

// Item is a row of a price list.
type Item struct {
	ItemFacts
	Amount   int64  // price in hundredths; -1 = none
	Currency string // three letters; "" where it cannot be told
	Count    int64  // of stock; -1 where it cannot be told; 1 and 0 for yes and no
}

// ItemFacts is what a row says, as it is written.
type ItemFacts struct {
	Name    string `json:"n"`
	Variant string `json:"v,omitempty"`
	SKU     string `json:"s,omitempty"`
	Link    string `json:"l,omitempty"`
	Price   string `json:"p,omitempty"`
	Stock   string `json:"k,omitempty"`
}

const (
	sqlInsertItem = `INSERT INTO catalogue_item (workspace_id, id, source_id, facts, price, currency, stock) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlItem       = `SELECT facts, price, currency, stock FROM catalogue_item WHERE workspace_id = $1 AND id = $2`
	sqlDropItems  = `DELETE FROM catalogue_item WHERE workspace_id = $1 AND source_id = $2`
)

func (t *Tx) insertItem(passage, source desk.ID, i Item) error {
	facts, err := t.seal(t.workspaceKey(), "catalogue_item", "facts", passage, toJSON(i.ItemFacts))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertItem, int64(t.ws), int64(passage), int64(source), facts, i.Amount, i.Currency, i.Count)
	return err
}

// Item returns the row of a price list that a passage shows; desk.NotFound when
// it shows none.
func (r *Rx) Item(passage desk.ID) (Item, error) {
	var i Item
	var sealed []byte
	err := r.row(sqlItem, int64(r.ws), int64(passage)).Scan(&sealed, &i.Amount, &i.Currency, &i.Count)
	if err != nil {
		return i, found("item", err)
	}
	facts, err := r.open("catalogue_item", "facts", passage, sealed)
	if err != nil {
		return i, err
	}
	return i, json.Unmarshal(facts, &i.ItemFacts)
}
