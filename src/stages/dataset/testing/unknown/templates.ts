import { trlTemplates } from '../chat-templates.js'
import { hasTokenizer, packagedTemplate } from '../template-models.js'

/** A known chat template, to be treated as unknown. */
export interface Known {
  readonly name: string
  readonly source: string
  /** TRL's training template of the same name, with markers; null where there is none. */
  readonly marked: string | null
  readonly stops: readonly string[]
}

/** What models of these templates end with, by what the template's name begins with. */
const STOPS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^cohere/, ['<|END_OF_TURN_TOKEN|>']],
  [/^deepseek/, ['<｜end▁of▁sentence｜>']],
  [/^(diffusion_gemma|gemma4)/, ['<turn|>', '<eos>']],
  [/^gemma/, ['<end_of_turn>', '<eos>']],
  [/^glm/, ['<|endoftext|>', '<|user|>', '<|observation|>']],
  [/^gptoss/, ['<|return|>', '<|call|>', '<|endoftext|>']],
  [/^(idefics3|smolvlm)/, ['<end_of_utterance>']],
  [/^llama3/, ['<|eot_id|>', '<|eom_id|>', '<|end_of_text|>']],
  [/^(llava|mistral)/, ['</s>']],
  [/^muse/, ['<|eot|>']],
  [/^phi3/, ['<|endoftext|>', '<|end|>', '<|assistant|>']],
  [/./, ['<|im_end|>', '<|endoftext|>']],
]

/** TRL's templates without markers, and those that packages of tokenizers bring. */
export function knownTemplates(): readonly Known[] {
  const trl = new Map(trlTemplates().map(({ name, source }) => [name, source]))
  const plain = [...trl].filter(([name]) => !name.endsWith('_training'))
  const packaged = ['qwen3', 'qwen2_5', 'llama3_1', 'deepseek_v3', 'mistral_nemo'].filter(hasTokenizer)
  return [
    ...plain.map(([name, source]) => ({ name, source, marked: trl.get(`${name}_training`) ?? null })),
    ...packaged.map((name) => ({ name: `${name} (package)`, source: packagedTemplate(name), marked: null })),
  ].map((each) => ({ ...each, stops: STOPS.find(([shape]) => shape.test(each.name))?.[1] ?? [] }))
}

export const variablesOf = ({ stops }: Known): Readonly<Record<string, string>> => ({
  bos_token: '<s>',
  eos_token: stops[0] ?? '</s>',
  pad_token: '<pad>',
})

/**
 * What TRL's markers hold besides, before what the model emits: the prompt to speak brings it already. The definition's oracle is strict
 * about the same places.
 */
const BESIDES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^gptoss|^muse/, ['<|start|>assistant']],
  [/^deepseek/, ['<｜tool▁outputs▁end｜>', '<｜Assistant｜>', '<｜Assistant｜><think>\n']],
  [/^nemotron|^qwen3_[68]|^qwen3_5_think/, ['<think>\n']],
  [/^qwen3_5_nothink/, ['<think>\n\n</think>\n\n']],
  [/^qwen2_5$/, ['\n']],
]

export const markedBesides = ({ name }: Known): readonly string[] => [
  '',
  ...BESIDES.filter(([shape]) => shape.test(name)).flatMap(([, texts]) => texts),
]
