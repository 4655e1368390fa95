import { readFile } from 'node:fs/promises'
import { execa } from 'execa'
import type { Failure } from '../../../nouns/index.js'
import type { SandboxProvider } from '../sandbox.js'
import { theCaller } from './caller.js'

type Probe = Awaited<ReturnType<SandboxProvider['probe']>>

/** Programs that it stands on, with the Debian package of each. */
const PROGRAMS = { bwrap: 'bubblewrap', socat: 'socat', unshare: 'util-linux', nsenter: 'util-linux', bash: 'bash' }

let found: Promise<Probe> | undefined

/** Asked before every run: what works keeps working. */
export function probe(): Promise<Probe> {
  const asked = found ?? look()
  found = asked.then((probed) => {
    if (!probed.ready) found = undefined
    return probed
  })
  return found
}

async function look(): Promise<Probe> {
  if (process.platform !== 'linux')
    return missing('bubblewrap works on Linux alone', 'use `sandbox: virtual`, or Linux')
  const absent = await absentPrograms()
  if (absent.length > 0) {
    const packages = [...new Set(absent.map((name) => PROGRAMS[name]))].join(' ')
    return missing(`there is no ${absent.join(', ')} here`, `install ${packages}: \`apt-get install ${packages}\``)
  }
  const { prefix } = theCaller()
  const [program = '', ...words] = [...prefix, 'bwrap', ...TRIAL]
  const tried = await execa(program, words, { reject: false, stdin: 'ignore', cwd: '/' })
  if (tried.exitCode === 0) return { ready: true }
  return missing(`bubblewrap cannot build a sandbox here: ${firstLine(tried.stderr)}`, await remedyFor(tried.stderr))
}

const TRIAL = [
  '--unshare-all',
  '--unshare-user',
  '--disable-userns',
  '--ro-bind',
  '/',
  '/',
  '--proc',
  '/proc',
  '--dev',
  '/dev',
  '--',
  'true',
]

async function absentPrograms(): Promise<(keyof typeof PROGRAMS)[]> {
  const names = Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[]
  const tried = await Promise.all(
    names.map((name) => execa('sh', ['-c', 'command -v "$1"', 'sh', name], { reject: false, stdin: 'ignore' })),
  )
  return names.filter((_, at) => tried[at]?.exitCode !== 0)
}

async function remedyFor(stderr: string): Promise<string> {
  const restricted = (await settingOf('apparmor_restrict_unprivileged_userns')) === '1'
  if (restricted)
    return 'this system forbids user namespaces: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`'
  const forbidden = (await settingOf('unprivileged_userns_clone')) === '0'
  if (forbidden) return 'this system forbids user namespaces: `sudo sysctl kernel.unprivileged_userns_clone=1`'
  if (/disable-userns|Unknown option/i.test(stderr)) return 'install bubblewrap 0.8 or later'
  return 'inside a container, start it with user namespaces and an unmasked /proc, or use `sandbox: virtual`'
}

const settingOf = (name: string): Promise<string> =>
  readFile(`/proc/sys/kernel/${name}`, 'utf8').then(
    (text) => text.trim(),
    () => '',
  )

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? ''

const missing = (message: string, remedy: string): Probe => {
  const failure: Failure = { kind: 'missing', code: 'sandbox.bubblewrap', message, remedy }
  return { ready: false, missing: failure }
}
