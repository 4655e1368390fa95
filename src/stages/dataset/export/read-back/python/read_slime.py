"""The rows of a file of messages as slime's supervised fine-tuning tokenises and masks them (slime/rollout/sft_rollout.py).

Its mask generator is loaded alone from the checkout, since slime's other modules want Ray and Megatron.
"""

import importlib.util
import json
import os

from common import Rows, asked, failure_of
from transformers import AutoTokenizer

DEFAULTS = {"loss_mask_type": "qwen"}


def generator_of(asks: dict, settings: dict):
    place = os.path.join(asks["checkout"], "slime", "utils", "mask_utils.py")
    spec = importlib.util.spec_from_file_location("mask_utils", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tokenizer = AutoTokenizer.from_pretrained(asks["model"])
    return module.MultiTurnLossMaskGenerator(tokenizer, tokenizer_type=settings["loss_mask_type"])


def main() -> None:
    asks = asked()
    settings = {**DEFAULTS, **asks["settings"]}
    generator = generator_of(asks, settings)
    with open(asks["data"], encoding="utf-8") as file, Rows(asks["out"], "slime", settings) as out:
        for line in file:
            row = json.loads(line)
            try:
                ids, mask = generator.get_loss_mask(row["messages"], tools=row.get("tools"))
            except Exception as error:
                out.write(absent=f"slime stops at it: {failure_of(error)}")
                continue
            if len(ids) != len(mask):
                out.write(absent=f"slime stops at it: {len(ids)} ids and a mask of {len(mask)}")
                continue
            out.write(input_ids=ids, labels=[one if trains else -100 for one, trains in zip(ids, mask)])


if __name__ == "__main__":
    main()
