"""What transformers makes of conversations by a family's template, with and without markers: the oracle of the families' tests.

    python families.py < JOBS > OUT.jsonl

JOB's first line is {"original", "marked": Jinja source, "model": folder or null, "variables", "now": ISO date};
then one conversation a line: {"name", "messages", "tools"}, with "toSpeak": true for the prompt to speak after it; another job may follow. Without a model only text and spans are given, by transformers' own renderer.
For each conversation one line: {"name", "text", "spans": half-open ranges of code points, "ids", "trained": half-open ranges of tokens},
or {"name", "refused"}, or {"name", "different"} where the marked template prints another text than the original.
"""

import json
import logging
import os
import sys
from datetime import datetime

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_OFFLINE"] = "1"
logging.disable(logging.WARNING)

from transformers import AutoTokenizer  # noqa: E402
from transformers.utils import chat_template_utils  # noqa: E402


def at(moment: datetime):
    """A datetime module's class whose clock stands still."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    return Stopped


def runs(mask: list[int]) -> list[list[int]]:
    """Half-open ranges of ones."""
    edges, start = [], None
    for place, bit in enumerate([*mask, 0]):
        if bit and start is None:
            start = place
        if not bit and start is not None:
            edges.append([start, place])
            start = None
    return edges


class Job:
    def __init__(self, job: dict) -> None:
        self.original, self.marked, self.variables = job["original"], job["marked"], job["variables"]
        self.tokenizer = AutoTokenizer.from_pretrained(job["model"]) if job["model"] else None

    def render(self, messages: list, tools: list | None, template: str, to_speak: bool = False) -> tuple[str, list]:
        texts, spans = chat_template_utils.render_jinja_template(
            conversations=[messages],
            tools=tools,
            chat_template=template,
            return_assistant_tokens_mask=True,
            add_generation_prompt=to_speak,
            **(self.tokenizer.special_tokens_map if self.tokenizer else self.variables),
        )
        return texts[0], [list(span) for span in spans[0]]

    def answer(self, name: str, messages: list, tools: list | None, toSpeak: bool = False) -> dict:
        try:
            text = self.render(messages, tools, self.original, toSpeak)[0]
        except Exception as error:
            return {"name": name, "refused": f"{type(error).__name__}: {error}"}
        if toSpeak:
            return {"name": name, "text": text}
        try:
            marked, spans = self.render(messages, tools, self.marked)
        except Exception as error:
            return {"name": name, "different": f"{type(error).__name__}: {error}"}
        if marked != text:
            return {"name": name, "different": marked}
        sample = {"name": name, "text": text, "spans": spans}
        if self.tokenizer is None:
            return sample
        made = self.tokenizer.apply_chat_template(
            messages, tools=tools, chat_template=self.marked, return_dict=True, return_assistant_tokens_mask=True
        )
        return {**sample, "ids": list(made["input_ids"]), "trained": runs(made["assistant_masks"])}


def main() -> None:
    job = None
    for line in sys.stdin.read().split("\n")[:-1]:
        described = json.loads(line)
        if "original" in described:
            chat_template_utils.datetime = at(datetime.fromisoformat(described["now"]))
            job = Job(described)
        else:
            print(json.dumps(job.answer(**described), ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
