import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { everyCommand } from '../../src/cli/commands.js'
import { expectRefusal, limiForTests } from '../support/cli.js'

const limi = limiForTests()
const COMMANDS = everyCommand()
const leaves = COMMANDS.flatMap((command): [string, Command][] =>
  command.commands.length === 0
    ? [[command.name(), command]]
    : command.commands.map((inner) => [`${command.name()} ${inner.name()}`, inner]),
)

describe('limi init, status and doctor', () => {
  it('make a folder a project, once', async () => {
    const made = await limi.run(limi.place, 'init', 'my agent ü')
    const root = path.join(limi.place, 'my agent ü')
    expect(made.code).toBe(0)
    expect(made.stdout).toContain('next: limi status')
    const config = readFileSync(path.join(root, 'limi.yaml'), 'utf8')
    expect(config).toContain('my agent ü')
    const again = await limi.run(root, 'init')
    expectRefusal(again, { code: 'project.exists', what: /already/, where: /limi\.yaml$/, todo: /limi status/ })
    expect(readFileSync(path.join(root, 'limi.yaml'), 'utf8')).toBe(config)
    const named = await limi.json<{ root: string; files: string[] }>(limi.place, 'init', 'second', '--name', 'twó')
    expect(named.code).toBe(0)
    expect(named.data.files).toContain('limi.yaml')
    expect(named.data.root).toBe(path.join(limi.place, 'second'))
  })

  it('say what each stage holds and the next command', async () => {
    const root = path.join(limi.place, 'third')
    await limi.run(limi.place, 'init', 'third')
    const status = await limi.json<{ stages: { stage: string; count: number }[]; next: { command: string } }>(
      root,
      'status',
    )
    expect(status.code).toBe(0)
    expect(status.data.stages.map(({ stage, count }) => [stage, count])).toEqual(
      ['queries', 'trajectories', 'selections', 'datasets', 'training', 'evaluations'].map((stage) => [stage, 0]),
    )
    expect(status.data.next.command).toMatch(/^limi queries add/)
    const text = await limi.run(limi.place, 'status', '--project', 'third')
    expect(text.stdout).toMatch(/^next: limi queries add/mu)
    expect(text.stderr).toBe('')
  })

  it('refuse a folder that is no project', async () => {
    const empty = path.join(limi.place, 'empty')
    await mkdir(empty)
    const refused = await limi.run(empty, 'status')
    expectRefusal(refused, { code: 'project.absent', what: /no limi\.yaml/, where: /empty$/, todo: /limi init/ })
    const told = await limi.json(empty, 'status')
    expect([told.code, told.data.error?.code]).toEqual([2, 'project.absent'])
  })

  it('try what works, and install nothing', async () => {
    const root = path.join(limi.place, 'doctored')
    await limi.run(limi.place, 'init', 'doctored')
    const examined = await limi.json<{ what: string; works: boolean; remedy?: string }[]>(root, 'doctor')
    const works = Object.fromEntries(
      (examined.data as { what: string; works: boolean }[]).map((one) => [one.what, one.works]),
    )
    expect(works).toMatchObject({
      Node: true,
      git: true,
      'writing here': true,
      'limi.yaml': true,
      'virtual sandbox': true,
      Python: false,
    })
    expect(examined.code).toBe(1)
    const text = await limi.run(root, 'doctor')
    expect(text.stdout).toMatch(/^MISSING Python: .*\n +to do: install it/mu)
    expect(existsSync(path.join(root, '.limi/engines'))).toBe(false)
  })
})

describe('every command', () => {
  it('is listed, and a group lists those inside it', async () => {
    expect(namesIn((await limi.run(limi.place, '--help')).stdout)).toEqual([
      ...['demo', 'init', 'status', 'doctor', 'run', 'queries', 'record', 'collect', 'trajectories'],
      ...['curate', 'dataset', 'train', 'serve', 'eval', 'compare', 'why'],
    ])
    expect(namesIn((await limi.run(limi.place, 'dataset', '--help')).stdout)).toEqual([
      'build',
      'check',
      'show',
      'render',
      'export',
    ])
    expect((await limi.run(limi.place, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it.each(leaves)('%s shows an example in its help, and takes --json, --project and --verbose', (name, command) => {
    let shown = ''
    command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp()
    expect(shown).toMatch(new RegExp(`^Example:\n  limi ${name}`, 'mu'))
    for (const option of ['--json', '--project', '--verbose']) expect(shown).toContain(option)
  })

  it.each([...COMMANDS, ...leaves.map(([, command]) => command)].map((command) => [command.name(), command] as const))(
    '%s shows no default in its help that nobody can type',
    (_, command) => {
      expect(command.helpInformation()).not.toMatch(/default: [{[]/)
    },
  )

  it.each([
    ['train', '--dataset', 'x', 'status'],
    ['train', '--dataset', 'x', 'resume', 'y'],
    ['train', '--json', 'status', 'y'],
    ['train', '--engine', 'trl', 'push', 'y', '--hub', 'o/n'],
    ['dataset', '--json', 'show', 'x'],
    ['eval', '--agent', 'a', 'list'],
    ['queries', '--limit', '3', 'list'],
    ['trajectories', '--project', 'x', 'list'],
    ['--json', 'status'],
  ])('ignores no option that stands before a subcommand: %s %s', async (...args) => {
    const ended = await limi.run(limi.place, ...args)
    const option = args.find((one) => one.startsWith('--')) ?? ''
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(`option '${option}`)])
    expect(ended.stderr).toMatch(/--help says how it is used/u)
  })

  it('ends wrong usage with exit code 2 and points at its help', async () => {
    for (const [args, what] of [
      [['no-such-command'], /unknown command/],
      [['collect'], /required option '--agent/],
      [['curate', '--count', 'many'], /whole number from 1 on/],
      [['eval', 'run', 'shell', '--agent', 'a', '--tasks', 'heldOutValues=few'], /whole number from 1 on/],
      [['run', '--to', 'nowhere'], /Allowed choices/],
    ] as const) {
      const ended = await limi.run(limi.place, ...args)
      expect([args, ended.code, ended.stdout]).toEqual([args, 2, ''])
      expect(ended.stderr).toMatch(what)
    }
  })
})

const namesIn = (help: string): (string | undefined)[] =>
  [...(help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z]+)/gmu)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help')
