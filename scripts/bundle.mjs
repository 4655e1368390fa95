// Puts the command line's own modules, and the small libraries that every command loads, into a few files: a command starts in half the time.
// The library (dist/index.js) stays as tsc made it. Bundled libraries are named in THIRD-PARTY-NOTICES.md like all others.
import path from 'node:path'
import { rolldown } from 'rolldown'

const BUNDLED = ['zod', 'yaml', 'commander', 'picocolors']

const nameOf = (id) =>
  id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/')
const isLeftOut = (id) => !/^[./\0]/.test(id) && !path.isAbsolute(id) && !BUNDLED.includes(nameOf(id))

/** What a module says of its own place must stay true: all bundled files lie in one folder, and name the module's place from there. */
const ownPlaces = (dist, folder) => ({
  name: 'own-places',
  transform(code, id) {
    if (!id.startsWith(dist) || !code.includes('import.meta.')) return null
    const place = path.relative(path.join(dist, folder), id).split(path.sep).join('/')
    const url = `new URL(${JSON.stringify(place.startsWith('.') ? place : `./${place}`)}, import.meta.url).href`
    const told = {
      url: `(${url})`,
      dirname: `process.getBuiltinModule('node:url').fileURLToPath(new URL('.', ${url}))`,
      resolve: `((name) => new URL(name, ${url}).href)`,
    }
    return { code: code.replaceAll(/import\.meta\.(url|dirname|resolve)\b/g, (_, what) => told[what]) }
  },
})

/** Bundles `cli/limi.js` of a built folder in place, and the thread that writes recordings. */
export async function bundle(dist) {
  await bundleThread(dist)
  const built = await rolldown({
    input: path.join(dist, 'cli', 'limi.js'),
    preserveEntrySignatures: false,
    platform: 'node',
    external: isLeftOut,
    plugins: [ownPlaces(dist, 'cli')],
    // No module does anything by being loaded: what a command takes from a folder's index.ts must not bring all of the folder with it.
    treeshake: { moduleSideEffects: false },
    logLevel: 'warn',
  })
  await built.write({
    dir: path.join(dist, 'cli'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'part-[name]-[hash].js',
    // Who records waits for an agent all day: it loads what it needs of this stage, and none of the formats.
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: 'record', test: /(stages\/trajectories\/(record|store)|shared\/memory)\// }],
    },
  })
  await built.close()
}

const SCRIBE = 'shared/recorder/scribe'

/**
 * The thread that writes recordings as one file with what it uses alone: a thread loads all modules again, and of most that an index names it needs
 * nothing (zod, the AI SDK: 20 MB). A module counts as used where something of it is, so none may do its work by being loaded but the entry.
 */
async function bundleThread(dist) {
  const entry = path.join(dist, SCRIBE, 'worker.js')
  const built = await rolldown({
    input: entry,
    platform: 'node',
    external: isLeftOut,
    treeshake: { moduleSideEffects: false, manualPureFunctions: ['z', 'Set', 'Map'] },
    plugins: [ownPlaces(dist, SCRIBE)],
    logLevel: 'warn',
  })
  await built.write({ file: entry, format: 'esm' })
  await built.close()
}
