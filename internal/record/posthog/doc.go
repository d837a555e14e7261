// Package posthog tells an analytics service that speaks PostHog's protocol which
// parts of the program are used, by members who allow it and by nobody else.
//
// It promises that nothing leaves before a member allowed it, nothing of a time
// before they did, nothing after they took it back, and nothing that was asked
// with Sec-GPC or DNT; that whoever they are leaves as a keyed hash; that no
// address of theirs leaves and the service is told to look none up; and that an
// event is the name of an operation and a number.
//
// It never sends what anybody wrote, never waits for the service, and does
// nothing where no key is set. The program's own counts (package record) are
// there either way.
package posthog
