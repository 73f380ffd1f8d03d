package ui

// newRecipes answers: what does a receiver look like that does without the session
// id? It shows one recipe at a time.
func newRecipes(s *session) *sheets {
	checks, all := s.deps.Checks, s.deps.Checks.Recipes()
	p := &sheets{s: s, crumb: "recipes", each: "language", writes: "write a file", write: func(_ []sheet, at int) (string, error) {
		return checks.SaveRecipe(all[at])
	}}
	for _, r := range all {
		title := r.Language
		if r.Variant != "" {
			title += " · " + r.Variant
		}
		p.all = append(p.all, sheet{title: title, file: r.FileName, about: r.About, text: r.Text})
	}
	return p
}
