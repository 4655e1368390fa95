import { BRIDGES, TOLD } from './places.js'

/** The variable by which a process and what it starts are known; a process can drop it, and is then ended when all are. */
export const MARK = 'LIMI_RUN'

/** Ends what carries a mark. */
export const END_MARKED = `
for folder in /proc/[0-9]*; do
  if grep -qaF "${MARK}=$1" "$folder/environ" 2>/dev/null; then kill -9 "\${folder#/proc/}" 2>/dev/null; fi
done
`

const BEGIN = '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null'

/** A shell that says through a slot in which folder the command ended. */
const SHELL = `${BEGIN}
command exec 3<>"${TOLD}/$1" || exec 3>/dev/null
if ! cd -- "$2" 2>/dev/null; then cd -- "$3"; echo "bash: $2 is gone: back in $PWD" >&2; fi
__limi_command=$4
set --
trap 'pwd -P >&3 2>/dev/null || echo "$PWD" >&3' EXIT
eval "$__limi_command"
`

const PROGRAM = `${BEGIN}
cd -- "$1" || exit 126
shift
exec "$@"
`

/** Whether there is a program that leads a port to a socket. */
export const CAN_RELAY = 'command -v socat || command -v perl || command -v python3 || command -v node'

const NO_RELAY = 'echo "limi: nothing listens on port $1: the relay did not begin" >&2; exit 97'

/** Leads one port of the container's loopback to a socket, by whichever of four programs there is, and goes on once it listens. */
const RELAYED = `
listens() { grep -q "^ *[0-9]*: 0100007F:$hex 00000000:0000 0A" /proc/net/tcp; }
hex=$(printf %04X "$1")
socket="${BRIDGES}/$2/port"
if command -v socat >/dev/null; then socat "TCP4-LISTEN:$1,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$socket" </dev/null >/dev/null 2>&1 &
elif command -v perl >/dev/null; then perl -e "$3" "$1" "$socket" </dev/null >/dev/null 2>&1 &
elif command -v python3 >/dev/null; then python3 -c "$4" "$1" "$socket" </dev/null >/dev/null 2>&1 &
elif command -v node >/dev/null; then node -e "$5" "$1" "$socket" </dev/null >/dev/null 2>&1 &
fi
for try in $(seq 100); do listens && break; sleep 0.05; done
listens || { ${NO_RELAY}; }
shift 5
`

/** Without a module, which small images lack: numbers and addresses are Linux's own (socket(7), ip(7), unix(7)). */
const PERL = String.raw`my ($port, $path) = @ARGV; $SIG{CHLD} = 'IGNORE';
socket(my $s, 2, 1, 0) or die; setsockopt($s, 1, 2, 1); bind($s, pack('S n a4 x8', 2, $port, "\x7f\0\0\1")) or die; listen($s, 64);
sub pass { my ($from, $to) = @_; while (sysread($from, my $b, 65536)) { my $at = 0;
  while ($at < length $b) { my $n = syswrite($to, $b, length($b) - $at, $at); exit unless $n; $at += $n } } shutdown($to, 1) }
while (accept(my $c, $s)) { next if fork; socket(my $u, 1, 1, 0); connect($u, pack('S a108', 1, $path)) or exit;
  $SIG{CHLD} = 'DEFAULT'; if (fork) { pass($c, $u); wait } else { pass($u, $c) } exit }`

const PYTHON = `import asyncio, sys
async def copy(r, w):
    try:
        while data := await r.read(65536):
            w.write(data); await w.drain()
        w.write_eof()
    except OSError: w.close()
async def one(r, w):
    far = await asyncio.open_unix_connection(sys.argv[2])
    await asyncio.gather(copy(r, far[1]), copy(far[0], w)); w.close(); far[1].close()
async def main():
    async with await asyncio.start_server(one, "127.0.0.1", int(sys.argv[1])) as server: await server.serve_forever()
asyncio.run(main())`

const NODE = `const net = require('net'); const [port, path] = process.argv.slice(1);
net.createServer({ allowHalfOpen: true }, (near) => { const far = net.connect({ path, allowHalfOpen: true });
  for (const one of [near, far]) one.on('error', () => { near.destroy(); far.destroy() });
  near.pipe(far); far.pipe(near) }).listen(Number(port), '127.0.0.1')`

/** In bash where there is one. */
const shell = (script: string, words: readonly string[]): readonly string[] => [
  ...['/bin/sh', '-c', 'if [ -x /bin/bash ]; then exec /bin/bash -c "$@"; else exec /bin/sh -c "$@"; fi', 'sh'],
  ...[script, 'bash', ...words],
]

export interface Places {
  readonly folder: string
  readonly workspace: string
  readonly slot: number
}

/** A command of a shell, from a folder on. */
export const shellCommand = (command: string, { folder, workspace, slot }: Places): readonly string[] =>
  shell(SHELL, [String(slot), folder, workspace, command])

export interface Relay {
  readonly port: number
  /** Folder of its socket. */
  readonly name: string
}

/** A program and its words, as they are. */
export function programCommand(command: readonly string[], folder: string, relay?: Relay): readonly string[] {
  if (relay === undefined) return shell(PROGRAM, [folder, ...command])
  return shell(RELAYED + PROGRAM, [String(relay.port), relay.name, PERL, PYTHON, NODE, folder, ...command])
}

/** A script of our own, for what is done to files. */
export const scriptCommand = (script: string, words: readonly string[]): readonly string[] => shell(script, words)
