import { done, failed, type Result } from '../../../nouns/index.js'
import { openZip } from '../../../shared/zip/index.js'
import { isArchive, type EvaluationImporter, type EvaluationSource } from './importer.js'
import { inspect } from './inspect/index.js'
import { limi } from './limi/index.js'

const IMPORTERS: readonly EvaluationImporter[] = [limi, inspect]

const evaluationFormats: readonly string[] = IMPORTERS.map(({ format }) => format)

/** The importer of a format by name, or for `auto` the one whose format a source is. Failures: `import.format`, `import.unknown-format`, `archive.*` where an archive cannot be read. */
export async function importerFor(format: string, source: EvaluationSource): Promise<Result<EvaluationImporter>> {
  for (const importer of IMPORTERS) {
    if (format === importer.format || (format === 'auto' && (await importer.detect(source)))) return done(importer)
  }
  if (format === 'auto') {
    const archive = isArchive(source) ? await openZip(source.path) : null
    // Whatever it was: one that was cut says nothing of its format.
    if (archive?.ok === false) return archive
    await archive?.value.close()
    return failed({
      kind: 'input',
      code: 'import.unknown-format',
      message: 'this is no evaluation of a known format',
      where: source.path,
      remedy: `name a log or the folder of one evaluation; its format with --format ${evaluationFormats.join('|')}`,
    })
  }
  return failed({
    kind: 'input',
    code: 'import.format',
    message: `no format of evaluations is called ${JSON.stringify(format)}`,
    remedy: `one of: auto, ${evaluationFormats.join(', ')}`,
  })
}
