"""What slime would train on: `read_by_slime.py CHECKOUT FOLDER ARGUMENTS` prints, for each step, the samples as its trainer gets them.

ARGUMENTS is a JSON list, as launch.sh gives them to train_async.py; slime's own parser reads them, and what it leaves is Megatron's.

slime's own code runs from the samples that limi_rollout.py gives to the micro-batches of its Megatron backend:
RolloutManager._get_rollout_data, _convert_samples_to_train_data, _split_train_data_by_dp (with build_dp_schedule), DataIterator, get_batch.

Stand-ins, which are imported by that code but do nothing for it: sglang, sglang_router, ray (its decorator and its object store),
megatron (sizes of the parallel groups are 1), wandb, httpx, and what else of the like is not installed.
"""

import argparse
import importlib.machinery
import json
import sys
import types

sys.dont_write_bytecode = True
STAND_INS = ("sglang", "sglang_router", "ray", "megatron", "wandb", "httpx", "pybase64", "tensorboard", "sglang_kernel", "pylatexenc")


class Anything(types.ModuleType):
    """A module whose every name is another such module, callable, and good as a decorator and a base class."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self.__dict__[name] = type(name, (), {"__init__": lambda self, *a, **k: self.__dict__.update(k)})
        return self.__dict__[name]


class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in STAND_INS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Anything(spec.name)

    def exec_module(self, module):
        pass


def stand_in():
    sys.meta_path.insert(0, Finder())
    import ray

    ray.remote = lambda thing=None, **options: thing if thing is not None else (lambda other: other)
    ray.put = lambda thing: thing
    import torch

    torch.cuda.is_available = lambda: False
    from megatron.core import mpu

    for name in (
        "get_tensor_model_parallel_world_size",
        "get_context_parallel_world_size",
        "get_data_parallel_world_size",
    ):
        setattr(mpu, name, lambda *a, **k: 1)
    mpu.get_context_parallel_rank = lambda: 0
    mpu.get_virtual_pipeline_model_parallel_world_size = lambda: None


def main():
    checkout, folder, arguments = sys.argv[1:]
    stand_in()
    sys.path[:0] = [checkout, folder]
    import limi_rollout
    from slime.backends.megatron_utils import data as megatron_data
    from slime.ray.rollout import RolloutManager

    megatron_data.accelerator.device = lambda *a: "cpu"
    args = read_arguments(json.loads(arguments))
    manager = RolloutManager.__new__(RolloutManager)
    manager.args = args
    manager.generate_rollout = limi_rollout.generate_rollout
    manager.data_source = None
    manager.custom_reward_post_process_func = None
    manager.custom_convert_samples_to_train_data_func = None
    manager.set_train_parallel_config(
        {"dp_size": 2, "cp_size": 1, "vpp_size": 1, "microbatch_group_size_per_vp_stage": 1}
    )
    print(json.dumps([read_step(manager, megatron_data, step) for step in range(args.num_rollout)]))


def read_arguments(given):
    from slime.utils import arguments

    parser = arguments.get_slime_extra_args_provider()(argparse.ArgumentParser(allow_abbrev=False))
    args, _ = parser.parse_known_args(given)
    sys.argv[1:] = given
    vars(args).update(vars(arguments._pre_parse_mode()))
    assert args.debug_train_only
    # Left undone of slime_validate_args, which wants Megatron's arguments too: what follows from one sample a prompt.
    assert args.n_samples_per_prompt == 1 and not args.rollout_global_dataset and args.loss_type == "sft_loss"
    assert args.calculate_per_token_loss, "pieces of samples are right with this divisor only"
    args.grpo_std_normalization = False
    return args


def read_step(manager, megatron_data, step):
    samples, _ = manager._get_rollout_data(step)
    log_as_slime_does(manager.args, samples)
    boxes = manager._split_train_data_by_dp(manager._convert_samples_to_train_data(samples))
    read = []
    for box in boxes:
        rollout = box.inner
        rollout["total_lengths"] = [rollout["total_lengths"][at] for at in rollout["partition"]]
        (iterator,) = megatron_data.get_data_iterator(rollout)
        assert len(rollout["num_microbatches"]) == 1, "one optimiser step a rollout"
        for _ in range(rollout["num_microbatches"][0]):
            keys = ["tokens", "loss_masks", "total_lengths", "response_lengths", "multimodal_train_inputs"]
            read += read_micro_batch(megatron_data.get_batch(iterator, keys))
    return read


def log_as_slime_does(args, samples):
    """Its figures of a rollout must not stumble over samples that no model generated."""
    from slime.observability import rollout_metrics

    assert rollout_metrics.compute_metrics_from_samples(args, samples)
    assert rollout_metrics.compute_perf_metrics_from_samples(args, samples, 1.0)


def read_micro_batch(batch):
    """The packed micro-batch cut at the samples' ends: a mask's 1 at t trains the token at t + 1."""
    tokens = batch["tokens"][0].tolist()
    mask = batch["full_loss_masks"][0].tolist()
    start = 0
    for length in batch["total_lengths"]:
        yield {"tokens": tokens[start : start + length], "predicts": mask[start : start + length]}
        start += length


main()
