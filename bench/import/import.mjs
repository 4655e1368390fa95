// How fast `limi trajectories import` reads, and in how much memory, beside LIMI's own converter:
//   node bench/import/import.mjs [--mb 256] [--only events-repeat,session] [--limi dist/cli/limi.js] [--peer CHECKOUT] [--dir DIR]
// The inputs are made from seeds. `--peer` is a checkout of GAIR-NLP/LIMI (or LIMI_PEER_LIMI). CPU seconds are user and system
// together, so that a busy machine changes them less than the wall clock; ours and the peer's run one after the other. How fast the core is at that
// moment says the column `JSON`: JSON.parse and JSON.stringify of lines of the same input, right before; an import does both, and more.
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { eventLogs, freshFolder, madeSession, openaiArray, openaiLines, piSession } from './inputs.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
const { values: options } = parseArgs({
  options: {
    mb: { type: 'string', default: '256' },
    only: { type: 'string' },
    limi: { type: 'string', default: path.join(root, 'dist', 'cli', 'limi.js') },
    peer: { type: 'string', default: process.env.LIMI_PEER_LIMI ?? '' },
    dir: { type: 'string', default: os.tmpdir() },
  },
})
const bytes = Number(options.mb) * 1e6
const shared = process.env.LIMI_SHARED_DATA ?? path.resolve(root, '..', 'shared', 'data')
const pi = path.join(shared, 'sessions', 'pi-large-session.jsonl')

const KINDS = {
  'records of 8 KB': (folder) => openaiLines(folder, bytes, 8192),
  'records of 200 KB': (folder) => openaiLines(folder, bytes, 200_000),
  ...(existsSync(pi) ? { 'pi session': (folder) => piSession(folder, bytes, pi) } : {}),
  'made session': (folder) => madeSession(folder, bytes),
  'events, repeated': (folder) => eventLogs(folder, bytes, true),
  'events, single': (folder) => eventLogs(folder, bytes, false),
  'one array': (folder) => openaiArray(folder, bytes),
}

/** Seconds of CPU and of the wall, and peak resident memory in MB, of `limi trajectories import` in a project of its own. */
function measureLimi(input, project) {
  const used = path.join(project, 'used.json')
  const hook = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(used)},JSON.stringify(process.resourceUsage())))`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, options.limi]
  writeFileSync(path.join(project, 'limi.yaml'), 'name: bench\n')
  const since = performance.now()
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...args, 'trajectories', 'import', input, '--json', '--project', project],
    { encoding: 'utf8', maxBuffer: 1 << 30 },
  )
  const wall = (performance.now() - since) / 1000
  if (status !== 0) throw new Error(`${stderr.slice(-500)}${stdout.slice(-500)}`)
  const report = JSON.parse(stdout)
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(used, 'utf8'))
  const messages = report.imported.reduce((sum, one) => sum + one.messages, 0)
  return {
    wall,
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    memory: maxRSS / 1024,
    imported: report.imported.length,
    messages,
  }
}

function measurePeer(input, folder) {
  const script = path.join(options.peer, 'scripts', 'data_prepare', 'events2messages.py')
  if (options.peer === '' || !existsSync(script)) return null
  const run = `import resource,runpy,sys
sys.argv=['x','--raw_dir',${JSON.stringify(input)},'--output_dir',${JSON.stringify(folder)}]
try: runpy.run_path(${JSON.stringify(script)},run_name='__main__')
except SystemExit: pass
used=resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime+used.ru_stime,used.ru_maxrss,file=sys.stderr)`
  const { stderr, status } = spawnSync('python3', ['-c', run], { encoding: 'utf8', maxBuffer: 1 << 30 })
  if (status !== 0) throw new Error(stderr.slice(-500))
  const [cpu, memory] = stderr.trim().split(/\s+/).slice(-2).map(Number)
  return { cpu, memory: memory / 1024 }
}

const SAMPLE_BYTES = 16e6

/** Not the whole file: what this process holds counts as the peak of those that it starts. */
function beginningOf(file) {
  const descriptor = openSync(file)
  const bytes = Buffer.alloc(Math.min(SAMPLE_BYTES, statSync(file).size))
  readSync(descriptor, bytes)
  closeSync(descriptor)
  return bytes.toString('utf8')
}

/** MB per CPU second of parsing and writing JSON, on the first lines of a file (or its whole, where it has none). */
function measureJson(file) {
  const text = beginningOf(file)
  const lines = text.includes('\n')
    ? text.split('\n').slice(0, -1)
    : (text.match(/\{"messages".*?(?=,\{"messages"|\]$)/g) ?? [text])
  const parses = lines.filter((line) => {
    try {
      return JSON.parse(line) !== undefined
    } catch {
      return false
    }
  })
  const before = process.cpuUsage()
  let bytes = 0
  for (const line of parses) bytes += Buffer.byteLength(JSON.stringify(JSON.parse(line)))
  const { user, system } = process.cpuUsage(before)
  return bytes / (user + system)
}

const cell = (value) => (value === undefined ? '' : value.toFixed(value < 10 ? 1 : 0))
const rows = []
const only = options.only?.split(',')
for (const [kind, make] of Object.entries(KINDS)) {
  if (only !== undefined && !only.some((one) => kind.includes(one))) continue
  const folder = mkdtempSync(path.join(options.dir, 'limi-bench-import-'))
  try {
    const input = freshFolder(folder, 'in')
    const files = await make(input)
    const megabytes = files.reduce((sum, file) => sum + file.bytes, 0) / 1e6
    const json = measureJson(files[0].path)
    const ours = measureLimi(input, freshFolder(folder, 'project'))
    const peer = kind.startsWith('events') ? measurePeer(input, path.join(folder, 'peer')) : null
    const speed = megabytes / ours.cpu
    const peerSpeed = peer === null ? undefined : megabytes / peer.cpu
    rows.push([
      ...[
        kind,
        cell(megabytes),
        String(ours.imported),
        String(ours.messages),
        cell(megabytes / ours.wall),
        cell(speed),
        cell(ours.memory),
      ],
      ...[cell(json), (speed / json).toFixed(2)],
      ...[cell(peerSpeed), cell(peer?.memory), peerSpeed === undefined ? '' : (speed / peerSpeed).toFixed(2)],
    ])
    process.stderr.write(
      `${kind}: ${cell(speed)} MB per CPU second, JSON alone ${cell(json)}, ${cell(ours.memory)} MB\n`,
    )
  } catch (error) {
    process.stderr.write(`${kind}: ${error.message}\n`)
    process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
const head = [
  'input',
  'MB',
  'trajectories',
  'messages',
  'MB/s',
  'MB per CPU s',
  'peak MB',
  'JSON: MB per CPU s',
  'ratio',
  'LIMI’s converter: MB per CPU s',
  'peak MB',
  'ratio',
]
const line = (cells) => `| ${cells.join(' | ')} |`
console.log([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'))
