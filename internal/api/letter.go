package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/member"
)

// Ways says how people may sign in to this install.
type Ways struct {
	Mail    bool         `json:"mail" doc:"Who forgot a password, or has none, can ask for a mailed link"`
	Outside []OutsideWay `json:"outside" nullable:"false" doc:"Account providers, in the order of the operator"`
	// A browser offers passkeys on pages of this host alone.
	PasskeyHost string `json:"passkey_host" doc:"Host that passkeys of this install belong to: they work on its pages; empty = there are none here"`
}

type forgotBody struct {
	Body struct {
		Email string `json:"email" minLength:"3" maxLength:"254"`
	}
}

type linkBody struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"64" doc:"What stands behind the # of the mailed link"`
	}
}

// MailedLink is whom a mailed link is for.
type MailedLink struct {
	Kind      desk.LetterKind `json:"kind" enum:"reset,invite,sign_in,verify,address"`
	Name      string          `json:"name"`
	Email     string          `json:"email" doc:"Of the member; behind a new address: that one"`
	Workspace string          `json:"workspace"`
	Role      desk.Role       `json:"role" enum:"owner,admin,agent,analyst,billing,privacy,operator"`
	EndsAt    stamp           `json:"ends_at"`

	Asks []AskedStatement `json:"asks" nullable:"false" doc:"What somebody invited agrees to, in the caller's language"`
}

type chooseBody struct {
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"64"`
		Name     string `json:"name,omitempty" maxLength:"200" doc:"Of an invitation: how colleagues and customers read them. Left out: as they were invited"`
		Password string `json:"password" maxLength:"1024"`

		Acknowledged []Ticked `json:"acknowledged,omitempty" maxItems:"20" doc:"Of an invitation: each text that the link asks for, ticked by the person; without them 422 not_acknowledged"`
	}
}

// Chosen says what a link did.
type Chosen struct {
	SignedIn bool `json:"signed_in" doc:"False behind a reset: sign in with the new password"`
}

func letterRoutes(a *API) {
	declare(a, Route{ID: "sign-in-ways", Method: http.MethodGet, Path: "/api/v1/session/ways", Needs: Public,
		Tag: "session", Summary: "How people may sign in here"},
		func(context.Context, *call, *nothing) (*given[Ways], error) {
			return reply(Ways{Mail: a.Members.Mails(), Outside: a.outsideWays(), PasskeyHost: a.Members.PasskeyHost()}, nil)
		})
	declare(a, Route{ID: "forgot-password", Method: http.MethodPost, Path: "/api/v1/session/forgot", Needs: Public, Limit: limitSignIn, Body: 8 << 10,
		Status: http.StatusAccepted, Tag: "session", Summary: "Ask for a mailed link that sets a new password; the answer never says whether the address has an account"},
		func(ctx context.Context, c *call, in *forgotBody) (*nothing, error) {
			return nil, pointing(a.Members.Forgot(ctx, in.Body.Email, c.addr), map[string]string{"email_invalid": "email"})
		})
	declare(a, Route{ID: "look-at-link", Method: http.MethodPost, Path: "/api/v1/session/link", Needs: Public, Limit: limitSignIn, Body: 8 << 10,
		Tag: "session", Summary: "Whom a mailed link is for; spends nothing"},
		func(ctx context.Context, c *call, in *linkBody) (*given[MailedLink], error) {
			o, err := a.Members.Look(ctx, in.Body.Token, c.addr)
			if o.About != "" {
				o.Member.Email = o.About
			}
			out := MailedLink{o.Kind, o.Member.Name, o.Member.Email, o.Workspace.Name, o.Member.Role, stamp(o.EndsAt), []AskedStatement{}}
			if o.Kind == desk.LetterInvite {
				out.Asks = askedOf(member.Statements(c.locale))
			}
			return reply(out, err)
		})
	declare(a, Route{ID: "use-link", Method: http.MethodPut, Path: "/api/v1/session/link", Needs: Public, Limit: limitSignIn, Body: 8 << 10,
		Tag: "session", Summary: "Choose a password behind a mailed link, once; ends every sign-in there was"}, a.useLink)
	declare(a, Route{ID: "invite-member", Method: http.MethodPost, Path: "/api/v1/members/{id}/invitation", Needs: Need(desk.WriteMembers), Limit: limitSignIn,
		Status: http.StatusNoContent, Tag: "members", Summary: "Mail an invitation again; the link of the one before opens no more"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Members.Invite(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
	declare(a, Route{ID: "list-letters", Method: http.MethodGet, Path: "/api/v1/letters", Needs: Need(desk.WriteMembers),
		Tag: "members", Summary: "What was mailed to members in the last 90 days, newest first"}, a.listLetters)
}

func (a *API) useLink(ctx context.Context, c *call, in *chooseBody) (*given[Chosen], error) {
	if err := c.canKeep(); err != nil {
		return nil, err
	}
	b := in.Body
	s, err := a.Members.Choose(ctx, member.Chosen{Token: b.Token, Name: b.Name, Password: b.Password, Address: c.addr, UserAgent: c.agent,
		Locale: c.locale, Agreed: seenOf(b.Acknowledged)})
	if err != nil {
		return nil, pointing(err, memberFields())
	}
	if s.Token != "" {
		c.setCookie(s.Token, int(s.Life.Seconds()))
	}
	return reply(Chosen{SignedIn: s.Token != ""}, nil)
}

// Letter is one mail to a member.
type Letter struct {
	ID        desk.ID          `json:"id"`
	MemberID  desk.ID          `json:"member_id"`
	Kind      desk.LetterKind  `json:"kind" enum:"reset,invite,device,password,role,alarm,abuse,sign_in,verify,address,moved,linked,unlinked,factor_added,factor_removed,recovery_used,suspended,lifted,news,case_due,checkpoint,storage_full,closed,reopened,last_day,breach,duty_due,digest,policy"`
	State     desk.LetterState `json:"state" enum:"waiting,sent,failed"`
	Fault     string           `json:"fault" doc:"Code of the mail server's answer, or unreachable, timed_out, address, replaced, too_late, switched_off"`
	CreatedAt stamp            `json:"created_at"`
	SentAt    moment           `json:"sent_at"`
}

func letterOf(l desk.Letter) Letter {
	out := Letter{ID: l.ID, MemberID: l.Member, Kind: l.Kind, State: l.State, Fault: l.Fault, CreatedAt: stamp(l.CreatedAt)}
	if l.State == desk.LetterSent {
		out.SentAt = moment(l.SentAt)
	}
	return out
}

const letterOrder = "letters"

func (a *API) listLetters(ctx context.Context, c *call, in *Paging) (*given[Page[Letter]], error) {
	before, err := in.after(letterOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Members.LettersSent(ctx, c.Workspace.ID, before, in.Limit+1)
	return reply(page(rows, in.Limit, letterOf, func(l desk.Letter) string { return cursor.Make(letterOrder, int64(l.ID)) }), err)
}
