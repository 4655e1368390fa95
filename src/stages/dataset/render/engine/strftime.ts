import { unsure } from './errors.js'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]
const DAY_LENGTH = 86_400_000

const pad = (value: number, width = 2, fill = '0'): string => String(value).padStart(width, fill)

type Code = (now: Date) => string

const year: Code = (now) => String(now.getUTCFullYear())
const month: Code = (now) => pad(now.getUTCMonth() + 1)
const day: Code = (now) => pad(now.getUTCDate())
const hour: Code = (now) => pad(now.getUTCHours())
const minute: Code = (now) => pad(now.getUTCMinutes())
const second: Code = (now) => pad(now.getUTCSeconds())
const monthName: Code = (now) => MONTHS[now.getUTCMonth()] ?? ''
const dayName: Code = (now) => DAYS[now.getUTCDay()] ?? ''
const hour12: Code = (now) => pad(now.getUTCHours() % 12 || 12)
const dayOfYear = (now: Date): number =>
  Math.floor((now.getTime() - Date.UTC(now.getUTCFullYear(), 0, 1)) / DAY_LENGTH) + 1

/** The codes of C's strftime in the C locale, for a time without a zone. */
const CODES: ReadonlyMap<string, Code> = new Map<string, Code>([
  ['Y', year],
  ['y', (now) => pad(now.getUTCFullYear() % 100)],
  ['m', month],
  ['B', monthName],
  ['b', (now) => monthName(now).slice(0, 3)],
  ['h', (now) => monthName(now).slice(0, 3)],
  ['d', day],
  ['e', (now) => pad(now.getUTCDate(), 2, ' ')],
  ['j', (now) => pad(dayOfYear(now), 3)],
  ['A', dayName],
  ['a', (now) => dayName(now).slice(0, 3)],
  ['w', (now) => String(now.getUTCDay())],
  ['u', (now) => String(now.getUTCDay() || 7)],
  ['H', hour],
  ['I', hour12],
  ['M', minute],
  ['S', second],
  ['f', (now) => pad(now.getUTCMilliseconds() * 1000, 6)],
  ['p', (now) => (now.getUTCHours() < 12 ? 'AM' : 'PM')],
  ['F', (now) => `${year(now)}-${month(now)}-${day(now)}`],
  ['T', (now) => `${hour(now)}:${minute(now)}:${second(now)}`],
  ['R', (now) => `${hour(now)}:${minute(now)}`],
  ['D', (now) => `${month(now)}/${day(now)}/${pad(now.getUTCFullYear() % 100)}`],
  ['z', () => ''],
  ['Z', () => ''],
  ['n', () => '\n'],
  ['t', () => '\t'],
  ['%', () => '%'],
])

/** Python's `datetime.strftime` on UTC; `%-d` and the like leave out the padding, as glibc does. */
export function strftime(now: Date, format: string): string {
  if (now.getUTCFullYear() < 1000) return unsure('a year before 1000')
  return format.replaceAll(/%(-?)(.?)/gsu, (whole, bare: string, letter: string) => {
    const code = CODES.get(letter)
    if (code === undefined) return unsure(`${whole} of strftime_now`)
    const printed = code(now)
    if (bare === '') return printed
    return /^[\d ]+$/.test(printed) && !'Yf'.includes(letter)
      ? printed.replace(/^[0 ]+(?=\d)/, '')
      : unsure(`${whole} of strftime_now`)
  })
}
