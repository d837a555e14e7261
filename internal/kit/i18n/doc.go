// Package i18n holds the words the server itself says: to visitors, in errors,
// mail and pages. Screen texts live with the front end.
//
// It promises that every text exists in every language with the same
// placeholders, and that a missing language falls back to English.
//
// Format: one flat JSON object per language, en.json and tr.json, key → text
// with {name} placeholders. Keys are lower-case words joined by dots, the first
// word naming where the text is said. Add a key to both files in one commit;
// TestTextsAreTheSameInEveryLanguage and TestEveryTextIsSaidSomewhere check it.
//
// It never formats numbers or dates and never holds text a workspace can edit.
package i18n
