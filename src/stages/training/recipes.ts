import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { done, failed, Recipe, type RecipeOverrides, type Result } from '../../nouns/index.js'
import { diskFailure } from '../../shared/project/index.js'

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
  let value: unknown
  try {
    value = parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && error.name === 'YAMLParseError') return failed(invalid(file, error.message))
    return failed(diskFailure(error, file))
  }
  const parsed = Recipe.safeParse(withOverrides(value as object, overrides))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return failed(invalid(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`))
  }
  if (parsed.data.method === 'full' && parsed.data.lora !== undefined) {
    return failed(invalid(file, 'lora: method full trains every weight and has no adapters'))
  }
  if (parsed.data.method !== 'full' && parsed.data.lora === undefined) {
    return failed(invalid(file, `lora: method ${parsed.data.method} needs its rank and alpha`))
  }
  return done(parsed.data)
}

/** Steps replace epochs and the other way round. */
function withOverrides(recipe: object, overrides: RecipeOverrides): object {
  const length = overrides.steps ?? overrides.epochs
  return { ...recipe, ...(length !== undefined && { steps: undefined, epochs: undefined }), ...overrides }
}

const invalid = (where: string, message: string) => ({
  kind: 'input' as const,
  code: 'recipe.invalid',
  message,
  where,
  remedy: 'correct the recipe',
})
