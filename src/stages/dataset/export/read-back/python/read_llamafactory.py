"""The rows of a folder as LLaMA-Factory's own loader, converter, template and processor make them (src/llamafactory/data).

Two of its imports are for other things than text, and stand in empty where they are not installed: torchaudio, omegaconf. Its check of
versions is off, since it asks for older transformers; the report names the version that it ran with.
"""

import importlib.machinery
import importlib.util
import os
import sys
import types

os.environ["DISABLE_VERSION_CHECK"] = "1"

import transformers
from common import Rows, asked, failure_of
from transformers import AutoTokenizer

# A sample is never cut here, unless a cutoff_len is asked for: the report says what a cutoff does.
DEFAULTS = {"template": None, "cutoff_len": 1 << 30}


def stand_in(name: str, **fields: object) -> None:
    if importlib.util.find_spec(name) is not None:
        return
    module = types.ModuleType(name)
    module.__spec__ = importlib.machinery.ModuleSpec(name, None)
    module.__dict__.update(fields)
    sys.modules[name] = module


def loaded(asks: dict, settings: dict):
    """The aligned rows, and what tokenises one."""
    stand_in("torchaudio")
    stand_in("omegaconf", OmegaConf=None)
    sys.path.insert(0, os.path.join(asks["checkout"], "src"))
    from llamafactory.data import loader
    from llamafactory.data.template import get_template_and_fix_tokenizer
    from llamafactory.hparams.data_args import DataArguments

    folder = os.path.dirname(asks["data"])
    data = DataArguments(dataset=asks["dataset"], dataset_dir=folder, overwrite_cache=True, **settings)
    model = types.SimpleNamespace(cache_dir=asks["scratch"], hf_hub_token=None)
    training = types.SimpleNamespace(local_process_index=0, seed=0, dataloader_num_workers=0)
    tokenizer = AutoTokenizer.from_pretrained(asks["model"])
    template = get_template_and_fix_tokenizer(tokenizer, data)
    rows = loader._get_merged_dataset(data.dataset, model, data, training, "sft")
    return rows, loader._get_dataset_processor(data, "sft", template, tokenizer, None)


def version() -> str:
    from llamafactory.extras.env import VERSION

    return f"llamafactory {VERSION} with transformers {transformers.__version__}"


def main() -> None:
    asks = asked()
    settings = {**DEFAULTS, **asks["settings"]}
    rows, processor = loaded(asks, settings)
    with Rows(asks["out"], version(), settings) as out:
        for row in rows:
            try:
                made = processor.preprocess_dataset({name: [value] for name, value in row.items()})
            except Exception as error:
                out.write(absent=f"LLaMA-Factory stops at it: {failure_of(error)}")
                continue
            if not made.get("input_ids"):
                out.write(absent="LLaMA-Factory drops it: its turns do not alternate, or do not end with the model's")
                continue
            out.write(input_ids=made["input_ids"][0], labels=made["labels"][0])


if __name__ == "__main__":
    main()
