"""What the model emitted by a chat template, by the definition alone and by TRL's markers: the oracle of the tests of unknown templates.

    python definition.py < JOB > OUT.jsonl

JOB's first line is {"template", "marked" or null, "variables", "stops", "now"}; then one conversation a line, {"messages", "tools"}; another job may follow.
One line for each: {"refused"} or {"text", "defined": one range or null a message of the assistant, "marked": ranges or null}, ranges of code
points. `defined` runs from the end of what transformers prints before the message with the prompt to speak, through the first stop token
behind it; null where the whole does not begin so. `marked` is null where the marked template prints another text.
"""

import json
import sys
from datetime import datetime

from transformers.utils import chat_template_utils

JOB = {}


class Stopped(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.fromisoformat(JOB["now"])


chat_template_utils.datetime = Stopped


def render(messages, tools, template, prompt=False, mask=False):
    texts, spans = chat_template_utils.render_jinja_template(
        conversations=[messages],
        tools=tools,
        chat_template=template,
        add_generation_prompt=prompt,
        return_assistant_tokens_mask=mask,
        **JOB["variables"],
    )
    return texts[0], spans[0] if mask else None


def attempt(*given, **options):
    try:
        return render(*given, **options)
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


def defined(messages, tools, whole, index):
    prompt, _ = attempt(messages[:index], tools, JOB["template"], prompt=True)
    through, _ = attempt(messages[: index + 1], tools, JOB["template"])
    if prompt is None or through is None or not whole.startswith(prompt) or not whole.startswith(through):
        return None
    region = through[len(prompt) :]
    ends = [(region.index(stop), -len(stop), len(prompt) + region.index(stop) + len(stop)) for stop in JOB["stops"] if stop in region]
    return [len(prompt), min(ends)[2]] if ends else None


def answer(messages, tools):
    whole, why = attempt(messages, tools, JOB["template"])
    if whole is None:
        return {"refused": why}
    marked = None
    if JOB["marked"] is not None:
        text, spans = attempt(messages, tools, JOB["marked"], mask=True)
        marked = [list(span) for span in spans] if text == whole else None
    speakers = [index for index, message in enumerate(messages) if message["role"] == "assistant"]
    return {"text": whole, "defined": [defined(messages, tools, whole, index) for index in speakers], "marked": marked}


for line in sys.stdin.read().split("\n")[:-1]:
    given = json.loads(line)
    if "template" in given:
        JOB.update(given)
    else:
        print(json.dumps(answer(**given), ensure_ascii=False, separators=(",", ":")))
