import type { Failure } from '../../nouns/index.js'
import type { DatasetModel } from './model.js'
import type { Tokenised } from './tokenised.js'

/**
 * The first character of a rendering that the model's tokeniser has no tokens for: alone, too, it decodes to something else. Null where
 * every character is kept, or where what differs is not the tokeniser's doing.
 */
export async function findUnkept({ tokeniser }: DatasetModel, made: Tokenised): Promise<Failure | null> {
  const decode = async (ids: readonly number[]): Promise<string> => (await tokeniser.decode([ids])).join('')
  const character = firstLost(tokeniser.normalise(made.rendered.text), await decode(made.encoded.ids))
  if (character === null) return null
  const { ids } = await tokeniser.encode(character)
  return (await decode(ids)) === character ? null : unkept(character, placeOf(character, made))
}

/** The first character of `text` that does not stand in `other` at its place. */
function firstLost(text: string, other: string): string | null {
  let at = 0
  for (const character of text) {
    if (!other.startsWith(character, at)) return character
    at += character.length
  }
  return null
}

/** The message that a character first stands in, where the template tells messages apart. */
function placeOf(character: string, { rendered, conversation }: Tokenised): string {
  const at = rendered.text.indexOf(character)
  const index = rendered.messageStarts.findLastIndex((start) => start <= at)
  const message = conversation.messages[index]
  return message === undefined || at < 0 ? '' : ` of message ${message.id}`
}

function unkept(character: string, place: string): Failure {
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''
  return {
    kind: 'input',
    code: 'text.not-kept',
    message: `the model's tokeniser has no tokens for the character U+${code}${place}: its ids decode to another text`,
    remedy:
      'leave this trajectory out (limi dataset build --unfit exclude), or take a model whose tokeniser keeps every character',
  }
}
