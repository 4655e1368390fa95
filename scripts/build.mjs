// Compiles src/ to dist/, bundles the command line, and copies the files that are not TypeScript. `--if-stale`: only when a source is newer than the last build.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const stamp = path.join(root, 'dist', '.built')
const assets = /\.(py|yaml|jinja|txt|css|jsonl|json|html)$/

const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))

const sources = () => [
  ...filesUnder(path.join(root, 'src')),
  path.join(root, 'package.json'),
  path.join(root, 'tsconfig.build.json'),
]

function isFresh() {
  if (!existsSync(stamp)) return false
  const built = statSync(stamp).mtimeMs
  return sources().every((file) => statSync(file).mtimeMs <= built)
}

async function build() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  // Built beside and renamed, so that a type error leaves the last good build.
  const part = path.join(root, 'dist.part')
  rmSync(part, { recursive: true, force: true })
  const options = ['-p', path.join(root, 'tsconfig.build.json'), '--outDir', part]
  execFileSync(process.execPath, [tsc, ...options], { stdio: 'inherit', cwd: root })
  for (const file of filesUnder(path.join(root, 'src')).filter(
    (file) => assets.test(file) && !file.includes('__pycache__'),
  )) {
    cpSync(file, path.join(part, path.relative(path.join(root, 'src'), file)))
  }
  await bundle(part)
  chmodSync(path.join(part, 'cli', 'limi.js'), 0o755)
  rmSync(path.join(root, 'dist'), { recursive: true, force: true })
  renameSync(part, path.join(root, 'dist'))
  writeFileSync(stamp, '')
}

if (!(process.argv.includes('--if-stale') && isFresh())) await build()
