import { expect, it } from 'vitest'
import { hubAddress } from './hub-address.js'

it.each([
  [undefined, undefined],
  ['', undefined],
  [' ', undefined],
  ['https://hub.example', 'https://hub.example'],
  ['http://127.0.0.1:8080//', 'http://127.0.0.1:8080'],
  ['https://hub.example/mirror/', 'https://hub.example/mirror'],
])('%j is %j', (endpoint, address) => expect(hubAddress(endpoint)).toEqual({ ok: true, value: address }))

it.each([
  'hub.example',
  'hf_secret',
  'localhost:8080',
  'ftp://hub.example/secret',
  'https://',
  'https://me:secret@hub.example',
  'https://hub.example?token=secret',
  'https://hub example/secret',
])('%j is refused by the variable’s name, and not said again', (endpoint) => {
  const address = hubAddress(endpoint)
  expect(address).toMatchObject({
    ok: false,
    failure: { kind: 'input', code: 'hub.endpoint', where: 'HF_ENDPOINT', remedy: expect.stringContaining('https://') },
  })
  expect(JSON.stringify(address)).not.toMatch(/secret|localhost/)
})
