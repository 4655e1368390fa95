"""What transformers, and slime from a checkout, make of the bench's conversations: one line of JSON with tokens, seconds and memory.

    python peer.py transformers|slime MODEL TEMPLATE CONVERSATIONS [CHECKOUT]
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"


def main() -> None:
    way, model, template, conversations, *checkout = sys.argv[1:]
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    marked = Path(template).read_text("utf8")
    source = [json.loads(line) for line in Path(conversations).read_text("utf8").split("\n")[:-1]]
    if way == "slime":
        sys.path.insert(0, checkout[0])
        from slime.utils.mask_utils import MultiTurnLossMaskGenerator

        generator = MultiTurnLossMaskGenerator(tokenizer, tokenizer_type="qwen")
    tokens = trained = 0
    wall, cpu = time.perf_counter(), time.process_time()
    for messages in source:
        if way == "slime":
            ids, mask = generator.get_loss_mask(messages)
        else:
            made = tokenizer.apply_chat_template(
                messages, chat_template=marked, return_dict=True, return_assistant_tokens_mask=True
            )
            ids, mask = made["input_ids"], made["assistant_masks"]
        tokens += len(ids)
        trained += sum(mask)
    figures = {"engine": way, "tokens": tokens, "trained": trained}
    figures |= {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(figures | {"peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
