"""Trains nothing: prints what slime prints, and leaves checkpoints as Megatron does."""

import argparse
import importlib
import os
import pathlib
import sys
import time

import ray

parser = argparse.ArgumentParser()
for flag in ("--save", "--rollout-function-path"):
    parser.add_argument(flag, required=True)
for flag in ("--num-rollout", "--global-batch-size", "--save-interval"):
    parser.add_argument(flag, type=int, required=True)
args, others = parser.parse_known_args()
here = pathlib.Path(__file__).parent
tracker = pathlib.Path(args.save) / "latest_checkpointed_iteration.txt"


@ray.remote
class RolloutManager:
    """In a worker that was given no more than the job's runtime environment, and variables of its own."""

    def generate(self, rollout_id):
        module, _, name = args.rollout_function_path.rpartition(".")
        samples = getattr(importlib.import_module(module), name)(args, rollout_id, None)
        return [(sample.tokens, sample.loss_mask) for sample in samples]


def log(text):
    print(f"[2026-08-21 16:14:19] model.py:823 - {text}", flush=True)


def mode():
    return (here / "mode").read_text().strip()


assert "--moe-layer-freq" in others and "[0]*1+[1]*45" in others, others
assert os.environ["CUDA_DEVICE_MAX_CONNECTIONS"] == "1"
ray.init(logging_level="warning")
manager = RolloutManager.options(runtime_env={"env_vars": {"PYTHONPATH": f"{here}"}}).remote()
start = int(tracker.read_text()) + 1 if tracker.exists() else 0
for step in range(start, args.num_rollout):
    samples = ray.get(manager.generate.remote(step))
    assert len(samples) == args.global_batch_size
    trained = sum(sum(mask) for _, mask in samples)
    log(f"step {step}: {{'train/loss': {trained / 100}, 'train/grad_norm': nan, 'train/lr-pg_0': {step + 1}e-06, 'train/step': {step}}}")
    if (step + 1) % args.save_interval == 0 or step + 1 == args.num_rollout:
        folder = pathlib.Path(args.save) / f"iter_{step:07d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "weights").write_text(f"trained {step}")
        tracker.write_text(str(step))
        print(f"  successfully saved checkpoint from iteration {step:7d} to {args.save} [ t 1/1, p 1/1 ]", flush=True)
    if mode() == "fail":
        print("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", file=sys.stderr)
        sys.exit(1)
    while mode() == "hang":
        time.sleep(0.2)
