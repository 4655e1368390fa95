import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Functions of their arguments that leave nothing behind: their tests share a process, which loads what they import once for all.
 * Not those that start programs, or replace a clock or the console.
 */
const PURE = [
  'src/shared/{json,random,report,reviews,wire,zip}',
  'src/stages/{curation,dataset}',
  'src/stages/evaluation/{calibration,export,import,metrics,statistics}',
  'src/stages/trajectories/{check,export,import,sample,show,store,text}',
].map((folder) => `${folder}/**/!(client|slow|*.agents|*.chromium|*.live|*.peer|*.python).test.ts`)

/** Those that train or serve with Python take longest: begun last, one would keep a single worker at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [true, false].flatMap((long) =>
      sorted.filter(({ moduleId }) => moduleId.endsWith('.python.test.ts') === long),
    )
  }
}

// vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    globalSetup: 'test/support/temporary.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: ['src/**/*.test.ts', 'test/**/*.test.ts'], exclude: PURE } },
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
    ],
  },
})
