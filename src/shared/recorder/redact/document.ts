import { redactForm, type Redacted } from './head.js'
import { isKeyField, REDACTED } from './names.js'
import { worthCutting } from './secrets.js'

const STRING_FIELD = /"((?:[^"\\]|\\.)*)"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g

/** As a form looks whose sender does not say so. */
const FORM = /^[\w.%+-]+=\S*$/

/** The text of a body that is no call to a model, without the keys that a login's documents and forms hold. */
export function redactDocument(text: string, contentType: string): Redacted<string> {
  if (/x-www-form-urlencoded/i.test(contentType) || FORM.test(text)) return redactForm(text)
  const secrets: string[] = []
  const kept = text.replaceAll(STRING_FIELD, (whole, name: string, between: string, value: string) => {
    if (!isKeyField(name)) return whole
    secrets.push(...worthCutting([value], 'key'))
    return `"${name}"${between}"${REDACTED}"`
  })
  return { kept, secrets }
}
