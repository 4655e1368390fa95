import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactCommand, redactDocument, redactHeaders, redactUrl, Scrubber, Secrets, secretsOf } from './index.js'

const secret = fc.stringMatching(/^[ab]{8,12}$/)

describe('redactHeaders', () => {
  it.each([
    ['Authorization', 'Bearer sk-ant-0123456789', 'Bearer [redacted]', ['sk-ant-0123456789']],
    ['Authorization', 'Basic dXNlcjpwYXNzd29yZDE=', 'Basic [redacted]', ['dXNlcjpwYXNzd29yZDE=', 'password1']],
    ['x-api-key', 'sk-ant-0123456789', '[redacted]', ['sk-ant-0123456789']],
    ['X-Goog-Api-Key', 'AIza-0123456789', '[redacted]', ['AIza-0123456789']],
    ['api-key', 'short', '[redacted]', []],
    ['Proxy-Authorization', 'Bearer 0123456789', 'Bearer [redacted]', ['0123456789']],
    ['Cookie', 'a=1; session=0123456789abcdef', '[redacted]', ['0123456789abcdef']],
    ['Set-Cookie', '__cf=0123456789abcdefg; Path=/; Secure', '[redacted]', ['0123456789abcdefg']],
    ['OpenAI-Organization', 'org-0123456789abcdef', '[redacted]', ['org-0123456789abcdef']],
    ['anthropic-organization-id', 'b6a5-0123456789abcdef', '[redacted]', ['b6a5-0123456789abcdef']],
    ['chatgpt-account-id', '0123456789abcdef-0', '[redacted]', ['0123456789abcdef-0']],
  ])('%s: %s', (name, value, kept, secrets) => {
    expect(redactHeaders([[name, value]])).toEqual({ kept: [[name, kept]], secrets })
  })

  it.each(['content-type', 'x-ratelimit-remaining-tokens', 'anthropic-version', 'session_id', 'idempotency-key'])(
    'leaves %s',
    (name) => {
      expect(redactHeaders([[name, 'some-long-value-of-it']]).kept).toEqual([[name, 'some-long-value-of-it']])
    },
  )
})

describe('redactUrl', () => {
  it('takes keys out and leaves the rest to the letter', () => {
    expect(redactUrl('/v1beta/models/g:streamGenerateContent?alt=sse&key=AIza%2B23456&%zz=1')).toEqual({
      kept: '/v1beta/models/g:streamGenerateContent?alt=sse&key=[redacted]&%zz=1',
      secrets: ['AIza%2B23456', 'AIza+23456'],
    })
    expect(redactUrl('/a?access_token=0123456789&api_key=12345678&token=abcdefgh').kept).toBe(
      '/a?access_token=[redacted]&api_key=[redacted]&token=[redacted]',
    )
  })
})

describe('other places of keys', () => {
  it('are documents of a login, commands and the environment', () => {
    const login = '{"access_token": "ey.\\"0123456789","expires_in":3,"text":"token"}'
    expect(redactDocument(login, 'application/json')).toEqual({
      kept: '{"access_token": "[redacted]","expires_in":3,"text":"token"}',
      secrets: ['ey.\\"0123456789'],
    })
    expect(redactDocument('a=1&refresh_token=0123456789', 'application/x-www-form-urlencoded').kept).toBe(
      'a=1&refresh_token=[redacted]',
    )
    expect(redactCommand(['x', '--api-key', 'k', '--token=k', 'A_KEY=k', '--key', '--v', 'file=k'])).toEqual([
      'x',
      '--api-key',
      '[redacted]',
      '--token=[redacted]',
      'A_KEY=[redacted]',
      '--key',
      '--v',
      'file=k',
    ])
    expect(secretsOf({ A_API_KEY: 'sk-0123456789', SSH_KEY: '/home/some/file', HOME: 'abcdefghijkl' })).toEqual([
      'sk-0123456789',
    ])
  })
})

describe('Scrubber', () => {
  it('lets no secret through, however the text is cut, and leaves everything else', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.array(fc.oneof(fc.constantFrom('a', 'b', 'ab', 'ba', 'c'), fc.nat(3)), { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        (values, words, sizes) => {
          const secrets = new Secrets()
          secrets.add(values)
          const text = words.map((word) => (typeof word === 'number' ? (values[word] ?? '-') : word)).join('')
          const scrubber = new Scrubber(secrets)
          const out: Buffer[] = []
          for (let at = 0, step = 0; at < text.length; step += 1) {
            const size = sizes[step % sizes.length]!
            out.push(scrubber.push(Buffer.from(text.slice(at, at + size))))
            at += size
          }
          out.push(scrubber.finish())
          const kept = Buffer.concat(out).toString()
          for (const value of values) expect(kept).not.toContain(value)
          expect(leftOver(text, values)).toBe(kept)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

/** Marks every character that lies in a secret, one place after the other. */
function leftOver(text: string, values: readonly string[]): string {
  const covers: boolean[] = Array.from({ length: text.length }, () => false)
  const joins: boolean[] = Array.from({ length: text.length }, () => false)
  for (let at = 0; at < text.length; at += 1) {
    for (const value of values) {
      if (!text.startsWith(value, at)) continue
      for (let inside = at; inside < at + value.length; inside += 1) {
        covers[inside] = true
        if (inside > at) joins[inside] = true
      }
    }
  }
  return Array.from(text)
    .map((character, at) => (covers[at] !== true ? character : joins[at] === true ? '' : '[redacted]'))
    .join('')
}
