"""Assistant messages as chat templates render them. Usage: FILE REQUESTS.json; prints the emitted texts as a JSON list.

A request is {"template", "tokenizer"?, "tools", "message", "keep_special"}. With a tokenizer (a folder) the text goes through its ids
and back, as a server's does.
"""

import json
import sys

from tokenizers import Tokenizer, models
from transformers import AutoTokenizer, PreTrainedTokenizerFast


def plain() -> PreTrainedTokenizerFast:
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>")))
    tokenizer.bos_token, tokenizer.eos_token = "<s>", "</s>"
    return tokenizer


ENDS = ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|call|>", "<|return|>", "<|user|>", "<|observation|>"]
USER = [{"role": "user", "content": "go"}]
opened = {}


def emitted(request: dict) -> str:
    folder = request.get("tokenizer")
    if folder not in opened:
        opened[folder] = AutoTokenizer.from_pretrained(folder) if folder else plain()
    tokenizer = opened[folder]
    options = {"chat_template": request["template"], "tools": request["tools"], "tokenize": False}
    prompt = tokenizer.apply_chat_template(USER, add_generation_prompt=True, **options)
    whole = tokenizer.apply_chat_template([*USER, request["message"]], **options)
    if not whole.startswith(prompt):
        raise SystemExit(f"the template does not continue its prompt: {whole[len(prompt) - 80 :]!r}")
    answer = whole[len(prompt) :]
    for end in ENDS:
        answer = answer.rstrip("\n").removesuffix(end)
    if not folder:
        return answer
    ids = tokenizer.encode(answer, add_special_tokens=False)
    return tokenizer.decode(ids, skip_special_tokens=not request["keep_special"], clean_up_tokenization_spaces=False)


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps([emitted(request) for request in json.load(file)]))
