package meta

import (
	"context"
	"net/url"

	"parley/internal/channel"
	"parley/internal/desk"
)

// Profile reads the named fields of a person (8). A person who shows nothing,
// or has not allowed it yet, is desk.NotFound: the contact lives without.
func (g *Graph) Profile(ctx context.Context, acct channel.Account, id, fields string) (desk.Profile, error) {
	var a struct {
		Name      Str  `json:"name"`
		First     Str  `json:"first_name"`
		Last      Str  `json:"last_name"`
		Username  Str  `json:"username"`
		Picture   Str  `json:"profile_pic"`
		Followers Str  `json:"follower_count"`
		Follows   Flag `json:"is_user_follow_business"`
		Followed  Flag `json:"is_business_follow_user"`
		Verified  Flag `json:"is_verified_user"`
	}
	if err := g.Call(ctx, Request{Account: acct, Path: Path(id), Query: url.Values{"fields": {fields}}}, &a); err != nil {
		return desk.Profile{}, err
	}
	p := desk.Profile{Name: a.Name.Line(), Username: a.Username.Line(), Picture: a.Picture.Link(), Followers: -1,
		Follows: bool(a.Follows), Followed: bool(a.Followed), Verified: bool(a.Verified)}
	if p.Name == "" {
		p.Name = Str(string(a.First) + " " + string(a.Last)).Line()
	}
	if a.Followers != "" {
		p.Followers = a.Followers.Int()
	}
	if p.Name == "" && p.Username == "" && p.Picture == "" {
		return p, Bad(desk.NotFound, "profile_private")
	}
	return p, nil
}
