import type { TrainingJob } from '../../engine.js'
import { stepsOfJob } from '../../steps.js'
import type { BaseModel, ChosenLayout } from '../models.js'
import type { Settings } from '../options.js'
import { dataArguments, optimiserArguments, otherArguments, performanceArguments } from './arguments.js'
import { FILES } from './layout.js'
import type { SharedPlaces } from './shared.js'
import { bashArray, quoted } from './shell.js'

/** All that the launch files are made of. */
export interface Launch {
  readonly job: TrainingJob
  readonly model: BaseModel
  readonly layout: ChosenLayout
  readonly settings: Settings
  readonly places: SharedPlaces
}

const HEAD = `#!/usr/bin/env bash
`

/** Paths, which a person may set in the environment instead. */
export function settingsFile({ places, settings, model }: Launch): string {
  const variables = {
    SLIME_DIR: settings.slimeDir,
    MEGATRON_DIR: settings.megatronDir,
    MODEL: model.script,
    HF_CHECKPOINT: places.base,
    MEGATRON_CHECKPOINT: places.megatronBase,
    OUTPUT: places.output,
  }
  const lines = Object.entries(variables).map(([name, value]) => `[ -n "\${${name}:-}" ] || ${name}=${quoted(value)}`)
  return `${HEAD}# Where things lie on the cluster; every path but the two checkouts is on storage that all nodes share.
${lines.join('\n')}
export PYTHONPATH="$MEGATRON_DIR\${PYTHONPATH:+:$PYTHONPATH}"
source "$SLIME_DIR/scripts/models/$MODEL.sh"
`
}

const START = `set -eo pipefail
HERE="$(cd -- "$(dirname -- "\${BASH_SOURCE[0]}")" && pwd)"
source "$HERE/${FILES.settings}"
`

const VERSIONS = `python3 - "$(git -C "$SLIME_DIR" rev-parse HEAD 2>/dev/null || true)" <<'PYTHON' || true
import importlib.metadata, json, platform, sys
versions = {"python": platform.python_version(), "slime": sys.argv[1]}
for name in ("torch", "transformers", "megatron-core", "ray"):
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print("limi versions " + json.dumps(versions), flush=True)
PYTHON
`

/** Runs inside the Ray job and trains to the end, from the last checkpoint where there is one. */
export function launchFile({ job, layout, settings }: Launch): string {
  const { recipe } = job
  const arrays = [
    bashArray('CKPT_ARGS', [
      ['--hf-checkpoint', '"$HF_CHECKPOINT"'],
      ['--ref-load', '"$REF_LOAD"'],
      ['--load', '"$OUTPUT/megatron"'],
      ['--save', '"$OUTPUT/megatron"'],
      ['--save-interval', recipe.saveEvery],
    ]),
    bashArray('SFT_ARGS', dataArguments(recipe, stepsOfJob(job))),
    bashArray('PERF_ARGS', performanceArguments(recipe, layout)),
    bashArray('OPTIMIZER_ARGS', optimiserArguments(recipe, layout)),
    bashArray('MISC_ARGS', otherArguments(recipe)),
  ]
  const source = layout.source === null ? 'the layout is your own' : `the layout is that of ${layout.source}`
  return `${HEAD}# Fine-tuning with slime, as a Ray job: bash ${FILES.submit}   (recipe ${JSON.stringify(recipe.name)}; ${source})
# ${FILES.samples} holds ids and labels, ${FILES.batches} the rows of each step; ${FILES.rollout} hands them to slime as they are.
# Submitted again, it goes on from the last checkpoint below $OUTPUT/megatron.
${START}
# slime reads Hugging Face's form itself since 2026; an older one needs ${FILES.toMegatron} first.
REF_LOAD="$HF_CHECKPOINT"
if [ -f "$MEGATRON_CHECKPOINT/latest_checkpointed_iteration.txt" ]; then REF_LOAD="$MEGATRON_CHECKPOINT"; fi

${arrays.join('\n\n')}

mkdir -p "$OUTPUT"
${VERSIONS}
export PYTHONPATH="$HERE:$PYTHONPATH" PYTHONUNBUFFERED=1
cd "$SLIME_DIR"
exec python3 train_async.py \\
  --actor-num-nodes ${String(settings.nodes)} \\
  --actor-num-gpus-per-node ${String(settings.gpusPerNode)} \\
  "\${MODEL_ARGS[@]}" "\${CKPT_ARGS[@]}" "\${SFT_ARGS[@]}" "\${PERF_ARGS[@]}" "\${OPTIMIZER_ARGS[@]}" "\${MISC_ARGS[@]}"
`
}

/** Hugging Face's form to Megatron's, on one node's GPUs or, with NNODES, NODE_RANK and MASTER_ADDR, on several. */
export const toMegatronFile = ({
  settings,
}: Launch): string => `${HEAD}# Converts the base model to Megatron's form. On the nodes themselves, not as a Ray job:
#   bash ${FILES.toMegatron}                                             on one node
#   NNODES=2 NODE_RANK=0 MASTER_ADDR=first-node bash ${FILES.toMegatron}  on each of several, ranks from 0
${START}
cd "$SLIME_DIR"
exec torchrun \\
  --nproc-per-node "\${GPUS:-${String(settings.gpusPerNode)}}" \\
  --nnodes "\${NNODES:-1}" --node-rank "\${NODE_RANK:-0}" \\
  --master-addr "\${MASTER_ADDR:-127.0.0.1}" --master-port "\${MASTER_PORT:-12345}" \\
  tools/convert_hf_to_torch_dist.py \\
  "\${MODEL_ARGS[@]}" \\
  --hf-checkpoint "$HF_CHECKPOINT" \\
  --save "$MEGATRON_CHECKPOINT"
`

/** The last checkpoint to Hugging Face's form; what lies in `$OUTPUT/hf` is whole. GLM's layers for several tokens ahead stay the base's own. */
export function toHuggingFaceFile({ job, model }: Launch): string {
  const last = stepsOfJob(job) - 1
  const missing = model.config.model_type === 'glm4_moe' ? ' \\\n  --add-missing-from-origin-hf' : ''
  return `${HEAD}# Converts the last checkpoint to Hugging Face's form: bash ${FILES.submit} ${FILES.toHuggingFace}
# It needs main memory for all weights, and no GPU. Embeddings are cut to the base's own ${String(model.config.vocab_size)} rows.
${START}
if [ -f "$OUTPUT/hf/config.json" ]; then echo "limi: $OUTPUT/hf is there already"; exit 0; fi
ITERATION="$(cat "$OUTPUT/megatron/latest_checkpointed_iteration.txt")"
if [ "$ITERATION" != ${String(last)} ]; then
  echo "limi: the last checkpoint is of iteration $ITERATION, not ${String(last)}: run ${FILES.launch} to its end first" >&2
  exit 3
fi
rm -rf "$OUTPUT/hf.part"
cd "$SLIME_DIR"
python3 tools/convert_torch_dist_to_hf.py \\
  --input-dir "$OUTPUT/megatron/$(printf 'iter_%07d' "$ITERATION")" \\
  --output-dir "$OUTPUT/hf.part" \\
  --origin-hf-dir "$HF_CHECKPOINT" \\
  --vocab-size ${String(model.config.vocab_size)}${missing}
mv "$OUTPUT/hf.part" "$OUTPUT/hf"
`
}

/** What a person runs in place of limi. */
export const submitFile = ({
  settings,
}: Launch): string => `${HEAD}# Submits a file of this folder as a Ray job: bash ${FILES.submit} [${FILES.launch} | ${FILES.toHuggingFace}]
# RAY_ADDRESS is Ray's dashboard. The folder is uploaded as the job's working directory (Ray's limit: 100 MiB packed).
set -eo pipefail
HERE="$(cd -- "$(dirname -- "\${BASH_SOURCE[0]}")" && pwd)"
[ -n "\${RAY_ADDRESS:-}" ] || RAY_ADDRESS=${quoted(settings.address ?? 'http://127.0.0.1:8265')}
exec ray job submit --address "$RAY_ADDRESS" --working-dir "$HERE" \\
  --runtime-env-json "$(cat "$HERE/${FILES.runtime}")" -- bash "\${1:-${FILES.launch}}"
`

/** Ray's runtime environment: variables that every worker of the job needs. */
export const runtimeEnvironment = ({ settings }: Launch): { readonly env_vars: Readonly<Record<string, string>> } => ({
  env_vars: {
    PYTHONPATH: settings.megatronDir,
    CUDA_DEVICE_MAX_CONNECTIONS: '1',
    PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True',
  },
})
