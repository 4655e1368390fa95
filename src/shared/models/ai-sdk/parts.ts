import type { LanguageModelV3FilePart, LanguageModelV3TextPart } from '@ai-sdk/provider'
import type { Part } from '../../../nouns/index.js'
import { field } from '../../json/index.js'

export type Sendable = LanguageModelV3TextPart | LanguageModelV3FilePart

/** A part of a message, in whichever of the four dialects it is, as the AI SDK takes it; null for what it has nothing for. */
export function sendable(part: Part): Sendable | null {
  const text = textIn(part)
  if (text !== undefined) return { type: 'text', text }
  switch (part.type) {
    case 'image_url':
      return fileAt(field(part['image_url'], 'url') ?? part['image_url'], IMAGE)
    case 'input_image':
      return fileAt(part['image_url'], IMAGE)
    case 'file':
      return documentFrom(part['file'])
    case 'input_file':
      return documentFrom(part)
    case 'input_audio':
      return audioFrom(part['input_audio'])
    case 'image':
      return sourceFrom(part['source'], IMAGE)
    case 'document':
      return sourceFrom(part['source'], PDF)
    case 'inlineData':
      return inline(field(part['inlineData'], 'mimeType'), field(part['inlineData'], 'data'))
    case 'fileData':
      return fileAt(field(part['fileData'], 'fileUri'), textOf(field(part['fileData'], 'mimeType')) ?? IMAGE)
    default:
      return null
  }
}

const IMAGE = 'image/*'
const PDF = 'application/pdf'

function textIn(part: Part): string | undefined {
  if (part.type === 'refusal') return textOf(part['refusal'])
  return ['text', 'input_text', 'output_text'].includes(part.type) ? textOf(part['text']) : undefined
}

/** OpenAI's, in chat completions (`file`) and in Responses. */
function documentFrom(file: unknown): Sendable | null {
  const filename = textOf(field(file, 'filename'))
  const found = fileAt(field(file, 'file_data') ?? field(file, 'file_url'), PDF)
  return found === null || filename === undefined ? found : { ...found, filename }
}

function audioFrom(audio: unknown): Sendable | null {
  const format = textOf(field(audio, 'format'))
  return format === undefined ? null : inline(format === 'mp3' ? 'audio/mpeg' : `audio/${format}`, field(audio, 'data'))
}

/** Anthropic's, of images and documents. */
function sourceFrom(source: unknown, mediaType: string): Sendable | null {
  const data = field(source, 'data')
  switch (field(source, 'type')) {
    case 'base64':
      return inline(field(source, 'media_type'), data)
    case 'text':
      return typeof data === 'string' ? { type: 'text', text: data } : null
    case 'url':
      return fileAt(field(source, 'url'), mediaType)
    default:
      return null
  }
}

function inline(mediaType: unknown, data: unknown): LanguageModelV3FilePart | null {
  return typeof mediaType === 'string' && typeof data === 'string' ? { type: 'file', mediaType, data } : null
}

const DATA = /^data:([a-z]+\/[a-z0-9.+-]+)(?:;[^,;]*)*;base64,/i

/** @param mediaType where the address does not tell */
function fileAt(url: unknown, mediaType: string): LanguageModelV3FilePart | null {
  if (typeof url !== 'string') return null
  const [head, found] = DATA.exec(url.slice(0, 512)) ?? []
  if (head !== undefined) return inline(found, url.slice(head.length))
  return /^(?:https?|gs):/i.test(url) && URL.canParse(url) ? { type: 'file', mediaType, data: new URL(url) } : null
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
