/** YAML files that people write: validated, with the line of whatever is wrong. */
export { readYaml, toYaml } from './yaml.js'
