import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { parseJson } from '../../../shared/project/index.js'
import { execute } from '../../../shared/python/index.js'

/** Names the Python that LLaMA-Factory is installed for, where its command is not on PATH. */
export const PYTHON_VARIABLE = 'LIMI_LLAMAFACTORY_PYTHON'

const COMMAND = 'llamafactory-cli'

export interface Installed {
  readonly python: string
  readonly versions: Readonly<Record<string, string>>
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The Python that runs LLaMA-Factory, and the versions of what decides a result. Failure: `llamafactory.missing`. */
export async function findInstalled(env: Environment): Promise<Result<Installed>> {
  const named = env[PYTHON_VARIABLE] ?? ''
  const python = named === '' ? await pythonOnPath(env) : named
  if (python === null) return failed(missing(`there is no ${COMMAND} on PATH`))
  const asked = await execute(python, ['-c', VERSIONS], { timeoutMs: 120_000 })
  if (!asked.ok) return failed(missing(`${python} has no LLaMA-Factory: ${asked.failure.message}`, python))
  const versions = parseJson(asked.value.stdout.trim(), z.record(z.string(), z.string()), python)
  return versions.ok ? done({ python, versions: versions.value }) : versions
}

/** A checkout has no package metadata, so its version is asked of its own code. */
const VERSIONS = `
import json, platform
from importlib import metadata
from llamafactory.extras.env import VERSION
found = {"python": platform.python_version(), "llamafactory": VERSION}
for name in ("torch", "transformers", "datasets", "accelerate", "peft", "trl"):
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
`

/** The interpreter that the installed command names in its first lines. */
async function pythonOnPath(env: Environment): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(path.delimiter)) {
    if (folder === '') continue
    const text = await readFile(path.join(folder, COMMAND), 'utf8').catch(() => null)
    const python = text === null ? null : interpreterIn(text)
    if (python !== null) return python
  }
  return null
}

/** `#!PYTHON`, or, where the path is long or has spaces, a shell line that runs it: `'''exec' "PYTHON" "$0" "$@"`. */
function interpreterIn(script: string): string | null {
  const direct = /^#!\s*(\S*python\S*)/.exec(script)
  const wrapped = /^'''exec' "?([^"\n]+?)"? "\$0"/m.exec(script)
  return direct?.[1] ?? wrapped?.[1] ?? null
}

/** Its environment is the user's own: limi neither made it nor may make it anew. */
export const mendOf = ({ python }: Installed): string =>
  `mend the environment of LLaMA-Factory: \`${python} -m pip check\` says what does not fit, \`${python} -m pip install llamafactory\` adds what is missing; or name another Python in ${PYTHON_VARIABLE}`

const missing = (message: string, where?: string): Failure => ({
  kind: 'missing',
  code: 'llamafactory.missing',
  message,
  ...(where !== undefined && { where }),
  remedy: `install LLaMA-Factory in a Python environment of its own (pip install llamafactory), and put its ${COMMAND} on PATH or its python into ${PYTHON_VARIABLE}`,
})
