// Command mutate takes the checks of who may do what out of Parley, one at a
// time, and sees that a test fails for each. The tree is never changed: the
// compiler is given rewritten copies of the files that hold the checks (go test
// -overlay), in which every check asks the environment whether it is the one to
// be left out; each package is compiled once and run once for each.
//
// A check is an if that ends in a refusal, or a question whether somebody may:
// the program finds them in the syntax of the files named in rooms.go. The
// filters of SQL have a run of their own, which go test does whole: see
// internal/store/tenant_filter_test.go.
//
//	go run ./test/mutate [-only PATTERN]     writes docs/mutations.md
//
// A check whose loss no test notices stands in equal.txt with the reason why it
// changes nothing, or the run fails.
package main
