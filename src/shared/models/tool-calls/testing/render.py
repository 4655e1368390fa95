"""Assistant messages as chat templates render them. Usage: FILE REQUESTS.json; prints the emitted texts as a JSON list.

A request is {"template", "tokenizer"?, "tools", "message", "keep_special"}. With a tokenizer (a folder) the text goes through its ids
and back, as a server's does. One without a message gives the prompt for an answer.
"""

import json
import sys

from tokenizers import Tokenizer, models
from transformers import AutoTokenizer, PreTrainedTokenizerFast
from transformers.utils.chat_template_utils import render_jinja_template


def plain() -> PreTrainedTokenizerFast:
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>")))
    tokenizer.bos_token, tokenizer.eos_token = "<s>", "</s>"
    return tokenizer


ENDS = ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|call|>", "<|return|>", "<|user|>", "<|observation|>", "</s>"]
ENDS += ["<｜end▁of▁sentence｜>"]
USER = [{"role": "user", "content": "go"}]
opened = {}


def tokenizer_of(request: dict):
    folder = request.get("tokenizer")
    if folder not in opened:
        opened[folder] = AutoTokenizer.from_pretrained(folder) if folder else plain()
    return opened[folder]


def rendered(request: dict, messages: list, add_generation_prompt: bool) -> str:
    """What `apply_chat_template` renders by, without its leaving out content that is None, which DeepSeek's templates ask for."""
    tokenizer = tokenizer_of(request)
    texts, _ = render_jinja_template(
        conversations=[messages],
        tools=request["tools"],
        chat_template=request["template"],
        add_generation_prompt=add_generation_prompt,
        **tokenizer.special_tokens_map,
    )
    return texts[0]


def prompt_of(request: dict) -> str:
    return rendered(request, USER, add_generation_prompt=True)


def emitted(request: dict) -> str:
    prompt = prompt_of(request)
    whole = rendered(request, [*USER, request["message"]], add_generation_prompt=False)
    if not whole.startswith(prompt):
        raise SystemExit(f"the template does not continue its prompt: {whole[len(prompt) - 80 :]!r}")
    answer = whole[len(prompt) :]
    for end in ENDS:
        answer = answer.rstrip("\n").removesuffix(end)
    if "tokenizer" not in request:
        return answer
    tokenizer = tokenizer_of(request)
    ids = tokenizer.encode(answer, add_special_tokens=False)
    return tokenizer.decode(ids, skip_special_tokens=not request["keep_special"], clean_up_tokenization_spaces=False)


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps([(emitted if "message" in request else prompt_of)(request) for request in json.load(file)]))
