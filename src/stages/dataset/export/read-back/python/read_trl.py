"""The rows of a pre-tokenised file as they reach a model under TRL's SFTTrainer: its dataset preparation, its collator, its loader.

No weights are needed: a random model of one small layer is trained for no step.
"""

from common import Rows, asked
from datasets import load_dataset
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from trl import SFTConfig, SFTTrainer
from trl import __version__ as version

DEFAULTS = {"max_length": None, "packing": False, "padding_free": False}


def small_model(tokens: int) -> LlamaForCausalLM:
    sizes = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    return LlamaForCausalLM(LlamaConfig(vocab_size=tokens, num_key_value_heads=1, **sizes))


def prepared(asks: dict, settings: dict) -> SFTTrainer:
    dataset = load_dataset("json", data_files=asks["data"], split="train", cache_dir=asks["scratch"])
    dataset = dataset.add_column("row", range(len(dataset)))
    tokenizer = AutoTokenizer.from_pretrained(asks["model"])
    # Two rows at a time, so that padding is seen too; those of one padding-free batch could not be told apart.
    size = 1 if settings["padding_free"] else 2
    own = {"use_cpu": True, "bf16": False, "report_to": "none", "disable_tqdm": True}
    config = SFTConfig(output_dir=asks["scratch"], per_device_eval_batch_size=size, **own, **settings)
    return SFTTrainer(small_model(len(tokenizer)), config, train_dataset=dataset, processing_class=tokenizer)


def rows_of(trainer: SFTTrainer):
    """Each prepared row as its batch has it, and what of the batch beyond it is not padding."""
    for batch in trainer.get_eval_dataloader(trainer.train_dataset):
        masks = batch["attention_mask"] if "attention_mask" in batch else [None] * len(batch["input_ids"])
        for ids, labels, mask in zip(batch["input_ids"].tolist(), batch["labels"].tolist(), masks):
            length = len(ids) if mask is None else int(mask.sum())
            if any(label != -100 for label in labels[length:]):
                raise ValueError("a padded position has a label")
            yield ids[:length], labels[:length]


def main() -> None:
    asks = asked()
    settings = {**DEFAULTS, **asks["settings"]}
    trainer = prepared(asks, settings)
    kept = dict(zip(trainer.train_dataset["row"], rows_of(trainer)))
    with open(asks["data"], encoding="utf-8") as file, Rows(asks["out"], f"trl {version}", settings) as out:
        for row, _ in enumerate(file):
            if row not in kept:
                out.write(absent="TRL drops it: no token that trains is left of it")
                continue
            ids, labels = kept[row]
            out.write(input_ids=ids, labels=labels)


if __name__ == "__main__":
    main()
