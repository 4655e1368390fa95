import { factsOf, type ImageFacts } from './dockerfile.js'
import { textIn } from './plain.js'
import { because, firstAgainst, isWhy, type Why } from './why.js'

/** What begins empty in a sandbox, whatever the image holds there. */
const EMPTY = ['/dev', '/proc', '/sys', '/run/limi', '/run/limi-ports']

/** What an image is like by its Dockerfile, or why a sandbox here would not be what it describes. */
export function imageOf(dockerfile: string): ImageFacts | Why {
  const read = textIn(dockerfile)
  if (isWhy(read)) return read
  const facts = factsOf(read.text)
  if (facts === null) return because('its Dockerfile begins from no image')
  const { user, workdir, hasEntrypoint, copied } = facts
  const against = firstAgainst([
    [
      user !== null && !/^(root|0)(:(root|0))?$/.test(user),
      `its image runs as ${user ?? ''}, and only root can put tests into /tests`,
    ],
    [hasEntrypoint, 'its image starts a program of its own (ENTRYPOINT), which a sandbox does not'],
    [workdir === '/', 'its working folder is /, and a workspace cannot be the whole system'],
    [
      [workdir ?? '', ...copied.map(({ to }) => to)].some((place) => isBelow(place, EMPTY)),
      'its image keeps files below /dev, /proc, /sys or /run/limi, which are a sandbox’s own',
    ],
    [copied.some(({ to }) => isBelow(to, ['/tests'])), 'its image brings files in /tests, where hidden tests come'],
  ])
  return against ?? facts
}

const isBelow = (place: string, folders: readonly string[]): boolean =>
  folders.some((folder) => place === folder || place.startsWith(`${folder}/`))

/** Why the folder that an image asks for is not the one that it would get. */
export function againstWorkdir(wanted: string | undefined, image: ImageFacts | null): Why | null {
  if (wanted === undefined || image?.workdir === wanted.replace(/(.)\/+$/, '$1')) return null
  return because(
    `it works in ${wanted}, and its image in ${image?.workdir ?? 'a folder that its Dockerfile does not name'}`,
  )
}
