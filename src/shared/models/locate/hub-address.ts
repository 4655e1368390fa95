import { done, failed, type Failure, type Result } from '../../../nouns/index.js'

/**
 * Where a hub answers, by the text of HF_ENDPOINT, without slashes at its end; undefined for the library's own address. Failure: `hub.endpoint`.
 * The text is never said again: it may hold a password, or a token that was put into the wrong variable.
 */
export function hubAddress(endpoint: string | undefined): Result<string | undefined> {
  const address = endpoint?.trim().replace(/\/+$/, '') ?? ''
  if (address === '') return done(undefined)
  if (!/^https?:\/\/[^/]/i.test(address) || !URL.canParse(address)) return failed(odd('is no address'))
  const { username, password, search, hash } = new URL(address)
  if (username + password !== '') return failed(odd('has a name or a password in it, which no request may carry'))
  return search + hash === '' ? done(address) : failed(odd('has more than an address in it: a query or a fragment'))
}

const odd = (what: string): Failure => ({
  kind: 'input',
  code: 'hub.endpoint',
  message: `HF_ENDPOINT ${what}`,
  where: 'HF_ENDPOINT',
  remedy: 'set it to the address of a hub, as https://hub.example, or unset it for the library’s own',
})
