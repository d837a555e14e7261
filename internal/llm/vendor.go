package llm

import "parley/internal/kit/secret"

// Names of vendors.
const (
	OpenAI     = "openai"     // OpenAI itself: its Responses API
	Compatible = "compatible" // any server that speaks OpenAI's Chat Completions
	Anthropic  = "anthropic"  // Anthropic itself: its Messages API
)

// MaxDays is for how many days a vendor may keep what is sent and answered; one that
// keeps it longer is not called.
const MaxDays = 30

// Settings is what a workspace or the install chose.
type Settings struct {
	Vendor string
	URL    string      // "" = the install's, or the vendor's own
	Key    secret.Text // zero = the install's, which goes to the install's URL only
	// Vectors: for Embed alone. Such calls rest by themselves: a server that fails
	// at one kind of call may be well at the other.
	Vectors bool
}

// Vendor is a fact row of the register: who a company is that works with texts
// for us, and what it says it keeps. The facts are its published ones for
// business use of the API; a contract may say better.
type Vendor struct {
	Name          string // of Settings.Vendor
	Company       string
	URL           string // its own address of the API
	Purpose       string
	RetentionDays int    // at most, by default, of what is sent and answered
	ZeroRetention bool   // true only where nothing is kept by default
	Training      bool   // whether texts train its models by default
	DPA           string // where its agreement is
	Region        string
	CheckedOn     string
	Sources       []string
}

// Vendors is the register of companies whose models can be chosen.
func Vendors() []Vendor {
	return []Vendor{
		{Name: OpenAI, Company: "OpenAI, L.L.C. (EEA: OpenAI Ireland Ltd)", URL: "https://api.openai.com/v1", Purpose: "writes answers from found passages; makes vectors of passages and questions",
			RetentionDays: 30, Region: "United States; other regions by contract", DPA: "https://openai.com/policies/data-processing-addendum/", CheckedOn: "2026-11-22",
			Sources: []string{"https://developers.openai.com/api/docs/guides/your-data"}},
		{Name: Anthropic, Company: "Anthropic, PBC (EEA: Anthropic Ireland, Ltd)", URL: "https://api.anthropic.com", Purpose: "writes answers from found passages",
			RetentionDays: 30, Region: "United States and others, by setting", DPA: "https://www.anthropic.com/legal/data-processing-addendum", CheckedOn: "2026-11-22",
			Sources: []string{"https://platform.claude.com/docs/en/manage-claude/api-and-data-retention", "https://www.anthropic.com/legal/commercial-terms"}},
	}
}

// VendorOf gives the row of a vendor; false = it has none, as a server of one's
// own.
func VendorOf(name string) (Vendor, bool) {
	for _, v := range Vendors() {
		if v.Name == name {
			return v, true
		}
	}
	return Vendor{}, false
}

// Choice is something that a workspace of an install may choose.
type Choice struct {
	Vendor     string
	URL        string
	Register   *Vendor // the fact row; nil = a server of one's own, or of a company without a row
	Own        bool    // on this machine or its network: nothing goes to a company
	InstallKey bool    // the operator gave a key for it
	Default    bool    // what a vendor without an address stands for, where the operator named another
	Refused    Kind    // "", NoDPA or KeepsLong
}
