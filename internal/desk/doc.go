// Package desk holds the nouns of Parley and the rules between them: workspace,
// member, contact, channel account, conversation, message, receipt, owner,
// window, draft, and who may speak when.
//
// It promises to be pure: every function takes what it needs (the time
// included) and returns what follows. It never touches SQL, HTTP, a clock, a
// random number or the environment, so every rule can be tested by a table.
package desk
