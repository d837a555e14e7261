// Package looks sees with its own eyes whether promises hold on the install that
// runs, where the checks of the release only prove what the program can do.
//
// It promises to change nothing but a made-up person in the install's own place,
// who is destroyed again, to put no data of people into what it tells, and to say
// unproven, with the reason, of whatever cannot be seen from here.
package looks
