// Package web holds the whole front end as one file system, so that the
// product is one binary. It never serves: internal/api does, by these rules.
//
// What the server must do:
//
//   - index.html: replace every "__CSP_NONCE__" by a fresh nonce per response,
//     send it with Cache-Control: no-store and with this policy:
//     default-src 'none'; script-src 'nonce-N' 'strict-dynamic';
//     style-src 'self' 'nonce-N'; style-src-attr 'none'; img-src 'self' data:
//     blob:; font-src 'self'; connect-src 'self'; frame-src 'self';
//     base-uri 'none'; form-action 'self'; frame-ancestors 'none'.
//     index.html has no .br or .gz sibling, because it differs per response.
//   - assets/*: names carry a hash, so Cache-Control: public,
//     max-age=31536000, immutable. A missing asset is a 404, never a page.
//   - Files with a ".br" or ".gz" sibling are answered with it when
//     Accept-Encoding allows (honour q=0), with Vary: Accept-Encoding and the
//     content type of the plain name.
//   - Any other GET path without an extension and outside api/, assets/, hooks/
//     and w/ answers index.html: the router in the browser reads the path
//     (/sign-in, /setup, /inbox/…, /knowledge, /channels, /settings).
//   - w/*: the chat frame and the loader; their rules stand in web/widget.
//   - The channel editor shows /w/{key}?l=en in a frame of the dashboard's own
//     origin, so that page must allow 'self' in frame-ancestors.
package web
