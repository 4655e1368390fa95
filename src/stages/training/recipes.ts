import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { done, failed, RecipeOverrides, type Recipe, type Result } from '../../nouns/index.js'
import { readYaml } from '../../shared/yaml/index.js'
import { checkRecipe } from './recipes/check.js'

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'recipes')

/** Names of the recipes that limi ships. */
export async function recipeNames(): Promise<readonly string[]> {
  const files = await readdir(folder)
  return files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length))
}

/** A shipped recipe by name, or one of the user's own by the path of its YAML file, with overrides. */
export async function loadRecipe(name: string, overrides: RecipeOverrides = {}): Promise<Result<Recipe>> {
  const isFile = name.endsWith('.yaml') || name.endsWith('.yml')
  const names = await recipeNames()
  if (!isFile && !names.includes(name)) {
    const remedy = `choose ${names.join(', ')}, or name a YAML file`
    return failed({ kind: 'input', code: 'recipe.unknown', message: `no recipe is named ${name}`, remedy })
  }
  const file = isFile ? path.resolve(name) : path.join(folder, `${name}.yaml`)
  return readRecipe(file, overrides)
}

async function readRecipe(file: string, overrides: RecipeOverrides): Promise<Result<Recipe>> {
  const given = RecipeOverrides.safeParse(overrides)
  if (!given.success) return failed(oddOverride(given.error))
  // The file's own words come back, so that whatever is wrong is told with its line.
  const schema = z.unknown().superRefine((raw, context) => {
    const recipe = checkRecipe(raw, overrides)
    if ('message' in recipe) context.addIssue({ code: 'custom', path: [...recipe.path], message: recipe.message })
  })
  const read = await readYaml(file, { schema, code: 'recipe.invalid', remedy: REMEDY })
  if (!read.ok) return read
  const recipe = checkRecipe(read.value, overrides)
  return 'message' in recipe ? failed({ kind: 'input', code: 'recipe.invalid', where: file, ...recipe }) : done(recipe)
}

const REMEDY = 'correct the recipe; docs/training.md says what each setting does'

const oddOverride = ({ issues: [issue] }: z.ZodError) => ({
  kind: 'input' as const,
  code: 'recipe.invalid',
  message: `${issue?.path.join('.') ?? ''}, given in place of the recipe’s own: ${issue?.message ?? 'invalid'}`,
  remedy: 'correct what is given beside the recipe, or leave it out',
})
