"""Supervised fine-tuning by TRL with what its own script (`trl.scripts.sft`) cannot do: batches that span epochs, the loss on
a held-out dataset after every epoch, and the best weights kept.

Run alone, in the folder of run.yaml:   python train.py --config run.yaml
Going on from a checkpoint:             python train.py --config run.yaml --resume_from_checkpoint output/checkpoint-N
On N devices:                           accelerate launch --num_processes N train.py --config run.yaml

run.yaml holds TRL's own options and those of `Plan`, below.
"""

import math
import os
import shutil
import sys
from dataclasses import dataclass, field

import torch
from datasets import load_dataset
from transformers import TrainerCallback
from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser, get_peft_config, get_quantization_config

IGNORED = -100


@dataclass
class Plan:
    batch_size: int = field(metadata={"help": "Samples of one optimiser step, over all devices."})
    epochs: float | None = field(default=None, metadata={"help": "How often each sample is seen; without it, max_steps decides."})
    held_out: str | None = field(default=None, metadata={"help": "JSON lines as the training data; their loss is measured every epoch."})
    patience: int | None = field(default=None, metadata={"help": "Epochs without a lower held-out loss before it stops; keeps the best."})


class Order(torch.utils.data.Sampler):
    """All epochs one after another, each in an order of its own drawn from the seed; the last may be a part of one.

    A batch that spans two epochs is cut from this list like any other. `length` beyond `total` gives index `count`, a silent sample.
    """

    def __init__(self, count: int, total: int, length: int, seed: int) -> None:
        self.count, self.total, self.length, self.seed = count, total, length, seed

    def __len__(self) -> int:
        return self.length

    def __iter__(self):
        generator = torch.Generator().manual_seed(self.seed)
        for start in range(0, self.total, self.count):
            yield from torch.randperm(self.count, generator=generator).tolist()[: self.total - start]
        for _ in range(self.total, self.length):
            yield self.count


class Trainer(SFTTrainer):
    def __init__(self, plan: Plan, count: int, held_out: list | None, **options) -> None:
        super().__init__(**options)
        self.plan, self.count, self.held_out = plan, count, held_out

    def _get_train_sampler(self, train_dataset=None):
        if self.plan.epochs is None:
            return super()._get_train_sampler(train_dataset)
        total = math.floor(self.count * self.plan.epochs + 0.5)
        at_once = self.args.per_device_train_batch_size * self.args.world_size
        silent = -total % at_once if self.args.world_size > 1 else 0
        return Order(self.count, total, total + silent, self.args.seed)

    def evaluate(self, *_, **__):
        """The mean over all trained tokens of the held-out samples. It draws no random number, so the training is the same without."""
        self.model.eval()
        loss, trained, at_once = 0.0, 0, self.args.per_device_eval_batch_size
        for start in range(0, len(self.held_out), at_once):
            batch = self._prepare_inputs(self.data_collator(self.held_out[start : start + at_once]))
            with torch.no_grad(), self.compute_loss_context_manager():
                scores = self.model(**batch, use_cache=False, fused_lm_head=True)
            loss -= scores.log_probs.double().sum().item()
            trained += int((batch["labels"][:, 1:] != IGNORED).sum())
            self.control = self.callback_handler.on_prediction_step(self.args, self.state, self.control)
        metrics = {"eval_loss": loss / max(1, trained)}
        self.log(metrics)
        self.model.train()
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


class EveryEpoch(TrainerCallback):
    """Measures after the step that completes an epoch and after the last one; stops when `patience` epochs brought nothing."""

    def __init__(self, plan: Plan, count: int) -> None:
        self.plan, self.count = plan, count

    def epochs_at(self, step: int) -> int:
        if self.plan.epochs is None:
            return step // -(-self.count // self.plan.batch_size)
        return min(step * self.plan.batch_size, math.floor(self.count * self.plan.epochs + 0.5)) // self.count

    def on_step_end(self, args, state, control, **_):
        step = state.global_step
        control.should_evaluate = step == state.max_steps or self.epochs_at(step) > self.epochs_at(step - 1)

    def on_evaluate(self, args, state, control, **_):
        if self.plan.patience is None:
            return
        measured = [(log["eval_loss"], log["step"]) for log in state.log_history if "eval_loss" in log]
        best = min(measured)[1]
        control.should_save = control.should_save or best == state.global_step
        in_vain = sum(step > best for _, step in measured)
        if in_vain >= self.plan.patience and state.global_step < state.max_steps:
            state.log_history.append({"step": state.global_step, "stopped_early": best})
            control.should_save = control.should_training_stop = True


def keep(best: str, target: str) -> None:
    """The weights of the checkpoint `best` as the result, without what only resuming needs."""
    for name in os.listdir(best):
        if name.endswith((".safetensors", ".json")) and name != "trainer_state.json":
            shutil.copyfile(os.path.join(best, name), os.path.join(target, name))


def samples_of(path: str) -> list:
    rows = load_dataset("json", data_files=path, split="train")
    return [{"input_ids": row["input_ids"], "labels": row["labels"]} for row in rows]


def main() -> None:
    parser = TrlParser((ScriptArguments, SFTConfig, ModelConfig, Plan))
    # transformers takes bf16 without a GPU only when told to stay on the CPU.
    here = [] if torch.accelerator.is_available() else ["--use_cpu", "true"]
    script, args, model, plan = parser.parse_args_and_config([*sys.argv[1:], *here])
    at_once = args.per_device_train_batch_size * args.world_size
    if plan.batch_size % at_once != 0:
        raise SystemExit(f"batch_size {plan.batch_size} is no multiple of {at_once}: per_device_train_batch_size × devices")
    args.gradient_accumulation_steps = plan.batch_size // at_once
    args.model_init_kwargs = {**(args.model_init_kwargs or {}), "dtype": model.dtype, "revision": model.model_revision}
    train = load_dataset(script.dataset_name)["train"]
    count = len(train)
    if args.world_size > 1:
        # Every device must get as many samples; what fills up has no label, so it adds nothing to the loss.
        train = train.add_item({"input_ids": [0, 0], "labels": [IGNORED, IGNORED]})
    trainer = Trainer(
        plan,
        count,
        None if plan.held_out is None else samples_of(plan.held_out),
        model=model.model_name_or_path,
        args=args,
        train_dataset=train,
        quantization_config=get_quantization_config(model),
        peft_config=get_peft_config(model),
        callbacks=[] if plan.held_out is None else [EveryEpoch(plan, count)],
    )
    trainer.train(resume_from_checkpoint=args.resume_from_checkpoint)
    if trainer.state.best_model_checkpoint is None:
        trainer.save_model(args.output_dir)
    elif trainer.is_world_process_zero():
        keep(trainer.state.best_model_checkpoint, args.output_dir)
    trainer.end()


if __name__ == "__main__":
    main()
