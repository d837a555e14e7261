package meta

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// read gathers query and body into one object, as the Graph API does.
func (c *call) read(raw []byte) *fault {
	m := map[string]any{}
	form := c.r.URL.Query()
	kind, params, err := mime.ParseMediaType(cmp.Or(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"))
	switch {
	case err != nil:
		return invalid("The content type cannot be read")
	case kind == "multipart/form-data":
		if f := c.readMultipart(raw, params["boundary"], form); f != nil {
			return f
		}
	case len(raw) > maxBody:
		return invalid("The body is larger than %d bytes", maxBody)
	case len(raw) == 0:
	case kind == "application/json":
		if m, err = parseObject(raw); err != nil {
			return c.in.wrong(false, "The body is not a JSON object: "+err.Error())
		}
	case kind == "application/x-www-form-urlencoded":
		posted, err := url.ParseQuery(string(raw))
		if err != nil {
			return invalid("The form cannot be read")
		}
		for k, v := range posted {
			form[k] = append(form[k], v...)
		}
	default:
		return invalid("Unsupported content type %s", kind)
	}
	for k, v := range form {
		if len(v) > 1 {
			return invalid("Param %s is given twice", k)
		}
		m[k] = formValue(v[0])
	}
	c.in.m = m
	return nil
}

// formValue turns a form's JSON into what it stands for.
func formValue(s string) any {
	if strings.HasPrefix(s, "{") {
		if m, err := parseObject([]byte(s)); err == nil {
			return m
		}
	}
	if strings.HasPrefix(s, "[") {
		if m, err := parseObject([]byte(`{"list":` + s + `}`)); err == nil {
			return m["list"]
		}
	}
	return s
}

func (c *call) readMultipart(raw []byte, boundary string, form url.Values) *fault {
	c.files = map[string][]Upload{}
	mr := multipart.NewReader(bytes.NewReader(raw), boundary)
	for {
		p, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return invalid("The multipart body cannot be read")
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return invalid("The multipart body cannot be read")
		}
		if p.FileName() == "" {
			form.Add(p.FormName(), string(data))
			continue
		}
		c.files[p.FormName()] = append(c.files[p.FormName()], Upload{Mime: p.Header.Get("Content-Type"), Name: p.FileName(), Data: data})
	}
}

func bearer(r *http.Request) string {
	t, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return t
}
