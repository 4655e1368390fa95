import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { demoConfig, Query, project, runProject, Selection, unwrap } from 'limi'
import { stringify, parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { mkdir, writeFile } from 'node:fs/promises'

/** The fast demo's plan, cut short so that a run up to the selection takes a second. */
function planOf(seed: number, train: number) {
  const config = demoConfig({ size: 'fast', seed, arms: 'curated', model: 'dir:nowhere', repository: null })
  const run = unwrapRun(config.run)
  return {
    ...config,
    run: { ...run, queries: { benchmark: 'shell', train }, trajectories: { ...run.trajectories, import: [] } },
  }
}

function unwrapRun<T>(run: T | undefined): T {
  if (run === undefined) throw new Error('the demo has a plan')
  return run
}

async function select(dir: string, config: unknown, lines: string[] = []) {
  await mkdir(dir, { recursive: true })
  await writeFile(path.join(dir, 'limi.yaml'), stringify(config))
  const opened = unwrap(await project.openProject(dir))
  const say = (line: string) => void lines.push(line)
  unwrap(await runProject({ project: opened, say, warn: say }, { to: 'curation' }))
  return Selection.parse(parse(await readFile(path.join(dir, 'selections', 'curated.yaml'), 'utf8')))
}

const temporary = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'limi-replan-'))

describe('a plan that changed', () => {
  it('ends in the selection of a fresh folder, whatever lay there: other size, other seed', async () => {
    const used = await temporary()
    await select(used, planOf(0, 78))
    for (const plan of [planOf(0, 52), planOf(1, 52)]) {
      const fresh = await select(await temporary(), plan)
      const again = await select(used, plan)
      expect(again.chosen).toEqual(fresh.chosen)
      expect(again.excluded).toEqual(fresh.excluded)
    }
    expect((await readdir(path.join(used, 'trajectories', 'replaced'))).length).toBeGreaterThan(0)
    expect((await readdir(path.join(used, 'queries', 'replaced'))).length).toBeGreaterThan(0)
  })

  it('never teaches a query that the project itself holds out', async () => {
    const dir = await temporary()
    const first = await select(dir, planOf(0, 52))
    const [chosen] = first.chosen
    const taught = chosen?.trajectory.replace(/^pool-(expert|novice)-/, '') ?? ''
    const query = Query.parse(parse(await readFile(path.join(dir, 'queries', `${taught}.yaml`), 'utf8')))
    const heldOut = { ...query, id: 'mine', split: 'heldout', source: { kind: 'person' } }
    await writeFile(path.join(dir, 'queries', 'mine.yaml'), stringify(heldOut))
    const second = await select(dir, planOf(0, 52))
    expect(second.excluded.find((one) => one.trajectory === chosen?.trajectory)?.reason).toBe('leak')
  })

  it('leaves unscored queries out, and names what it cannot read', async () => {
    const dir = await temporary()
    await select(dir, planOf(0, 52))
    const query = parse(await readFile(path.join(dir, 'queries', 'shell-sort-lines-train-01.yaml'), 'utf8')) as object
    const unscored = {
      ...query,
      id: 'unscored',
      scoring: { kind: 'none', why: 'no checks' },
      source: { kind: 'person' },
    }
    await writeFile(path.join(dir, 'queries', 'unscored.yaml'), stringify(unscored))
    await writeFile(path.join(dir, 'queries', 'garbage.yaml'), '{{{')
    const config = planOf(0, 52)
    const [expert] = config.run.trajectories.collect
    const everyone = {
      ...config,
      run: { ...config.run, trajectories: { collect: [{ ...expert, where: {} }], import: [] } },
    }
    everyone.run.curation = [{ name: 'curated', method: 'curated', count: 26 }]
    const lines: string[] = []
    await select(dir, everyone, lines)
    expect(lines.join('\n')).toContain('1 query without checks is left out')
    expect(lines.join('\n')).toContain('garbage')
  })

  it('is refused before the first stage where it names what is not there', async () => {
    const dir = await temporary()
    const config = planOf(0, 52)
    const wrong = {
      ...config,
      run: { ...config.run, training: { ...config.run.training, arms: [{ name: 'a', selection: 'crated' }] } },
    }
    await expect(select(dir, wrong)).rejects.toThrow('no selection "crated"')
    const { evaluation } = config.run
    const inherited = { ...config, run: { ...config.run, evaluation: { ...evaluation, agent: 'constructor' } } }
    await expect(select(dir, inherited)).rejects.toThrow('no agent "constructor"')
    expect(await readdir(dir)).toEqual(['limi.yaml'])
  })
})
