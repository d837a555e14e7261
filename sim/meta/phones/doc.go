// Package phones shows the simulator of sim/meta as a page with three phones,
// so that a person without a Meta app can try Parley: one writes as a customer
// on Instagram, Messenger and WhatsApp, sees typing, receipts and replies as
// they come, moves the clock, kills tokens, makes bad weather and reads what
// went over the wire.
//
// It promises to answer on this machine alone: it neither listens anywhere else
// nor answers a request that names another host. It stores nothing, in the
// browser neither, and loads nothing from elsewhere.
package phones
