// Command faults seeds faults into Parley, one at a time, and sees that the checks
// of the register of promises turn red for each: a check that stays green while
// what it proves is gone proves nothing.
//
// A fault is a file of list: the checks that it breaks, the Go file it is in, the
// exact text that is there and what stands there instead (several such pairs where
// a promise is kept twice over), and why that breaks a promise. The tree is never
// changed: the compiler is given other copies of the files (go build -overlay). The
// word FAULT in the new text is the question whether this fault is the one to be
// seen, so that one program holds them all; it looks at its own file's name for the
// answer, and so do the commands that it starts.
//
//	go run ./test/faults [-only PATTERN] [-p N] [-whole]     without -only it writes docs/faults.md
//
// A fault is caught when every check it names is red. Three others run beside them
// and stay green; with -whole the faults of a hardest promise run the whole
// register. What else turns red is written down beside it: what one fault leaves
// behind, later checks may trip over.
package main
