// Package checks holds the checks of the register: each drives a promise.World
// through the doors that anybody has, and says what it saw.
//
// A check never looks at the schema or at the code to call something proven; it
// writes canaries, and looks for them where they must and must not be.
package checks
