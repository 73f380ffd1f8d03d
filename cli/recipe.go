package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"sidestep/receiver/recipes"
)

type recipeFlags struct {
	variant, folder string
	json            bool
}

type recipesJSON struct {
	Schema  string       `json:"schema"`
	Recipes []recipeJSON `json:"recipes"`
}

type recipeJSON struct {
	Lang     string            `json:"lang"`
	Name     string            `json:"name"`
	File     string            `json:"file"`
	Variants []recipes.Variant `json:"variants"`
	RunWith  string            `json:"runWith"`
	Needs    string            `json:"needs"`
	Remark   string            `json:"remark"`
}

func recipeCommand(w World) *cobra.Command {
	var f recipeFlags
	cmd := &cobra.Command{
		Use:   "recipe [LANG]",
		Short: "Print a receiver that needs no session id, for a developer to start from",
		Long: `Prints a short receiver of outbound messages in the language LANG, or writes it
into a folder. It checks the org id, stores, acknowledges, and then calls back with
a token of its own (client credentials), which it renews once when it is refused.

With --variant rest it calls back through REST; with --variant soap the call stays
as it was, and only the session comes from elsewhere. Without LANG the languages
are listed, each with what its receiver was run with.`,
		Example: "  sidestep recipe java --variant soap\n  sidestep recipe csharp -o for-the-developer",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrong("run: sidestep recipe", "one language at a time")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return w.recipe(cmd, args, f) },
	}
	for _, r := range recipes.List() {
		cmd.ValidArgs = append(cmd.ValidArgs, r.Lang)
	}
	fl := cmd.Flags()
	fl.StringVar(&f.variant, "variant", string(recipes.REST), "how it calls back: "+words(recipes.Variants))
	fl.StringVarP(&f.folder, "output", "o", "", "write it into the `FOLDER`; no file is replaced")
	fl.BoolVar(&f.json, "json", false, "list the languages as JSON")
	complete(cmd, "variant", recipes.Variants)
	return cmd
}

func (w World) recipe(cmd *cobra.Command, args []string, f recipeFlags) error {
	v := recipes.Variant(f.variant)
	switch {
	case !slices.Contains(recipes.Variants, v):
		return wrong("choose one of "+words(recipes.Variants), "there is no variant %q", f.variant)
	case len(args) == 0 && (f.folder != "" || cmd.Flags().Changed("variant")):
		return wrong("run: sidestep recipe, for a list", "in which language?")
	case len(args) == 1 && f.json:
		return wrong("leave out --json, or the language", "a receiver is no JSON")
	case len(args) == 0 && f.json:
		return w.printRecipes()
	case len(args) == 0:
		return w.tellRecipes()
	}
	r, ok := recipes.Find(args[0])
	if !ok {
		return wrong("run: sidestep recipe, for a list", "there is no receiver in %q", args[0])
	}
	if !cmd.Flags().Changed("output") {
		return w.print([]byte(r.Text(v)))
	}
	path, err := r.Write(f.folder, v)
	if errors.Is(err, fs.ErrExist) {
		return advise(fmt.Errorf("%s is there already", path), "it was left as it is; choose another folder")
	}
	if err != nil {
		return advise(fmt.Errorf("the receiver can't be written: %w", err), "choose a folder that you may write to")
	}
	w.say("Written: %s (run with %s)", path, r.RunWith)
	return nil
}

func (w World) tellRecipes() error {
	rows := [][]string{{"LANG", "FILE", "RUN WITH", "NEEDS"}}
	var remarks []string
	for _, r := range recipes.List() {
		rows = append(rows, []string{r.Lang, r.File, r.RunWith, r.Needs})
		if r.Remark != "" {
			remarks = append(remarks, r.Name+": "+r.Remark)
		}
	}
	text := newPage(false)
	text.Write(table(rows))
	text.WriteByte('\n')
	for _, r := range remarks {
		text.line(0, "%s", r)
	}
	return w.print(text.Bytes())
}

func (w World) printRecipes() error {
	out := recipesJSON{Schema: "sidestep.recipes/v1"}
	for _, r := range recipes.List() {
		out.Recipes = append(out.Recipes, recipeJSON{r.Lang, r.Name, r.File, recipes.Variants, r.RunWith, r.Needs, r.Remark})
	}
	return w.printJSON(out)
}
