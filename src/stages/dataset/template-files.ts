import path from 'node:path'
import { z } from 'zod'
import { done, failed, type Result } from '../../nouns/index.js'
import { readText } from './read-text.js'

/** Chat templates by name; `tool_use`, where there is one, is for conversations with tools. */
export interface ChatTemplates {
  readonly default: string
  readonly tool_use?: string
}

const Named = z.array(z.object({ name: z.string(), template: z.string() }))

/**
 * The chat template as transformers finds it: `chat_template.jinja`, else `chat_template` of the configuration (text, or a list of named ones).
 * One that is given apart stands for all of them. Line ends are made `\n`, as Jinja does with a template's source.
 */
export async function readTemplates(
  folder: string,
  config: Readonly<Record<string, unknown>>,
  given?: string,
): Promise<Result<ChatTemplates>> {
  if (given !== undefined) return done({ default: withPlainLineEnds(given) })
  const file = await readText(path.join(folder, 'chat_template.jinja'))
  if (!file.ok) return file
  const extra = await readText(path.join(folder, 'additional_chat_templates', 'tool_use.jinja'))
  if (!extra.ok) return extra
  const named = fromConfig(config['chat_template'])
  const standard = file.value ?? named.get('default')
  if (standard === undefined) {
    return failed({
      kind: 'input',
      code: 'template.absent',
      message: 'this model has no chat template',
      where: folder,
      remedy:
        'give the chat template it was trained with, with --chat-template FILE or as chat_template.jinja; a base model without one has none',
    })
  }
  const forTools = extra.value ?? (file.value === null ? named.get('tool_use') : undefined)
  return done({
    default: withPlainLineEnds(standard),
    ...(forTools === undefined ? {} : { tool_use: withPlainLineEnds(forTools) }),
  })
}

function fromConfig(value: unknown): ReadonlyMap<string, string> {
  if (typeof value === 'string') return new Map([['default', value]])
  const list = Named.safeParse(value)
  return new Map(list.success ? list.data.map(({ name, template }) => [name, template]) : [])
}

const withPlainLineEnds = (text: string): string => text.replace(/\r\n?/g, '\n')
