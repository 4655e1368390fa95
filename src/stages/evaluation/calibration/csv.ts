/** A line of a table by its column names, and where it stands in the file. */
export interface CsvRow {
  /** 1-based. */
  readonly line: number
  readonly fields: Readonly<Record<string, string>>
}

/** Rows of comma-separated text with a header (RFC 4180: quotes, doubled quotes, line ends within quotes); empty lines are skipped. */
export function csvRows(text: string): CsvRow[] {
  const [header, ...records] = recordsOf(text.replace(/^\ufeff/u, ''))
  const names = (header?.fields ?? []).map((name) => name.trim().toLowerCase())
  return records.map(({ line, fields }) => ({
    line,
    fields: Object.fromEntries(names.map((name, at) => [name, fields[at]?.trim() ?? ''])),
  }))
}

interface CsvRecord {
  readonly line: number
  readonly fields: readonly string[]
}

function recordsOf(text: string): CsvRecord[] {
  const records: CsvRecord[] = []
  let [line, first, fields] = [1, 1, [] as string[]]
  for (const [, quoted, plain, end = ''] of text.matchAll(
    /(?:"((?:[^"]|"")*)"[^,\r\n]*|([^,\r\n]*))(,|\r\n|\n|\r|$)/gu,
  )) {
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    line += (quoted?.match(/\n/gu) ?? []).length
    if (end === ',') continue
    if (fields.some((field) => field.trim() !== '')) records.push({ line: first, fields })
    fields = []
    line += 1
    first = line
    if (end === '') break
  }
  return records
}
