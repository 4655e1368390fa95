// An agent on the agent's side of the Agent Client Protocol's own library: asks its model, does what the answer says, and misbehaves where its first word says so.
import { existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { agent, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk'

const how = process.argv[2] ?? 'well'
const { fs, terminal, session } = methods.client
const kept = `${process.env.HOME}/session.json`
const history = []
let stop = () => undefined

async function ask(text) {
  history.push({ role: 'user', content: text })
  const answer = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ model: process.env.OPENAI_MODEL, messages: history }),
  })
  const { choices } = await answer.json()
  history.push(choices[0].message)
  writeFileSync(kept, JSON.stringify(history))
  return choices[0].message.content
}

function goOn({ sessionId, cwd }) {
  if (sessionId !== `${cwd}!` || !existsSync(kept)) throw new Error('no such session')
  history.push(...JSON.parse(readFileSync(kept, 'utf8')))
  return {}
}

const refusal = (work) =>
  work.then(
    () => 'done',
    (error) => `${error.code} ${error.message}`,
  )

/** What the client serves and what it refuses, told in `report.json`. */
async function tryAll(client, sessionId) {
  const at = (path) => ({ sessionId, path })
  await client.request(fs.writeTextFile, { ...at('/workspace/deep/er/ü.txt'), content: 'one\ntwo\nthree\nfour' })
  const made = await client.request(terminal.create, {
    sessionId,
    command: 'cat',
    args: ['deep/er/ü.txt'],
    cwd: '/workspace',
  })
  const line = await client.request(terminal.create, {
    ...{ sessionId, command: 'echo $A; pwd; exit 3', cwd: '/workspace/deep', env: [{ name: 'A', value: 'b' }] },
  })
  const long = await client.request(terminal.create, {
    sessionId,
    command: 'yes ü | head -c 5000; sleep 60',
    outputByteLimit: 11,
  })
  const ids = (one) => ({ sessionId, terminalId: one.terminalId })
  const report = {
    lines: await client.request(fs.readTextFile, { ...at('/workspace/deep/er/ü.txt'), line: 2, limit: 2 }),
    exits: [
      await client.request(terminal.waitForExit, ids(made)),
      await client.request(terminal.waitForExit, ids(line)),
    ],
    outputs: [await client.request(terminal.output, ids(made)), await client.request(terminal.output, ids(line))],
    allowed: await client.request(session.requestPermission, {
      sessionId,
      toolCall: { toolCallId: 'c' },
      options: [
        { optionId: 'no', name: 'No', kind: 'reject_once' },
        { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
      ],
    }),
    refused: [
      await refusal(client.request(fs.readTextFile, at('/etc/hostname'))),
      await refusal(client.request(fs.readTextFile, at('/workspace/../etc/passwd'))),
      await refusal(client.request(fs.writeTextFile, { ...at('/home/user/x'), content: 'x' })),
      await refusal(client.request(fs.readTextFile, at('/workspace/none'))),
      await refusal(client.request(terminal.output, { sessionId, terminalId: 'none' })),
      await refusal(client.request(terminal.create, { sessionId, command: 'pwd', cwd: '/etc' })),
    ],
  }
  await new Promise((resolve) => setTimeout(resolve, 300))
  report.long = await client.request(terminal.output, ids(long))
  await client.request(terminal.kill, ids(long))
  report.killed = await client.request(terminal.waitForExit, ids(long))
  await client.request(terminal.release, ids(long))
  await client.request(fs.writeTextFile, { ...at('/workspace/report.json'), content: JSON.stringify(report) })
}

async function flood(client, sessionId) {
  const made = []
  for (let n = 0; n < 100; n += 1)
    made.push(refusal(client.request(terminal.create, { sessionId, command: 'sleep 60' })))
  const said = await Promise.all(made)
  const content = String(said.filter((one) => one === 'done').length)
  await client.request(fs.writeTextFile, { sessionId, path: 'made.txt', content })
}

/** Answers to what nobody asked, and more requests at once than anybody serves. */
async function rush(client, sessionId) {
  // Not through the stream that the library writes to, which would wait for a drain that is not its own.
  const lines = Array.from({ length: 5000 }, (_, n) => `{"jsonrpc":"2.0","id":${n + 1000},"result":{}}\n`)
  for (let rest = Buffer.from(lines.join('')); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
  const path = '/workspace/rush.txt'
  await client.request(fs.writeTextFile, { sessionId, path, content: '0' })
  const read = await Promise.all(
    Array.from({ length: 300 }, () => client.request(fs.readTextFile, { sessionId, path })),
  )
  await client.request(fs.writeTextFile, { sessionId, path, content: String(read.length) })
}

const MISDEEDS = {
  rush,
  all: tryAll,
  flood,
  dies: () => {
    console.error('out of luck')
    process.exit(7)
  },
  silent: () => new Promise((resolve) => setTimeout(resolve, 600_000)),
  waits: () => new Promise((resolve) => (stop = resolve)),
  line: () => {
    for (let n = 0; n < 80; n += 1) process.stdout.write('x'.repeat(1 << 20))
    return new Promise(() => undefined)
  },
}

agent({ name: 'stand-in' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: how === 'other' ? 9 : PROTOCOL_VERSION,
    agentCapabilities: {
      ...(how === 'loads' ? { loadSession: true } : {}),
      ...(how === 'well' ? { sessionCapabilities: { resume: {} } } : {}),
    },
    authMethods: how === 'login' ? [{ id: 'key', name: 'Key' }] : [],
  }))
  .onRequest(methods.agent.authenticate, ({ params }) => {
    history.push({ role: 'system', content: `logged in by ${params.methodId}` })
    return {}
  })
  .onRequest(methods.agent.session.new, ({ params }) => {
    if (how === 'login' && history.length === 0) throw new Error('log in first')
    return { sessionId: `${params.cwd}!` }
  })
  .onRequest(methods.agent.session.resume, ({ params }) => goOn(params))
  .onRequest(methods.agent.session.load, ({ params }) => goOn(params))
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    if (how === 'garbage')
      process.stdout.write(
        'no JSON\n[1,2]\n{"jsonrpc":"2.0","id":99,"method":"fs/format_disk"}\n{"id":5,"result":{}}\n',
      )
    if (how === 'mute') return { stopReason: 'end_turn' }
    const answer = await ask(params.prompt.map(({ text }) => text).join(''))
    await client.notify(session.update, {
      sessionId: params.sessionId,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: answer } },
    })
    await MISDEEDS[how]?.(client, params.sessionId)
    if (answer.startsWith('$ ') && how !== 'flood' && how !== 'rush') {
      const made = await client.request(terminal.create, { sessionId: params.sessionId, command: answer.slice(2) })
      await client.request(terminal.waitForExit, { sessionId: params.sessionId, terminalId: made.terminalId })
    }
    return {
      stopReason:
        how === 'waits'
          ? 'cancelled'
          : how === 'refuses'
            ? 'refusal'
            : how === 'long'
              ? 'max_turn_requests'
              : 'end_turn',
    }
  })
  .onNotification(methods.agent.session.cancel, () => stop())
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)))
