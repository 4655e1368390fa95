import { rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { ownFolder } from './leftovers.js'

/** As the runtime specification of containers has it; only what is looked at. */
const Profile = z.looseObject({
  syscalls: z.array(z.looseObject({ names: z.array(z.string()), action: z.string() })),
})
type Profile = z.infer<typeof Profile>

const PODMANS = ['/etc/containers/seccomp.json', '/usr/share/containers/seccomp.json']

const ALLOW = 'SCMP_ACT_ALLOW'
const ERRNO = 'SCMP_ACT_ERRNO'
const [EPERM, ENOSYS] = [1, 38]

/** Key rings that namespaces do not part, and namespaces of one's own. */
const REFUSED = ['add_key', 'request_key', 'keyctl', 'unshare', 'io_uring_setup', 'io_uring_enter', 'io_uring_register']
/** Programs do without. Of clone3 a filter cannot see the arguments. */
const ABSENT = ['memfd_create', 'memfd_secret', 'clone3']
const NAMESPACES = 0x7e020000
const TIOCSTI = 0x5412

let made: Promise<string | null> | undefined

/**
 * Podman's own filter of system calls allows more than Docker's: key rings, namespaces. A file with it made stricter; null where it has none.
 */
export function strictProfile(): Promise<string | null> {
  made ??= write()
  return made
}

async function write(): Promise<string | null> {
  for (const place of PODMANS) {
    const text = await readFile(place, 'utf8').catch(() => null)
    if (text === null) continue
    const folder = await ownFolder()
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    const file = path.join(folder, 'profile.json')
    writeFileSync(file, JSON.stringify(stricter(Profile.parse(JSON.parse(text)))))
    return file
  }
  return null
}

function stricter(profile: Profile): unknown {
  const ours = new Set([...REFUSED, ...ABSENT, 'clone', 'ioctl'])
  const others = profile.syscalls
    .map((rule) => ({ ...rule, names: rule.names.filter((name) => !ours.has(name)) }))
    .filter(({ names }) => names.length > 0)
  return {
    ...profile,
    syscalls: [
      ...others,
      { names: REFUSED, action: ERRNO, errnoRet: EPERM },
      { names: ABSENT, action: ERRNO, errnoRet: ENOSYS },
      {
        names: ['clone'],
        action: ALLOW,
        args: [{ index: 0, value: NAMESPACES, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
      },
      { names: ['ioctl'], action: ALLOW, args: [{ index: 1, value: TIOCSTI, op: 'SCMP_CMP_NE' }] },
      { names: ['ioctl'], action: ERRNO, errnoRet: EPERM, args: [{ index: 1, value: TIOCSTI, op: 'SCMP_CMP_EQ' }] },
    ],
  }
}
