import { expect, test } from 'vitest'
import { addressesIn } from './sockets.js'

test.each([
  ['unix:///run/user/1000/podman/podman.sock', [{ socketPath: '/run/user/1000/podman/podman.sock' }]],
  ['tcp://127.0.0.1:2375', [{ host: '127.0.0.1', port: 2375 }]],
  ['ssh://somebody@elsewhere', []],
])('DOCKER_HOST=%s is asked alone', (given, addresses) => {
  expect(addressesIn({ DOCKER_HOST: given })).toEqual(addresses)
})
