"""The same samples in Inspect AI with its mock model. Usage: peer.py plain|tool SAMPLES LOGS"""

import sys

from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import includes
from inspect_ai.solver import generate, use_tools
from inspect_ai.tool import bash

kind, samples, logs = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def answer(messages, tools, tool_choice, config):
    if kind == "tool" and messages[-1].role == "user":
        output = ModelOutput.for_tool_call("mockllm/model", "bash", {"command": "echo 3 > count.txt"})
    else:
        output = ModelOutput.from_content("mockllm/model", "Done.")
    # Without a count the mock model fetches a tokenizer.
    output.usage = ModelUsage(input_tokens=10, output_tokens=10, total_tokens=20)
    return output


task = Task(
    dataset=MemoryDataset([Sample(id=f"task-{at}", input=f"Count the lines of file {at}.", target="Done.") for at in range(samples)]),
    solver=[use_tools(bash()), generate()] if kind == "tool" else [generate()],
    scorer=includes(),
    sandbox="local" if kind == "tool" else None,
)
(log,) = eval(
    task,
    model=get_model("mockllm/model", custom_outputs=answer),
    log_dir=logs,
    display="none",
    max_samples=16,
)
assert log.status == "success" and log.results.completed_samples == samples, log.error or log.status
assert log.results.scores[0].metrics["accuracy"].value == 1.0
