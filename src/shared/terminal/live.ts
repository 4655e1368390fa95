/** A place at the end of a terminal that is drawn again and again; lines that stay are written above it. */
export interface LiveLines {
  /** Draws these lines in place of those drawn before. They hold no control characters. */
  draw(lines: readonly string[]): void
  /** Writes a line that stays. */
  keep(line: string): void
  /** Takes away what was drawn. */
  end(): void
}

/** What a terminal must tell of itself. */
export interface LiveTerminal {
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

const COLUMNS = 80
const ROWS = 24

/** As many lines as the terminal has room for, each cut to its width: a line that wraps could not be taken away again. */
export function liveLines(terminal: LiveTerminal, cut: (text: string, columns: number) => string): LiveLines {
  let drawn = 0
  let last: readonly string[] = []
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[0J`)
  const draw = (kept: string): void => {
    const { columns = COLUMNS, rows = ROWS } = terminal
    const shown = last.slice(0, Math.max(0, rows - 1)).map((line) => cut(line, columns - 1))
    terminal.write(`${erase()}${kept}${shown.map((line) => `${line}\n`).join('')}`)
    drawn = shown.length
  }
  return {
    draw(lines) {
      last = lines
      draw('')
    },
    keep: (line) => draw(`${line}\n`),
    end() {
      last = []
      draw('')
    },
  }
}
