package config

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/kit/secret"
)

// Config is what one process is started with.
type Config struct {
	Listen            string         `env:"PARLEY_LISTEN" default:"127.0.0.1:8080" doc:"Address and port of the main listener. Behind a reverse proxy keep it on loopback."`
	AdminListen       string         `env:"PARLEY_ADMIN_LISTEN" doc:"Address and port of the listener for /metrics. Empty: no such listener. Never publish it."`
	PublicURL         string         `env:"PARLEY_PUBLIC_URL" doc:"The address people and websites reach this install at, for example https://chat.example.com. Empty: http:// (https:// with PARLEY_TLS_CERT) and the main listener's address."`
	TLSCert           string         `env:"PARLEY_TLS_CERT" doc:"Certificate and those between it and its authority, one PEM file, where no proxy does TLS: the main listener then speaks https (TLS 1.2 and newer) only. A renewed file is read by itself."`
	TLSKey            string         `env:"PARLEY_TLS_KEY" doc:"The key of PARLEY_TLS_CERT, a PEM file."`
	Data              string         `env:"PARLEY_DATA" default:"./data" doc:"Folder for the database, files and keys of this install. One process at a time."`
	Blobs             string         `env:"PARLEY_BLOBS" doc:"Folder for the sealed bytes of pictures and other files. Empty: blobs in the data folder. With several nodes: a folder that all of them share."`
	Storage           Bytes          `env:"PARLEY_STORAGE" default:"20GB" doc:"How much one workspace may keep of files and of what its knowledge was given, for example 500MB or 2TB. Full: uploads are refused, files of customers are not kept and their messages say so. 0: any amount."`
	Database          secret.Text    `env:"PARLEY_DATABASE" doc:"Empty: SQLite in the data folder. Otherwise a PostgreSQL address, postgres://user:password@host/name; beyond this machine it ends in ?sslmode=verify-full, with &sslrootcert=FILE where its certificate is of your own authority."`
	KeysDatabase      secret.Text    `env:"PARLEY_KEYS_DATABASE" doc:"Where the wrapped keys live. Empty: a file of its own in the data folder or, with PostgreSQL, a schema of its own in PARLEY_DATABASE. Otherwise a PostgreSQL address."`
	RootKey           secret.Text    `env:"PARLEY_ROOT_KEY" doc:"The key that opens all other keys: 32 bytes in base64 or as hexadecimal digits. Empty: a file in the data folder, made at the first start. Without it nothing stored can be read."`
	RootKeyNext       secret.Text    `env:"PARLEY_ROOT_KEY_NEXT" doc:"The root key to be, beside PARLEY_ROOT_KEY: parley key rotate, or the next daily turn, wraps everything under it. Then write it into PARLEY_ROOT_KEY and remove this one."`
	Backups           string         `env:"PARLEY_BACKUPS" doc:"Folder for backups and for the copy of the privacy ledger; better a disk or machine of its own. Empty: backups in the data folder, which dies with the machine."`
	RecoveryKey       string         `env:"PARLEY_RECOVERY_KEY" doc:"Public half (age1…) of the owner's recovery key, to which backups are encrypted; several may stand one after the other. Empty: the one that parley backup key noted in the data folder. Without one nothing is backed up."`
	ClamAV            string         `env:"PARLEY_CLAMAV" doc:"A ClamAV daemon that looks through every file before it is kept: host:port or the path of its Unix socket. Its StreamMaxLength must be 105M or more. While it does not answer, files of customers wait and uploads are refused. Empty: files are not looked through."`
	SecurityContact   string         `env:"PARLEY_SECURITY_CONTACT" doc:"Whom to tell of a weakness of this install: mailto:security@example.com or an https address. Shown at /.well-known/security.txt and /privacy/security. Empty: nobody is named there."`
	TrustedProxies    []netip.Prefix `env:"PARLEY_TRUSTED_PROXIES" doc:"Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks, separated by commas. Empty: none."`
	MetaAppID         string         `env:"PARLEY_META_APP_ID" doc:"The app at Meta through which Facebook, Instagram and WhatsApp accounts are connected."`
	MetaAppSecret     secret.Text    `env:"PARLEY_META_APP_SECRET" doc:"Its secret: deliveries are signed with it, and calls prove it."`
	MetaVerifyToken   secret.Text    `env:"PARLEY_META_VERIFY_TOKEN" doc:"A word of your choice that Meta repeats when it checks the address of the webhook."`
	MetaGraphURL      string         `env:"PARLEY_META_GRAPH_URL" doc:"Another address for Meta's Graph and its sign-in, for a stand-in. Empty: Meta's own."`
	MetaLoginConfig   string         `env:"PARLEY_META_LOGIN_CONFIG" doc:"config_id of a Facebook Login for Business configuration with the permissions of /api/v1/channels/manifest. Empty: the sign-in names the permissions itself."`
	MetaSignupConfig  string         `env:"PARLEY_META_SIGNUP_CONFIG" doc:"config_id of a WhatsApp Embedded Signup configuration. Empty: people share a WhatsApp account they have, but cannot make a new one on the way."`
	InstagramAppID    string         `env:"PARLEY_INSTAGRAM_APP_ID" doc:"The Instagram app of the same Meta app, for connecting by Instagram's own sign-in."`
	InstagramSecret   secret.Text    `env:"PARLEY_INSTAGRAM_APP_SECRET" doc:"The Instagram app's secret; deliveries may be signed with it."`
	InstagramGraphURL string         `env:"PARLEY_INSTAGRAM_GRAPH_URL" doc:"Another address for Instagram's Graph and its sign-in, for a stand-in. Empty: Instagram's own, or PARLEY_META_GRAPH_URL where that is set."`
	CrawlPrivate      string         `env:"PARLEY_CRAWL_PRIVATE" doc:"Hosts of your own network, such as wiki.lan:8080, that every workspace may read as web pages, separated by commas. Empty: none, and no address inside is ever called."`
	OpenAIURL         string         `env:"PARLEY_OPENAI_URL" doc:"Where models are asked by OpenAI's ways, for example http://127.0.0.1:11434/v1 for a server of your own. Empty: OpenAI's own. Workspaces may choose this address and the vendors' own, no other."`
	OpenAIKey         secret.Text    `env:"PARLEY_OPENAI_KEY" doc:"The key for PARLEY_OPENAI_URL, for workspaces that bring none. It goes to that address only."`
	EmbeddingsURL     string         `env:"PARLEY_EMBEDDINGS_URL" doc:"Where vectors for the search by meaning are made, for example http://127.0.0.1:8080/v1 for a server of your own, when it is another than PARLEY_OPENAI_URL. Workspaces that choose a server of your own for that purpose use it."`
	EmbeddingsKey     secret.Text    `env:"PARLEY_EMBEDDINGS_KEY" doc:"The key for PARLEY_EMBEDDINGS_URL, where it wants one. It goes to that address only."`
	AnthropicURL      string         `env:"PARLEY_ANTHROPIC_URL" doc:"Another address for Anthropic's Messages API. Empty: Anthropic's own."`
	AnthropicKey      secret.Text    `env:"PARLEY_ANTHROPIC_KEY" doc:"The key for PARLEY_ANTHROPIC_URL, for workspaces that bring none. It goes to that address only."`
	ModelDPA          string         `env:"PARLEY_MODEL_DPA" doc:"Reference and date of the data processing agreement with whoever runs PARLEY_OPENAI_URL, PARLEY_EMBEDDINGS_URL or PARLEY_ANTHROPIC_URL, where that is a third company's public address. Without it such an address is refused (no_dpa); a server of your own network needs none."`
	ModelDays         int            `env:"PARLEY_MODEL_DAYS" doc:"For how many days, at most, that company keeps what is sent to its models, as the agreement says: 1 to 30, 1 where it keeps nothing. Without it, or with more, such an address is refused (keeps_long)."`
	SMTPURL           secret.Text    `env:"PARLEY_SMTP_URL" doc:"The mail server that takes letters to members: smtp://user:password@mail.example.com:587?from=support@example.com (STARTTLS), or smtps:// for TLS from the first byte. Empty: no mail is sent, and who forgot a password asks an owner."`
	OperatorMail      string         `env:"PARLEY_OPERATOR_MAIL" doc:"Address of whoever runs this install: told once of each alert of the install, of backups that are not made and of keys past their term, and each month where the install's own record of acts stands. Needs PARLEY_SMTP_URL. Empty: nobody is told."`
	OperatorLanguage  string         `env:"PARLEY_OPERATOR_LANGUAGE" default:"en" doc:"Language of those mails: en or tr."`
	GoogleIssuer      string         `env:"PARLEY_GOOGLE_ISSUER" default:"https://accounts.google.com" doc:"Another address for Google's sign-in, for a stand-in."`
	GoogleClientID    string         `env:"PARLEY_GOOGLE_CLIENT_ID" doc:"OAuth client of a Google Cloud project, by which members sign in with Google. Its redirect address is PARLEY_PUBLIC_URL/sign-in/google. Empty: no such way in."`
	GoogleSecret      secret.Text    `env:"PARLEY_GOOGLE_CLIENT_SECRET" doc:"That client's secret."`
	OIDCName          string         `env:"PARLEY_OIDC_NAME" doc:"What people read of another account provider that speaks OpenID Connect, for example Northwind ID. Empty: the host of PARLEY_OIDC_ISSUER."`
	OIDCIssuer        string         `env:"PARLEY_OIDC_ISSUER" doc:"Its address, exactly as its tokens name it. Everything it is asked lies on this host or on PARLEY_OIDC_HOSTS. Empty: no such way in."`
	OIDCClientID      string         `env:"PARLEY_OIDC_CLIENT_ID" doc:"This install's client there. Its redirect address is PARLEY_PUBLIC_URL/sign-in/oidc."`
	OIDCSecret        secret.Text    `env:"PARLEY_OIDC_CLIENT_SECRET" doc:"That client's secret."`
	OIDCHosts         string         `env:"PARLEY_OIDC_HOSTS" doc:"Further hosts of that provider, for its keys or tokens, separated by commas. Empty: none."`
	SentryDSN         secret.Text    `env:"PARLEY_SENTRY_DSN" doc:"Where errors of the program are sent too, by Sentry's protocol: https://key@host/project. What leaves are words of the program, functions and lines, and ids; no text, header, cookie or address. Empty: nowhere; the program keeps its own list of errors either way."`
	SentryDPA         string         `env:"PARLEY_SENTRY_DPA" doc:"Reference and date of the data processing agreement with whoever runs PARLEY_SENTRY_DSN, where that is a third company. Without it nothing is sent there; a server of your own network needs none."`
	PostHogKey        secret.Text    `env:"PARLEY_POSTHOG_KEY" doc:"Project key of an analytics service that speaks PostHog's protocol. It is told which operations members use, under a keyed hash, of those alone who allow it in their profile. Empty: nobody is told."`
	PostHogURL        string         `env:"PARLEY_POSTHOG_URL" default:"https://eu.i.posthog.com" doc:"Where that service is: PostHog's servers in the EU, or your own."`
	PostHogDPA        string         `env:"PARLEY_POSTHOG_DPA" doc:"Reference and date of the data processing agreement with whoever runs PARLEY_POSTHOG_URL, where that is a third company. Without it nothing is sent there; a server of your own network needs none."`
	GeoFile           string         `env:"PARLEY_GEO_FILE" doc:"A MaxMind DB file of cities, such as GeoLite2-City.mmdb, from which the city and country of a sign-in are told; it is read at the start and nothing leaves the machine. Empty: sign-ins show no place."`
	OTLP              secret.Text    `env:"PARLEY_OTLP" doc:"A collector of your own that speaks OpenTelemetry's protocol over HTTP, for example http://127.0.0.1:4318 or https://user:password@collector.example.com: it gets traces of requests, work and outgoing calls, and records of doors and errors. What leaves are names of operations, statuses, words of the program and ids; no text, header, address or account. Empty: nobody gets any."`
	Dev               bool           `env:"PARLEY_DEV" doc:"1 for a development install: shows a banner and allows settings that are unsafe for real customers."`
	ClockOffset       time.Duration  `env:"PARLEY_CLOCK_OFFSET" doc:"Moves the program's clock by a duration such as 25h or -90m. Refused unless PARLEY_DEV=1."`
}

// FromEnvironment is Load with this process's environment, in which flags, by
// the name of their variable, win where they are not empty.
func FromEnvironment(flags map[string]string) (Config, error) {
	return Load(func(name string) string {
		if v := flags[name]; v != "" {
			return v
		}
		return os.Getenv(name)
	})
}

// Only is Load with those variables of this process's environment and no other.
func Only(names ...string) (Config, error) {
	return Load(func(name string) string {
		if slices.Contains(names, name) {
			return os.Getenv(name)
		}
		return ""
	})
}

// Load fills a Config from getenv, which gives "" for what is not set. Values
// are trimmed. The error names every wrong setting, one per line, and never
// shows the value of a secret one.
func Load(getenv func(name string) string) (Config, error) {
	var c Config
	var wrong []error
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		raw := strings.TrimSpace(getenv(tag.Get("env")))
		if raw == "" {
			raw = tag.Get("default")
		}
		if raw == "" {
			continue
		}
		if err := read(v.Field(i), raw); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", tag.Get("env"), err))
		}
	}
	wrong = append(wrong, c.check()...)
	if c.PublicURL == "" {
		c.PublicURL = c.Scheme() + "://" + c.Listen
	}
	return c, errors.Join(wrong...)
}

// Scheme is what the main listener speaks: https with a certificate of its own.
func (c Config) Scheme() string {
	if c.TLSCert != "" {
		return "https"
	}
	return "http"
}

// read sets one field. The kinds here are all that Config has; a new kind fails
// TestEverySettingCanBeRead.
func read(field reflect.Value, raw string) error {
	switch p := field.Addr().Interface().(type) {
	case *string:
		*p = raw
	case *secret.Text:
		*p = secret.New(raw)
	case *bool:
		b, err := strconv.ParseBool(raw)
		if err != nil {
			return fmt.Errorf("%q is not a switch; write 1 or 0", raw)
		}
		*p = b
	case *int:
		n, err := strconv.Atoi(raw)
		if err != nil || n < 0 {
			return fmt.Errorf("%q is not a number; write for example 30", raw)
		}
		*p = n
	case *time.Duration:
		d, err := time.ParseDuration(raw)
		if err != nil {
			return fmt.Errorf("%q is not a duration; write for example 90m or 25h", raw)
		}
		*p = d
	case *Bytes:
		n, err := size(raw)
		*p = n
		return err
	case *[]netip.Prefix:
		list, err := prefixes(raw)
		*p = list
		return err
	default:
		return fmt.Errorf("a setting of kind %s cannot be read", field.Type())
	}
	return nil
}

// Bytes is an amount of storage.
type Bytes int64

func size(raw string) (Bytes, error) {
	number, unit := strings.TrimRight(raw, "kKmMgGtTbB "), int64(1)
	switch strings.ToUpper(strings.TrimSpace(raw[len(number):])) {
	case "KB":
		unit = 1_000
	case "MB":
		unit = 1_000_000
	case "GB":
		unit = 1_000_000_000
	case "TB":
		unit = 1_000_000_000_000
	case "", "B":
	default:
		number = "" // another unit
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/unit/2 {
		return 0, fmt.Errorf("%q is not an amount; write for example 500MB or 20GB", raw)
	}
	return Bytes(n * unit), nil
}

func prefixes(raw string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for part := range strings.SplitSeq(raw, ",") {
		part = strings.TrimSpace(part)
		if addr, err := netip.ParseAddr(part); err == nil {
			list = append(list, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address (10.0.0.1) nor a network (10.0.0.0/8)", part)
		}
		list = append(list, p.Masked())
	}
	return list, nil
}
