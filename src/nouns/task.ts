import { z } from 'zod'
import { Check, RubricItem } from './query.js'

/** A file name on every system, short enough for the names made of it. */
const Name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,99}$/i,
    "letters, digits, '.', '_' and '-' only, at most 100, the first a letter or digit",
  )
  .refine((name) => !name.includes('..'), "'..' is not allowed")

const PartFields = {
  /** Checks on the final state, or a rubric for a judge; in a module neither, where its own `score` decides. */
  checks: z.array(Check).min(1).optional(),
  rubric: z.array(RubricItem).min(1).optional(),
  /** With a rubric: the share of the points from which a state passes. */
  passAt: z.number().gt(0).max(1).optional(),
  /** With a rubric: the files that the judge reads, as glob patterns; those that the agent added or changed where not given. */
  judged: z.array(z.string()).min(1).optional(),
  /** What the module's scorer is told of the task and the agent is not: expected values, for example. */
  data: z.record(z.string(), z.unknown()).optional(),
}

const Part = z.object({ request: z.string().min(1), ...PartFields })
type Part = z.infer<typeof Part>

const TaskFields = {
  /** The file's name where not given. */
  id: Name.optional(),
  /** Which part of the benchmark; `tasks` where not given. */
  suite: Name.optional(),
  tags: z.record(z.string(), z.string()).default({}),
  licence: z.string().optional(),
  /** Texts by relative path, or a folder beside the task's file. */
  files: z.union([z.string().min(1), z.record(z.string(), z.string())]).default({}),
  request: z.string().min(1).optional(),
  ...PartFields,
  /** Instead of `request`: several, in order, each begun in the workspace as the one before left it. */
  subtasks: z.array(Part).min(1).max(100).optional(),
}

interface Refinable {
  readonly files: string | Readonly<Record<string, string>>
  readonly request?: string
  readonly checks?: unknown
  readonly rubric?: unknown
  readonly subtasks?: readonly Part[]
}

type Complain = (path: readonly PropertyKey[], message: string) => void

function refineTask(task: Refinable, complain: Complain): void {
  const { files, request, subtasks } = task
  for (const name of typeof files === 'string' ? [] : Object.keys(files)) {
    if (!isWorkspacePath(name)) complain(['files', name], 'not a path inside the workspace')
  }
  if (request === undefined && subtasks === undefined) complain([], 'say `request:`, or `subtasks:` with one each')
  if (request !== undefined && subtasks !== undefined) complain(['subtasks'], 'say `request:` or `subtasks:`, not both')
  for (const key of ['checks', 'rubric', 'passAt', 'judged', 'data'] as const) {
    if (subtasks !== undefined && key in task) complain([key], 'belongs into each subtask')
  }
  for (const { path, part } of partsOf(task)) {
    if (part.checks !== undefined && part.rubric !== undefined)
      complain([...path, 'rubric'], 'say `checks:` or `rubric:`, not both')
  }
}

const partsOf = (task: Refinable): { path: PropertyKey[]; part: Pick<Refinable, 'checks' | 'rubric'> }[] =>
  task.subtasks?.map((part, at) => ({ path: ['subtasks', at], part })) ?? [{ path: [], part: task }]

/** Whether a path stays in the folder that it is relative to, on every system. */
export const isWorkspacePath = (name: string): boolean =>
  name !== '' && !/^[/\\]|^[a-z]:|\0/i.test(name) && !name.split(/[/\\]/).some((part) => part === '..' || part === '')

/** A task of the user's own, as a benchmark's module gives it. */
export const OwnTask = z
  .object(TaskFields)
  .superRefine((task, context) =>
    refineTask(task, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
  )
export type OwnTask = z.infer<typeof OwnTask>

/** A task of the user's own in a YAML file, where nothing but checks and rubrics can score it. */
export const OwnTaskFile = z
  .object({ format: z.literal('limi.task/1'), ...TaskFields })
  .superRefine((task, context) => {
    const complain: Complain = (path, message) => context.addIssue({ code: 'custom', path: [...path], message })
    refineTask(task, complain)
    for (const { path, part } of partsOf(task)) {
      if (part.checks === undefined && part.rubric === undefined) complain(path, 'say `checks:` or `rubric:`')
    }
  })
export type OwnTaskFile = z.infer<typeof OwnTaskFile>

/** `benchmark.yaml` in a folder of tasks; none of it need be said. */
export const BenchmarkFile = z.object({
  format: z.literal('limi.benchmark/1').default('limi.benchmark/1'),
  name: Name.optional(),
  description: z.string().optional(),
  licence: z.string().optional(),
  /** Suites in the order that reports show them; with it, a task of any other suite is refused. */
  suites: z.array(Name).min(1).optional(),
})
export type BenchmarkFile = z.infer<typeof BenchmarkFile>
