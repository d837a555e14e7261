package text

// keptWords bounds a comparison, which takes time by the product of both.
const keptWords = 600

// Kept is how many of a hundred words of one text are left, in their order, in
// what was made of it. A text without words is kept whole.
func Kept(before, after string) int {
	a, b := folded(before), folded(after)
	if len(a) == 0 {
		return 100
	}
	row := make([]int, len(b)+1) // longest common subsequence, one row at a time
	for _, word := range a {
		diagonal := 0
		for j, other := range b {
			above := row[j+1]
			if word == other {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)] * 100 / len(a)
}

func folded(s string) []string {
	var all []string
	for _, w := range Words(Fold(s)) {
		if len(all) == keptWords {
			break
		}
		all = append(all, w.Text)
	}
	return all
}
