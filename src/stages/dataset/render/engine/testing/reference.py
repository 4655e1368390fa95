"""Renders chat templates as transformers does. Reads JSON lines {templates, messages, tools, variables, prompt}
and prints a list of {text} or {error}, one for each template.

Arguments of tool calls come as text and are parsed by json.loads; what does not parse stays text. The clock stands at $NOW (ISO, UTC).
"""

import datetime
import json
import os
import sys

import transformers.utils.chat_template_utils as utils

NOW = datetime.datetime.fromisoformat(os.environ.get("NOW", "2025-03-04T05:06:07"))


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


utils.datetime = Clock
TEMPLATES = {}


def parsed(message):
    for call in message.get("tool_calls") or []:
        try:
            call["function"]["arguments"] = json.loads(call["function"]["arguments"])
        except ValueError:
            pass
    return message


def render(case, template):
    try:
        texts, _ = utils.render_jinja_template(
            conversations=[case["messages"]],
            tools=case.get("tools"),
            chat_template=TEMPLATES[template],
            add_generation_prompt=case.get("prompt", False),
            **case.get("variables", {}),
        )
        text = texts[0]
        text.encode()
        return {"text": text}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}


for line in sys.stdin:
    case = json.loads(line)
    if "define" in case:
        TEMPLATES[case["define"]] = case["source"]
    else:
        case["messages"] = [parsed(message) for message in case["messages"]]
        print(json.dumps([render(case, template) for template in case["templates"]]))
