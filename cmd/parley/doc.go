// Command parley is the whole program: it serves an install, shows a demo, and
// holds the verbs that look after one. It reads flags and the environment and
// leaves everything else to the packages below.
package main
