import { existsSync, lstatSync, readlinkSync } from 'node:fs'

/** Where the workspace lies inside. */
export const WORKSPACE = '/workspace'
export const HOME = '/home/user'
/** Where the socket lies that leads to the one port outside. */
export const BRIDGE = '/run/limi'

const TMP_BYTES = 256 << 20
const SHM_BYTES = 64 << 20

export interface Confinement {
  /** The folder that is the workspace, as the process that starts it sees it. */
  readonly workspace: string
  readonly home: string
  /** Files that name the sandbox's one user and group. */
  readonly users: { readonly passwd: string; readonly group: string }
  readonly cwd: string
  /** Folder of the socket, where there is one. */
  readonly bridge?: string
  readonly readable: readonly string[]
  /** Folders whose `bin` comes first on the `PATH`. */
  readonly tools: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** `host`: that of this machine. */
  readonly network: 'none' | 'host'
}

/** Arguments of bubblewrap: everything unshared, no capability, the system read-only, the workspace and a home to write to. Source: bwrap(1). */
export function confine({
  workspace,
  home,
  users,
  cwd,
  bridge,
  readable,
  tools,
  env,
  network,
}: Confinement): readonly string[] {
  return [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup', '--disable-userns'],
    ...(network === 'none' ? ['--unshare-net'] : []),
    ...['--uid', '1000', '--gid', '1000', '--hostname', 'limi', '--cap-drop', 'ALL'],
    ...['--die-with-parent', '--new-session', '--clearenv'],
    ...Object.entries({ ...ENV, PATH: pathWith(tools), ...env }).flatMap(([name, value]) => ['--setenv', name, value]),
    ...system(),
    ...['--ro-bind', users.passwd, '/etc/passwd', '--ro-bind', users.group, '/etc/group'],
    ...(network === 'none' ? [] : NAMES.flatMap((file) => ['--ro-bind-try', file, file])),
    ...['--proc', '/proc', '--dev', '/dev', '--size', String(SHM_BYTES), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--size', String(TMP_BYTES), '--tmpfs', '/tmp'],
    ...[...tools, ...readable].flatMap((place) => ['--ro-bind', place, place]),
    ...(bridge === undefined ? [] : ['--ro-bind', bridge, BRIDGE]),
    ...['--bind', home, HOME, '--bind', workspace, WORKSPACE, '--chdir', cwd],
    // The root itself lies in memory: what could be written there would have no limit.
    ...['--remount-ro', '/'],
  ]
}

const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

export const pathWith = (tools: readonly string[]): string =>
  [...tools.map((folder) => `${folder}/bin`), ...PATH].join(':')

const ENV = {
  HOME,
  USER: 'user',
  LANG: 'C.UTF-8',
}

/** What programs look up: users (made up, the machine's are nobody's business), libraries, alternatives, certificates, the time zone. */
const ETC = [
  '/etc/alternatives',
  '/etc/ca-certificates',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/pki',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
]

/** What the names of other machines are looked up by. */
const NAMES = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf', '/etc/gai.conf']

function system(): readonly string[] {
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...['/bin', '/lib', '/lib32', '/lib64', '/sbin'].flatMap(topLevel),
    ...ETC.flatMap((place) => ['--ro-bind-try', place, place]),
  ]
}

/** On most systems a link into /usr, on others a folder. */
function topLevel(place: string): readonly string[] {
  if (!existsSync(place)) return []
  return lstatSync(place).isSymbolicLink() ? ['--symlink', readlinkSync(place), place] : ['--ro-bind', place, place]
}
