// Package clock is the only place where Parley asks for the time or sets a timer.
//
// It promises that a program built on Clock runs the same on Real time and on a
// Fake that a test moves by hand, and that the Fake lets a test wait until the
// code under test is really waiting, so that no test sleeps.
//
// It never reads the environment and never formats times for people.
package clock
