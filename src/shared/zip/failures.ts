import type { Failure } from '../../nouns/index.js'

export const damaged = (where: string, message: string): Failure => ({
  kind: 'input',
  code: 'archive.invalid',
  message,
  where,
  remedy: 'copy the archive again from where it was written',
})

export const unsupported = (where: string, message: string): Failure => ({
  kind: 'input',
  code: 'archive.unsupported',
  message,
  where,
  remedy: 'write it anew with an ordinary ZIP program',
})

export const tooLarge = (where: string, message: string): Failure => ({
  kind: 'input',
  code: 'archive.too-large',
  message,
  where,
  remedy: 'leave it out, or write it in smaller pieces',
})
