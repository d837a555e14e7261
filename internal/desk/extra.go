package desk

import "time"

// Extra is what a message carries beside text and files: content, sealed with
// the message. Values are as the channel gave them, bounded in length and
// number.
type Extra struct {
	What      string    `json:"what,omitempty"` // the provider's word for a kind Parley does not know
	Location  *Location `json:"location,omitempty"`
	Cards     []Card    `json:"cards,omitempty"`
	Order     *Order    `json:"order,omitempty"`
	Story     *Story    `json:"story,omitempty"`
	Links     []Link    `json:"links,omitempty"`
	Referral  *Referral `json:"referral,omitempty"`
	Form      *Form     `json:"form,omitempty"`
	Commands  []string  `json:"commands,omitempty"`
	Forwarded bool      `json:"forwarded,omitempty"`
	Fault     *Fault    `json:"fault,omitempty"` // why the channel could not hand something over
	// Template is what a message of kind template was filled in with; its Body is
	// the text that the person reads.
	Template *TemplateUse `json:"template,omitempty"`
}

// Location is a place on the map, in degrees.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
	URL       string  `json:"url,omitempty"`
}

// Card is a contact card that a person shared.
type Card struct {
	Name   string   `json:"name"`
	Phones []string `json:"phones,omitempty"`
	Emails []string `json:"emails,omitempty"`
	Org    string   `json:"org,omitempty"`
	Own    bool     `json:"own,omitempty"` // the person's own details, asked for by a button
}

// Order is what a person put into a catalogue's basket. Prices are decimal
// text as the channel gives them.
type Order struct {
	Catalog string      `json:"catalog,omitempty"`
	Items   []OrderItem `json:"items"`
}

// OrderItem is one line of an Order.
type OrderItem struct {
	Product  string `json:"product"`
	Quantity int64  `json:"quantity"`
	Price    string `json:"price,omitempty"`
	Currency string `json:"currency,omitempty"`
}

// Story is the story a message mentions or answers.
type Story struct {
	ID    string `json:"id,omitempty"`
	Reply bool   `json:"reply"` // answered; otherwise mentioned
}

// Link is a post, reel, product or page that a person shared.
type Link struct {
	Kind  string `json:"kind"` // post, reel, product, page
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
	ID    string `json:"id,omitempty"`
}

// Referral says by which link or ad a person came.
type Referral struct {
	Source string `json:"source,omitempty"` // "ad", "link", "product", …
	Ref    string `json:"ref,omitempty"`
	Ad     string `json:"ad,omitempty"`
	Title  string `json:"title,omitempty"`
	URL    string `json:"url,omitempty"`
	Click  string `json:"click,omitempty"` // the provider's id of the click
}

// Form is a filled-in form; Answers is a flat object of at most 50 fields.
type Form struct {
	Name    string            `json:"name,omitempty"`
	Answers map[string]string `json:"answers,omitempty"`
}

// Fault is a provider's reason, as its code and the reason key of the words for
// people (i18n "fault."+Reason).
type Fault struct {
	Code   int64  `json:"code,omitempty"`
	Reason string `json:"reason"`
}

// Profile is what a channel tells of a person; everything may be absent.
type Profile struct {
	Name      string
	Username  string
	Picture   string // a signed address that ends within days
	Language  string
	Followers int64 // -1 = not told
	Follows   bool  // the person follows the business
	Followed  bool  // the business follows the person
	Verified  bool
}

// ProfileTerm is how long what a channel told of a person counts as new; it is
// asked again when they write after that.
const ProfileTerm = 30 * 24 * time.Hour

// ContactProfile is what a channel told of a contact beside their name.
type ContactProfile struct {
	Contact   ID
	Account   ID
	Username  string
	Followers int64 // -1 = not told
	Follows   bool  // the person follows the business
	Followed  bool  // the business follows the person
	Verified  bool
	Picture   ID // media, 0 = none
	ReadAt    time.Time
}

// AccountDetails is the business metadata of a channel account, kept until it
// is disconnected (clauses H-17, H-18, H-21…H-24, A-3.2-01, -07…-09).
type AccountDetails struct {
	Login         string    `json:"login,omitempty"`  // whose token it is: "facebook", "instagram", "whatsapp"
	Pasted        bool      `json:"pasted,omitempty"` // a token of an app that is not this install's
	Username      string    `json:"username,omitempty"`
	DisplayName   string    `json:"display_name,omitempty"`
	Picture       string    `json:"picture,omitempty"`
	AccountType   string    `json:"account_type,omitempty"`
	Category      string    `json:"category,omitempty"`
	Followers     int64     `json:"followers,omitempty"`
	PageID        string    `json:"page_id,omitempty"`
	InstagramID   string    `json:"instagram_id,omitempty"`
	ScopedID      string    `json:"scoped_id,omitempty"` // the account's app-scoped id, where it differs
	BusinessID    string    `json:"business_id,omitempty"`
	WABA          string    `json:"waba,omitempty"`
	PhoneNumberID string    `json:"phone_number_id,omitempty"`
	Phone         string    `json:"phone,omitempty"`
	PhoneVerified string    `json:"phone_verified,omitempty"`
	VerifiedName  string    `json:"verified_name,omitempty"`
	Quality       string    `json:"quality,omitempty"`
	AppUser       string    `json:"app_user,omitempty"` // app-scoped id of who connected it (decision 10)
	Scopes        []string  `json:"scopes,omitempty"`
	TokenUntil    time.Time `json:"token_until,omitzero"`  // zero = without end
	AccessUntil   time.Time `json:"access_until,omitzero"` // end of the provider's data access
	TokenAt       time.Time `json:"token_at,omitzero"`     // issued
}
