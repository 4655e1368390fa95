import { once } from 'node:events'
import type { RawHeaders } from '../../headers.js'
import type { Exchange } from '../exchange.js'

/** Sends an answer of our own, and tells of it as of one that came from elsewhere. */
export interface Sender {
  document(status: number, value: unknown): void
  /** The head of a stream. */
  begin(contentType: string): void
  text(text: string): Promise<void>
  /** After the last text of a stream. */
  end(problem?: string): void
  /** Ends the connection in the middle. */
  breakOff(problem: string): void
}

export function sender({ response, tap, call, end }: Exchange): Sender {
  response.on('close', () => {
    if (!response.writableFinished) end('client-gone')
  })
  const head = (status: number, headers: RawHeaders): void => {
    call.response(status, headers)
    response.writeHead(status, [...headers])
  }
  const write = (text: string): boolean => {
    if (response.destroyed || text === '') return true
    const bytes = Buffer.from(text)
    const isTaken = response.write(bytes)
    call.responseBytes(bytes)
    return isTaken
  }
  return {
    document(status, value) {
      if (response.destroyed) return
      const bytes = Buffer.from(JSON.stringify(value))
      head(status, ['Content-Type', 'application/json', 'Content-Length', String(bytes.length)])
      response.end(bytes)
      call.responseBytes(bytes)
      end('complete')
    },
    begin(contentType) {
      if (response.destroyed) return
      head(200, ['Content-Type', contentType, 'Cache-Control', 'no-cache'])
    },
    async text(text) {
      if (!write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')])
      if (!tap.hasRoom()) await tap.room()
    },
    end(problem) {
      response.end()
      end('complete', problem)
    },
    breakOff(problem) {
      end('upstream-gone', problem)
      response.destroy()
    },
  }
}
