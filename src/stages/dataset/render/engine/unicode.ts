import { unsure } from './errors.js'

/**
 * Code points that Unicode 15.0 to 17.0 gave a character: Python 3.11 (Unicode 14) knows none of them, later Pythons some, and whether they
 * print as they are, or have an upper case, goes by that; with those few that Unicode 15.0 to 17.0 gave another case. Taken from the difference between the tables of Python 3.11 and of Unicode 17.0.
 */
const RECENT = codePointsIn(`
  019b 0264 0295 088f 0897 0c5c 0cdc 0cf3 0ece 10fc 1acf-1aeb 1b4e-1b4f 1b7f 1c89-1c8a 20c1 2427-2429 2b96 2ffc-2fff 31e4-31ef a7cb-a7cf
  a7d2-a7d5 a7da-a7f4 ab69 fbc3-fbd2 fd90-fd91 fdc8-fdce 105c0-105f3 10940-10959 10d40-10d8f 10ec2-10eff 1123f-11241 11380-113e2 116d0-116e3
  11b00-11bf9 11db0-11de9 11f00-11f5a 1342f 13439-143fa 16100-16139 16d40-16d79 16ea0-16ed3 16ff2-16ff6 187f8-187ff 18cff 18d09-18df2 1b132
  1b155 1cc00-1cef0 1d2c0-1d2d3 1df25-1df2a 1e030-1e08f 1e4d0-1e6ff 1f6d8-1f6dc 1f774-1f77f 1f7d9 1f8b2-1f8d8 1fa54-1fa57 1fa75-1fa77
  1fa87-1fa8f 1faad-1faaf 1fabb-1fabf 1fac6-1facf 1fada-1fadf 1fae8-1faef 1faf7-1faf8 1fbcb-1fbef 1fbfa 2b739-2b73f 2cea2-2cead 2ebf0-2ee5d
  31350-33479
`)

const ASCII = /^[\0-\x7f]*$/

export const isAscii = (text: string): boolean => ASCII.test(text)

/** The text itself, where every Python since 3.11 agrees on its characters. */
export function settled(text: string): string {
  if (isAscii(text) || !RECENT.test(text)) return text
  return unsure('a character newer than Unicode 14, which one Python knows and another does not')
}

/** A class of characters from ranges in hexadecimal. */
function codePointsIn(ranges: string): RegExp {
  const classes = ranges.trim().replaceAll(/[\da-f]+/g, (code) => `\\u{${code}}`)
  return new RegExp(`[${classes.replaceAll(/\s+/g, '')}]`, 'u')
}
