package checks

import "parley/internal/promise"

// All is every check there is, in the order they run in one world: those that
// move the clock far come last, then those that take channels away, and at the very
// end those that move it by years, or past the term of the world's own keys.
func All(r *promise.Register) []promise.Check {
	var all []promise.Check
	for _, part := range [][]entry{pageChecks(), accountChecks(), channelChecks(), conversationChecks(), assistantChecks(), matterChecks(), wishChecks(), visitorChecks(), rightChecks(), copyChecks(),
		personChecks(), linkChecks(), cookieChecks(), doorChecks(), sourceChecks(), factChecks(), quietChecks(), keptChecks(), figureChecks(), toldChecks(), newsChecks(), listedChecks(), deletedChecks(), demandChecks(), breachChecks(), dutyChecks(), timeChecks(), savedChecks(), plainChecks(), termChecks(), changeChecks(), edgeChecks(), screenChecks(), leaveChecks(), ageChecks(), yearChecks(), endingChecks(), portChecks()} {
		for _, e := range part {
			all = append(all, named(r, e.name, e.run))
		}
	}
	return all
}

type entry struct {
	name string
	run  func(t *trial)
}
