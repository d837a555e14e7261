// Package meta stands in for Meta's messaging platforms on this machine: the
// two Graph hosts, the OAuth dialogs, the media host and the webhook sender of
// Messenger, Instagram and WhatsApp, with the people who write and the
// businesses that answer.
//
// It promises to be at least as strict as the real thing: an unknown or missing
// field, a closed window, a dead token, an oversized text or file is refused in
// Meta's error envelope with Meta's code; what the platform would punish later
// is remarked on at once (Remarks). Webhooks go out as Meta writes them,
// escaped ASCII signed over the raw bytes, and follow its contract of retries
// and of disabling. Bad weather (Knob) is forced by count or by chance from a
// seed. Every byte in and out is kept in a ring that tests read (Calls,
// Deliveries). Time comes from the clock it is given; nothing sleeps.
//
// It never imports the adapters that it tests nor shares their JSON types, and
// never calls a host that is not this machine.
package meta
