/** YAML files that people write: validated, with the line of whatever is wrong. */
export { readYaml, toYaml, type YamlKind } from './yaml.js'
