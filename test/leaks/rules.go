package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"regexp"
)

// rule is one form of a secret. Its words spare the expression on most lines.
type rule struct {
	name  string
	words []string       // one of them stands in every match, in small letters
	form  *regexp.Regexp // its last group is the secret
	bits  float64        // least entropy of a character
}

// rules are the forms that the usual scanners look for, of the vendors a program
// like this one or its makers could have a key of, and Parley's own.
func rules() []rule {
	form := func(name, expression string, words ...string) rule {
		return rule{name: name, words: words, form: regexp.MustCompile(expression)}
	}
	return []rule{
		form("private key", `-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----`, "private key"),
		form("age", `AGE-SECRET-KEY-1[0-9A-Z]{58}`, "age-secret-key"),
		form("aws", `\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b`, "akia", "asia", "abia", "acca"),
		form("github", `\b(gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{82})\b`, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
		form("gitlab", `\b(glpat-[\w-]{20})`, "glpat-"),
		form("slack", `\b(xox[abeoprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/[A-Za-z0-9+/]{40,})`, "xox", "hooks.slack.com"),
		form("stripe", `\b([sr]k_(?:live|test|prod)_[0-9A-Za-z]{10,99})\b`, "sk_", "rk_"),
		form("google", `\b(AIza[\w-]{35}|GOCSPX-[\w-]{28})`, "aiza", "gocspx-"),
		form("openai", `\b(sk-(?:(?:proj|svcacct|admin)-[\w-]{40,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}))`, "sk-"),
		form("anthropic", `\b(sk-ant-(?:api|admin)\d\d-[\w-]{80,})`, "sk-ant-"),
		form("meta", `\b(EAA[A-Za-z0-9]{60,})`, "eaa"),
		form("sendgrid", `\b(SG\.[\w-]{22}\.[\w-]{43})`, "sg."),
		form("mailgun", `\b(key-[0-9a-f]{32})\b`, "key-"),
		form("twilio", `\b(SK[0-9a-f]{32})\b`, "sk"),
		form("telegram", `\b(\d{8,10}:AA[\w-]{33})\b`, ":aa"),
		form("npm", `\b(npm_[A-Za-z0-9]{36})\b`, "npm_"),
		form("pypi", `\b(pypi-AgEIcHlwaS5vcmc[\w-]{50,})`, "pypi-"),
		form("digitalocean", `\b(do[opr]_v1_[0-9a-f]{64})\b`, "_v1_"),
		form("huggingface", `\b(hf_[A-Za-z]{34})\b`, "hf_"),
		form("posthog", `\b(ph[cx]_[A-Za-z0-9]{43})\b`, "phc_", "phx_"),
		form("sentry", `\b(sntry[su]_[\w+/=.-]{40,}|https://[0-9a-f]{32}:[0-9a-f]{32}@)`, "sntry", "https://"),
		form("token", `\b(eyJ[\w-]{17,}\.eyJ[\w-]{17,}\.[\w-]{10,})`, "eyj"),
		form("parley", `\b(pk_[\w-]{43})`, "pk_"),
		form("address with a password", `\b[a-z][a-z0-9+]{2,12}://[\w.-]{1,64}:([^\s/:@"'<>{}$%?#,`+"`"+`\\]{8,80})@[\w.]`, "://"),
		{name: "value of a key", words: []string{"key", "token", "secret", "passw", "credential"}, bits: 4.2,
			form: regexp.MustCompile(`(?i)(?:key|token|secret|passw(?:or)?d|credential)s?["'\]]{0,2}\s{0,3}(?::=|=>|=|:|,)\s{0,3}["'` + "`" + `]([\w+/=.-]{24,150})["'` + "`" + `]`)},
	}
}

// found is a value that looks like a secret.
type found struct{ rule, hash string }

// look reads one line.
func look(all []rule, line []byte) (out []found) {
	small := bytes.ToLower(line)
	for _, r := range all {
		if !r.worth(small) {
			continue
		}
		for _, m := range r.form.FindAllSubmatch(line, -1) {
			if s := m[len(m)-1]; r.bits == 0 || entropy(s) >= r.bits && bytes.ContainsAny(s, "0123456789") {
				sum := sha256.Sum256(s)
				out = append(out, found{r.name, hex.EncodeToString(sum[:6])})
			}
		}
	}
	return out
}

func (r rule) worth(small []byte) bool {
	for _, w := range r.words {
		if bytes.Contains(small, []byte(w)) {
			return true
		}
	}
	return false
}

// entropy is Shannon's, in bits of a character.
func entropy(b []byte) (bits float64) {
	var n [256]int
	for _, c := range b {
		n[c]++
	}
	for _, k := range n {
		if k > 0 {
			p := float64(k) / float64(len(b))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
