// Package messenger is Facebook Messenger as a channel: conversations with a
// page.
//
// It promises what package channel asks, with the limits of Messenger: text of
// 2000 characters, files of 25 MB, a day's window and the human-agent tag for
// what a member wrote after it, where the account has that feature.
//
// It never sends to many, never tags what a machine wrote, and never reads a
// page's posts or comments. Section numbers in comments are those of the
// behaviour reference.
package messenger
