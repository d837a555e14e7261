// Package whatsapp is the WhatsApp Cloud API as a channel: conversations with
// one business number.
//
// It promises what package channel asks, with the limits of WhatsApp: text of
// 4096 characters, captions, reply buttons and lists, approved templates
// outside the window. A person is a set of ids and may have no phone number;
// ids are kept as they come and never repaired.
//
// It never files group messages, calls, or what a phone brings along, and never
// sends but to one person. Section numbers in comments are those of the
// behaviour reference.
package whatsapp
