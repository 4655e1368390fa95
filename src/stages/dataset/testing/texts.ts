import fc from 'fast-check'

const SPACES = [' ', '  ', '\n', '\r\n', '\t', '\u00a0', '\u2003', '\u3000', '\u2028', '\u0085', '\u200b', '\ufeff']
const SHORT = [
  "'s",
  "'S",
  "'re",
  "'RE",
  "'ll",
  "'d",
  "'ſ",
  "'",
  '’s',
  '/',
  '//\n',
  '!?\n\n',
  'aB',
  'ABc',
  'ǅ',
  'ʰ',
  'ª',
]

/** Code points of one block, so that neighbours are often of one script. */
const oneScript = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 0x33 }), fc.integer({ min: 0, max: 0x10ff })),
    fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 6 }),
  )
  .map(([block, codes]) => String.fromCodePoint(...codes.map((code) => block * 256 + code)).toWellFormed())

/** Texts on which tokenisers tend to differ, with some strings more often than chance would bring them. */
export const awkwardText = (strings: readonly string[] = []): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 8 }),
        fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
        fc.stringMatching(/^[A-Za-z0-9]{1,8}$/),
        oneScript,
        fc.constantFrom(...SPACES),
        fc.constantFrom(...SHORT),
        ...(strings.length === 0
          ? []
          : [
              fc.constantFrom(...strings),
              fc.constantFrom(...strings).chain((each) => fc.nat(each.length).map((end) => each.slice(0, end))),
            ]),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('').toWellFormed())
