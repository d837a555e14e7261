// Package api is every HTTP route of the program: the API under /api/v1, its
// description and page, the dashboard's files, health and the event stream.
//
// It promises that every route declares who may call it (default: nobody),
// that an id of another workspace is as absent as one that never was, that
// what comes in is bounded in size, depth, type and encoding before anything
// looks at it, that every error is problem+json with a code, and that nothing
// a person wrote reaches a log.
//
// It decides nothing about conversations, knowledge or people: it checks,
// calls one feature, and shows the result.
package api
