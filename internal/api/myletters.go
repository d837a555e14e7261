package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/i18n"
)

// MyLetter is one mail to the caller, without its words and links.
type MyLetter struct {
	ID        desk.ID             `json:"id"`
	Category  desk.LetterCategory `json:"category" enum:"account,security,service,marketing"`
	Kind      desk.LetterKind     `json:"kind" enum:"reset,invite,device,password,role,alarm,abuse,sign_in,verify,address,moved,linked,unlinked,factor_added,factor_removed,recovery_used,suspended,lifted,news,case_due,checkpoint,storage_full,closed,reopened,last_day,breach,duty_due,digest,policy"`
	Subject   string              `json:"subject" doc:"In the caller's language"`
	State     desk.LetterState    `json:"state" enum:"waiting,sent,failed"`
	CreatedAt stamp               `json:"created_at"`
	SentAt    moment              `json:"sent_at"`
}

const myLetterOrder = "my_letters"

func myLetterRoutes(a *API) {
	declare(a, Route{ID: "my-letters", Method: http.MethodGet, Path: "/api/v1/my-letters", Needs: SignedIn,
		Tag: "session", Summary: "What was mailed to me in the last 90 days, newest first"}, a.myLetters)
}

func (a *API) myLetters(ctx context.Context, c *call, in *Paging) (*given[Page[MyLetter]], error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	before, err := in.after(myLetterOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Members.LettersTo(ctx, c.Who, before, in.Limit+1)
	return reply(page(rows, in.Limit, func(l desk.Letter) MyLetter { return myLetterOf(c, l) },
		func(l desk.Letter) string { return cursor.Make(myLetterOrder, int64(l.ID)) }), err)
}

func myLetterOf(c *call, l desk.Letter) MyLetter {
	out := MyLetter{ID: l.ID, Category: l.Kind.Category(), Kind: l.Kind, State: l.State, CreatedAt: stamp(l.CreatedAt),
		Subject: i18n.T(c.locale, "mail."+string(l.Kind)+".subject", map[string]string{"business": c.Workspace.Name, "about": l.About})}
	if l.State == desk.LetterSent {
		out.SentAt = moment(l.SentAt)
	}
	return out
}
