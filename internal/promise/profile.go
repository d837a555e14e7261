package promise

import (
	"net/mail"
	"net/url"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
)

// Role is what the operator is in law.
type Role string

// Roles in law (decision 6).
const (
	OwnBusiness Role = "own"    // operator, workspace and controller are the same
	ForOthers   Role = "others" // the operator is the processor of its workspaces
)

// Profile is what the operator says about itself. It is public.
type Profile struct {
	Name           string `json:"name"` // of the company or person, as the law knows it
	Product        string `json:"product"`
	Address        string `json:"address"`
	Country        string `json:"country"`
	Site           string `json:"site"`
	PrivacyMail    string `json:"privacy_mail"`
	OfficerMail    string `json:"officer_mail"`
	Representative string `json:"representative"` // in the EU or the UK, with address; "" = none
	Hosting        string `json:"hosting"`        // company whose machines this runs on, or "own machines"
	Region         string `json:"region"`
	Role           Role   `json:"role"`
}

const maxFact = 300 // bytes of one field

// fields names every field that is text, in the order of forms.
func (p *Profile) fields() []struct {
	name     string
	value    *string
	required bool
} {
	return []struct {
		name     string
		value    *string
		required bool
	}{
		{"name", &p.Name, true}, {"product", &p.Product, true}, {"address", &p.Address, true}, {"country", &p.Country, true},
		{"privacy_mail", &p.PrivacyMail, true}, {"hosting", &p.Hosting, true}, {"region", &p.Region, true},
		{"site", &p.Site, false}, {"officer_mail", &p.OfficerMail, false}, {"representative", &p.Representative, false},
	}
}

// Missing names what is still blank; while anything is, nothing is published.
func (p Profile) Missing() []string {
	missing := []string{}
	for _, f := range p.fields() {
		if f.required && *f.value == "" {
			missing = append(missing, f.name)
		}
	}
	if p.Role == "" {
		missing = append(missing, "role")
	}
	return missing
}

// clean trims and checks a profile; blank fields are no error.
func (p Profile) clean() (Profile, error) {
	for _, f := range p.fields() {
		*f.value = strings.Join(strings.Fields(text.Normalise(*f.value, maxFact)), " ")
	}
	for _, m := range []string{p.PrivacyMail, p.OfficerMail} {
		if a, err := mail.ParseAddress(m); m != "" && (err != nil || a.Address != m) {
			return p, desk.Fail(desk.Invalid, "mail_wrong", "write a mail address such as privacy@example.com")
		}
	}
	if u, err := url.Parse(p.Site); p.Site != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return p, desk.Fail(desk.Invalid, "site_wrong", "write an address that begins with https://")
	}
	switch p.Role {
	case OwnBusiness, ForOthers, "":
		return p, nil
	}
	return p, desk.Fail(desk.Invalid, "role_wrong", "the role is own or others")
}
