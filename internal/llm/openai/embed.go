package openai

import (
	"context"

	"parley/internal/llm"
)

// embedRequest is the part of the Embeddings API that is used.
type embedRequest struct {
	Model      string   `json:"model"`
	Input      []string `json:"input"`
	Dimensions int      `json:"dimensions,omitempty"`
	Format     string   `json:"encoding_format"`
}

// embedded is the part of an answer that is read. A number that a float32 does
// not hold makes it unreadable.
type embedded struct {
	Model string
	Data  []struct {
		Index     int
		Embedding []float32
	}
	Usage struct {
		In llm.Tokens `json:"prompt_tokens"`
	}
}

// Embed asks for vectors.
func (a *Adapter) Embed(ctx context.Context, r llm.EmbedRequest) (llm.Vectors, error) {
	if err := r.Check(); err != nil {
		return llm.Vectors{}, err
	}
	body, err := llm.Body(embedRequest{r.Model, r.Texts, r.Dimensions, "float"})
	if err != nil {
		return llm.Vectors{}, err
	}
	got, err := a.post(ctx, "embeddings", body)
	if err != nil {
		return llm.Vectors{}, err
	}
	out, err := readVectors(got.Body, r)
	if err != nil {
		return llm.Vectors{}, a.completed(err, got)
	}
	out.RequestID = a.requestID(got)
	return out, nil
}

func readVectors(answer []byte, r llm.EmbedRequest) (llm.Vectors, error) {
	var res embedded
	if err := llm.Read(answer, &res); err != nil {
		return llm.Vectors{}, err
	}
	out := llm.Vectors{Model: res.Model, List: make([][]float32, len(r.Texts)), Usage: llm.Usage{In: res.Usage.In.Int()}}
	for _, e := range res.Data {
		if e.Index < 0 || e.Index >= len(r.Texts) || out.List[e.Index] != nil {
			return llm.Vectors{}, broken("a vector belongs to no text")
		}
		out.List[e.Index] = e.Embedding
	}
	out.Dimensions = len(out.List[0])
	for _, v := range out.List {
		if len(v) == 0 || len(v) != out.Dimensions || r.Dimensions > 0 && len(v) != r.Dimensions {
			return llm.Vectors{}, broken("the vectors are not one for each text, all of one length")
		}
	}
	return out, nil
}
