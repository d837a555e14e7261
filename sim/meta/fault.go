package meta

import (
	"fmt"
	"net/http"
	"time"
)

// fault is a refusal in Meta's envelope (reference 6.1).
type fault struct {
	status     int
	code, sub  int
	kind       string // "OAuthException" unless set
	message    string
	details    string // error_data.details of WhatsApp
	transient  bool
	retryAfter time.Duration
	html       bool // an edge failure: no JSON at all
}

func (f *fault) body(trace string) obj {
	kind := f.kind
	if kind == "" {
		kind = "OAuthException"
	}
	data := any(absent{})
	if f.details != "" {
		data = o("messaging_product", "whatsapp", "details", f.details)
	}
	return o("error", o(
		"message", f.message, "type", kind, "code", f.code,
		"error_subcode", when(f.sub != 0, f.sub),
		"is_transient", when(f.transient, true),
		"error_data", data,
		"fbtrace_id", trace))
}

// refuse makes a fault with the code in front of its message, as Meta prints it.
func refuse(status, code, sub int, message string, args ...any) *fault {
	return &fault{status: status, code: code, sub: sub, message: fmt.Sprintf("(#%d) ", code) + fmt.Sprintf(message, args...)}
}

// invalid is a bad parameter on the Messenger and Instagram side.
func invalid(message string, args ...any) *fault {
	return refuse(http.StatusBadRequest, 100, 0, message, args...)
}

// whatsappFault gives a WhatsApp refusal with the HTTP status of reference 6.3.
func whatsappFault(code int, title, details string) *fault {
	status := http.StatusBadRequest
	switch code {
	case 0, 190:
		status = http.StatusUnauthorized
	case 3, 131000, 131016, 131045, 131057, 133000:
		status = http.StatusInternalServerError
	case 10, 200, 368, 130497, 131005, 131031:
		status = http.StatusForbidden
	case 2, 133004:
		status = http.StatusServiceUnavailable
	case 132001:
		status = http.StatusNotFound
	}
	return &fault{status: status, code: code, message: fmt.Sprintf("(#%d) %s", code, title), details: details}
}

func noSuchNode(method, id string) *fault {
	word := map[string]string{http.MethodGet: "get", http.MethodPost: "post", http.MethodDelete: "delete"}[method]
	return &fault{status: http.StatusBadRequest, code: 100, sub: 33, kind: "GraphMethodException", message: fmt.Sprintf(
		"Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation", word, id)}
}

func unknownPath(path string) *fault {
	return &fault{status: http.StatusBadRequest, code: 2500, message: "Unknown path components: " + path}
}

func unsupportedMethod() *fault {
	return &fault{status: http.StatusBadRequest, code: 100, kind: "GraphMethodException", message: "Unsupported request - method type: this endpoint does not answer to it"}
}

// statusTitle is the text of a WhatsApp code in webhooks (statuses[].errors).
func statusTitle(code int) (title, details string) {
	switch code {
	case 131026:
		return "Message undeliverable", "Message Undeliverable."
	case 131047:
		return "Re-engagement message", "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
	case 131049:
		return "This message was not delivered to maintain healthy ecosystem engagement.", "In order to maintain a healthy ecosystem engagement, the message failed to be delivered."
	case 131051:
		return "Message type unknown", "Message type is currently not supported."
	case 131052:
		return "Media download error", "Failed to download the media from the sender."
	case 131053:
		return "Media upload error", "The media could not be uploaded."
	case 130472:
		return "User's number is part of an experiment", "Failed to send message because this user's phone number is part of an experiment."
	case 130429:
		return "Rate limit hit", "Cloud API message throughput has been reached."
	}
	return "Something went wrong", "Message failed to send due to an unknown error."
}

func statusError(code int) obj {
	title, details := statusTitle(code)
	return o("code", code, "title", title, "message", title, "error_data", o("details", details),
		"href", "/documentation/business-messaging/whatsapp/support/error-codes")
}
