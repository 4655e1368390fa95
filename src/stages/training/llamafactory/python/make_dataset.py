"""Makes the folder `tokenized` that LLaMA-Factory's `tokenized_path` reads, token for token from train.jsonl (and held-out.jsonl).

Run with LLaMA-Factory's own Python, in the folder of run.yaml:   python make_dataset.py TOTAL SEED

TOTAL is how many samples training sees. The epochs lie one after another, each in an order of its own drawn from SEED, so that a batch
may span two of them; the last may be a part of one. order.json names the sample behind each row, counted from 0.
"""

import json
import os
import shutil
import sys

import torch
from datasets import Dataset, DatasetDict, Features, Sequence, Value

FEATURES = Features(
    {
        "input_ids": Sequence(Value("int32")),
        "attention_mask": Sequence(Value("int8")),
        "labels": Sequence(Value("int32")),
    }
)


def samples_of(path: str) -> list:
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def order_of(count: int, total: int, seed: int) -> list:
    generator = torch.Generator().manual_seed(seed)
    order = []
    while len(order) < total:
        order += torch.randperm(count, generator=generator).tolist()
    return order[:total]


def rows_of(samples: list, order: list, cache: str) -> Dataset:
    def rows():
        for index in order:
            ids, labels = samples[index]["input_ids"], samples[index]["labels"]
            yield {"input_ids": ids, "attention_mask": [1] * len(ids), "labels": labels}

    return Dataset.from_generator(rows, features=FEATURES, cache_dir=cache)


def main() -> None:
    total, seed = int(sys.argv[1]), int(sys.argv[2])
    making, cache = "tokenized.part", "tokenized.cache"
    for folder in (making, cache, "tokenized"):
        shutil.rmtree(folder, ignore_errors=True)
    train = samples_of("train.jsonl")
    order = order_of(len(train), total, seed)
    parts = {"train": rows_of(train, order, os.path.join(cache, "train"))}
    if os.path.exists("held-out.jsonl"):
        held_out = samples_of("held-out.jsonl")
        parts["validation"] = rows_of(held_out, list(range(len(held_out))), os.path.join(cache, "validation"))
    DatasetDict(parts).save_to_disk(making)
    with open("order.json", "w", encoding="utf-8") as file:
        json.dump(order, file)
    shutil.rmtree(cache)
    os.rename(making, "tokenized")


if __name__ == "__main__":
    main()
