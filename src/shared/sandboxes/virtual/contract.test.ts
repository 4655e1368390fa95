import { describe } from 'vitest'
import { contractOf, opened } from '../testing/contract.js'
import { virtualSandboxes } from './virtual.js'

describe('the virtual sandbox', () => {
  contractOf(virtualSandboxes, (files = {}, limits = {}) => opened(virtualSandboxes, { files, limits }))
})
