// Package prove carries out the checks of the register of promises: on a whole
// program of its own, with stand-ins around it and a clock that it moves (model),
// or on the install it is asked from (instance), which it reads and, but for one
// canary workspace, never writes.
//
// It promises that a clause is called proven only where its check drove the
// program through a door that anybody has and saw what it names, and that what
// could not be seen is called unproven, with the reason: what only a screen shows is
// looked at with the Chromium of the machine, where there is one. It never takes data
// of people into its evidence.
package prove
