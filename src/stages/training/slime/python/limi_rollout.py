"""Hands slime the samples of a limi dataset, token for token: `--rollout-function-path limi_rollout.generate_rollout`.

Beside this file lie
    samples.jsonl   {"id", "input_ids", "labels"} a line; labels[i] is input_ids[i], or -100 where it does not train; not shifted
    batches.jsonl   a line for each optimiser step: the rows of samples.jsonl that it sees

Nothing is tokenised here, nor cut. The batch of a step depends on its number alone, so a resumed run sees what an undisturbed one sees.

slime wants --global-batch-size samples in each step. Where the last step has fewer, samples are given in pieces: a piece is the
sample up to one of its trained tokens and trains that token only; the whole sample trains the rest. A token sees only what stands
before it, so that with --calculate-per-token-loss the sum over the step, and its divisor, are those of the samples themselves.
"""

import heapq
import json
import logging
from functools import lru_cache
from pathlib import Path

from slime.utils.types import Sample

IGNORED = -100
FOLDER = Path(__file__).resolve().parent
logger = logging.getLogger(__name__)


def generate_rollout(args, rollout_id, data_buffer, evaluation=False):
    """slime's samples of step `rollout_id`, counted from 0."""
    assert not evaluation, "limi's samples are for training; slime evaluates nothing here"
    rows = read_lines("batches.jsonl")[rollout_id]
    data = read_lines("samples.jsonl")
    pieces = in_pieces([data[row] for row in rows], args.global_batch_size)
    samples = [to_sample(index, *piece) for index, piece in enumerate(pieces)]
    trained = sum(sum(sample.loss_mask) for sample in samples)
    tokens = sum(len(data[row]["input_ids"]) for row in rows)
    logger.info(f"limi: step {rollout_id}: {len(rows)} samples, {tokens} tokens, {trained} of them train")
    return samples


@lru_cache
def read_lines(name):
    with open(FOLDER / name, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def trained_positions(labels):
    """Position 0 has nothing before it that would predict it."""
    return [position for position, label in enumerate(labels) if position > 0 and label != IGNORED]


def in_pieces(samples, count):
    """`count` pairs of tokens and the positions that train; the cheapest prefixes are repeated where samples are too few."""
    trained = [trained_positions(sample["labels"]) for sample in samples]
    cut = [0] * len(samples)
    prefixes = [(positions[0], row) for row, positions in enumerate(trained) if len(positions) > 1]
    heapq.heapify(prefixes)
    pieces = []
    while len(samples) + len(pieces) < count:
        if not prefixes:
            raise ValueError(f"{len(samples)} samples cannot be given as {count}: they have too few trained tokens")
        position, row = heapq.heappop(prefixes)
        pieces.append((samples[row]["input_ids"][: position + 1], [position]))
        cut[row] += 1
        if cut[row] + 1 < len(trained[row]):
            heapq.heappush(prefixes, (trained[row][cut[row]], row))
    whole = [(sample["input_ids"], trained[row][cut[row] :]) for row, sample in enumerate(samples)]
    return whole + pieces


def to_sample(index, tokens, trained):
    """The response begins at the first trained token; slime's mask covers the response."""
    if not trained:
        raise ValueError("a sample without a trained token cannot be given to slime")
    start = trained[0]
    mask = [0] * (len(tokens) - start)
    for position in trained:
        mask[position - start] = 1
    return Sample(
        group_index=index,
        index=index,
        tokens=list(tokens),
        response_length=len(mask),
        loss_mask=mask,
        reward=0,
        status=Sample.Status.COMPLETED,
    )
