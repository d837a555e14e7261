package demo

import (
	"context"

	"parley/internal/desk"
	"parley/internal/promise"
)

// policy says who runs the demo, a made-up shop for its own business, and
// publishes the first version of its policy, so that /privacy and its
// neighbours have something to show.
func (s *seed) policy(ctx context.Context) error {
	by := desk.Actor{Kind: desk.BySystem, Name: "Parley"}
	_, err := s.app.Promise.SetProfile(ctx, promise.Profile{Name: shopName, Product: shopName, Address: "1 Example Quay", Country: "Ireland",
		PrivacyMail: "privacy@northwind.example", Hosting: "this computer", Region: "where this computer stands", Role: promise.OwnBusiness}, by)
	if err != nil {
		return err
	}
	_, err = s.app.Promise.Publish(ctx, promise.Draft{Reason: "The first version"}, by)
	return err
}
