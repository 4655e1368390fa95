import { mkdtemp, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { FailureError, unwrap, type Failure } from '../nouns/index.js'
import { openProject, writeFileAtomic } from '../shared/project/index.js'
import { findInterpreter, formatBytes, readyEnvironment } from '../shared/python/index.js'
import {
  bubblewrapSandboxes,
  defaultImage,
  dockerSandboxes,
  hasDefaultImage,
  sandboxProvider,
  theEngine,
  type SandboxProvider,
} from '../shared/sandboxes/index.js'
import { cacheOf } from './models.js'

/** One thing that was tried on this machine. */
export interface Finding {
  readonly what: string
  readonly works: boolean
  /** Whether limi's own demo needs it. */
  readonly needed: boolean
  readonly says: string
  readonly remedy?: string
}

const DEMO_BYTES = 9e9

/** Tries what limi needs on this machine; installs nothing. */
export async function examine(dir: string): Promise<readonly Finding[]> {
  const root = path.resolve(dir)
  return [
    tryNode(),
    await tryGit(),
    await tryWriting(root),
    await tryDisk(root),
    await tryConfig(root),
    await trySandbox(),
    await tryRealPrograms(),
    await tryContainers(),
    await tryPython(),
    await tryEngine(root),
  ]
}

function tryNode(): Finding {
  const version = process.versions.node
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const works = major > 20 || (major === 20 && minor >= 19)
  return { what: 'Node', works, needed: true, says: version, remedy: works ? undefined : 'install Node 20.19 or later' }
}

async function tryGit(): Promise<Finding> {
  const asked = await execa('git', ['--version'], { reject: false })
  const works = asked.exitCode === 0
  const says = works ? asked.stdout : 'not found: queries cannot be mined from a repository'
  return { what: 'git', works, needed: false, says, remedy: works ? undefined : 'install git' }
}

async function tryWriting(root: string): Promise<Finding> {
  try {
    const probe = await mkdtemp(path.join(root, '.limi-probe-'))
    const written = await writeFileAtomic(path.join(probe, 'probe'), 'x')
    await rm(probe, { recursive: true, force: true })
    if (written.ok) return { what: 'writing here', works: true, needed: true, says: root }
    return failedFinding('writing here', written.failure)
  } catch (error) {
    return {
      what: 'writing here',
      works: false,
      needed: true,
      says: error instanceof Error ? error.message : String(error),
      remedy: 'choose a folder that you may write to',
    }
  }
}

async function tryDisk(root: string): Promise<Finding> {
  const disk = await statfs(root)
  const free = disk.bavail * disk.bsize
  const works = free > DEMO_BYTES
  const says = `${formatBytes(free)} free; the demo with its Python environment needs about ${formatBytes(DEMO_BYTES)}`
  return { what: 'disk', works, needed: true, says, remedy: works ? undefined : 'free some space' }
}

async function tryConfig(root: string): Promise<Finding> {
  const opened = await openProject(root)
  if (opened.ok) {
    const warnings = opened.value.warnings.join('; ')
    return { what: 'limi.yaml', works: true, needed: false, says: warnings === '' ? 'valid' : warnings }
  }
  if (opened.failure.code === 'project.absent') {
    return { what: 'limi.yaml', works: true, needed: false, says: 'none here: `limi init` makes one' }
  }
  return failedFinding('limi.yaml', opened.failure)
}

async function trySandbox(): Promise<Finding> {
  const provider = sandboxProvider('virtual')
  if (!provider.ok) return failedFinding('virtual sandbox', provider.failure)
  const probe = await provider.value.probe()
  if (!probe.ready) return failedFinding('virtual sandbox', probe.missing)
  const broken = await tryCommand(provider.value)
  if (broken !== null) return failedFinding('virtual sandbox', broken)
  return {
    what: 'virtual sandbox',
    works: true,
    needed: true,
    says: 'runs commands; nothing of this machine is reachable',
  }
}

/** Code that a model wrote runs nowhere but inside such a sandbox. */
async function tryRealPrograms(): Promise<Finding> {
  const what = 'bubblewrap sandbox'
  const probed = await bubblewrapSandboxes.probe()
  const broken = probed.ready ? await tryCommand(bubblewrapSandboxes) : probed.missing
  if (broken === null) return { what, works: true, needed: false, says: 'runs real programs behind walls' }
  const finding = failedFinding(what, broken)
  return { ...finding, needed: false, says: `${finding.says}: real programs do not run` }
}

/** Pulls nothing: an image that is not there yet is only told. */
async function tryContainers(): Promise<Finding> {
  const what = 'docker sandbox'
  const probed = await dockerSandboxes.probe()
  if (!probed.ready) return { ...failedFinding(what, probed.missing), needed: false }
  const engine = await theEngine()
  if (!(await hasDefaultImage(engine))) {
    const says = `${engine.name} answers; it pulls ${defaultImage()} when a sandbox without an image is first made`
    return { what, works: true, needed: false, says }
  }
  const broken = await tryCommand(dockerSandboxes)
  if (broken !== null) return { ...failedFinding(what, broken), needed: false }
  return { what, works: true, needed: false, says: `${engine.name} runs containers of images` }
}

/** What keeps a sandbox from running a command; null where it runs one. */
async function tryCommand(provider: SandboxProvider): Promise<Failure | null> {
  try {
    const sandbox = unwrap(await provider.create({ files: {} }))
    const tried = await sandbox.exec('echo ready').finally(() => sandbox.dispose())
    if (tried.stdout === 'ready\n') return null
    const message = `the shell of the ${provider.name} sandbox does not answer: ${tried.stderr}`
    return { kind: 'missing', code: 'sandbox.broken', message, remedy: 'install the dependencies again: `npm ci`' }
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
}

async function tryPython(): Promise<Finding> {
  const found = await findInterpreter()
  if (!found.ok) return failedFinding('Python', found.failure)
  return { what: 'Python', works: true, needed: true, says: `${found.value.version} (${found.value.path})` }
}

async function tryEngine(root: string): Promise<Finding> {
  const cache = await cacheOf(root)
  const environment = await readyEnvironment(cache, 'trl').catch((error: unknown) => {
    if (error instanceof FailureError) return null
    throw error
  })
  if (environment === null) {
    const says = 'not installed yet: the first training installs it, and says how large it is before it does'
    return { what: 'training engine (TRL)', works: true, needed: false, says }
  }
  const says = `PyTorch ${environment.versions['torch'] ?? '?'}, TRL ${environment.versions['trl'] ?? '?'} (${environment.backend})`
  return { what: 'training engine (TRL)', works: true, needed: false, says }
}

function failedFinding(what: string, failure: Failure): Finding {
  return { what, works: false, needed: true, says: failure.message, remedy: failure.remedy }
}
