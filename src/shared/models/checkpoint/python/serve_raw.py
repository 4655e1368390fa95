"""`transformers serve` whose chat completions are the model's own words. Usage: serve_raw.py serve FOLDER [OPTION...]

The server is transformers' own, with continuous batching; only its handler of chat completions is another one, because the original
(5.23) leaves out a message's content beside tool calls and all reasoning, keeps the sampling of the first request for all that follow,
prints arguments of calls anew, drops a call that was cut off, and ends every answer after 1,024 tokens. Here:

- messages reach the chat template whole, with arguments parsed as most templates expect them, or as text for those that join them to text;
- `temperature`, `seed`, `stop` and the limit of tokens hold for one request; without a limit, the context's end is one;
- a conversation beyond the model's context is refused with OpenAI's own words (`context_length_exceeded`);
- the answer is raw text, streamed; LIMI_KEEP_SPECIAL_TOKENS=1 keeps special tokens in it, the end token excepted.
"""

import asyncio
import copy
import json
import os
import sys
import time

import torch
from fastapi import HTTPException
from fastapi.responses import StreamingResponse
from jinja2.exceptions import TemplateError
from tokenizers.decoders import DecodeStream
from transformers.cli.serving import chat_completion
from transformers.generation import TemperatureLogitsWarper
from transformers.generation.continuous_batching import cb_logits_processors

KEEP_SPECIAL_TOKENS = os.environ.get("LIMI_KEEP_SPECIAL_TOKENS") == "1"
# Stands for greedy, in a batch where others sample; no client means so small a one otherwise.
GREEDY_TEMPERATURE = 1e-9
# A client, or `fetch` inside it, gives up on a silent stream after minutes; a long prompt on a CPU takes as long.
SIGN_OF_LIFE_SECONDS = 15
TAKEN = {"model", "messages", "tools", "stream", "stream_options", "temperature", "seed", "stop", "max_tokens"}


def refuse(message: str, code: str, param: str | None = None) -> HTTPException:
    return HTTPException(400, {"message": message, "type": "invalid_request_error", "param": param, "code": code})


def text_of(content: object, index: int) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    other = next((part.get("type") for part in content if part.get("type") != "text"), None)
    if other is not None:
        place = f"messages.{index}.content"
        raise refuse(f"{place}: the model is run for text alone here, and cannot read {other}", "unsupported_value", place)
    return "".join(part["text"] for part in content)


def call_of(call: dict) -> dict:
    function = call["function"]
    try:
        arguments = json.loads(function["arguments"])
    except ValueError:
        arguments = function["arguments"]
    return {"id": call.get("id"), "type": "function", "function": {"name": function["name"], "arguments": arguments}}


def message_of(message: dict, index: int, reasoning_key: str) -> dict:
    """A message as chat templates take it: no key where there is nothing to say, since templates ask `is defined`."""
    shown = {"role": message["role"], "content": text_of(message.get("content"), index)}
    if message.get("reasoning_content"):
        shown[reasoning_key] = message["reasoning_content"]
    if message.get("tool_calls"):
        shown["tool_calls"] = [call_of(call) for call in message["tool_calls"]]
    if message.get("tool_call_id") is not None:
        shown["tool_call_id"] = message["tool_call_id"]
    return shown


def with_written_arguments(messages: list, given: list) -> list:
    """The same conversation with arguments as the model wrote them, for templates that join them to other text, as DeepSeek's do."""
    written = copy.deepcopy(messages)
    for message, original in zip(written, given):
        for call, of in zip(message.get("tool_calls", []), original.get("tool_calls") or []):
            call["function"]["arguments"] = of["function"]["arguments"]
    return written


def context_of(config) -> int | None:
    """Tokens that a conversation and its answer may have together, by config.json."""
    text = config.get_text_config()
    for name in ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length"):
        if isinstance(getattr(text, name, None), int):
            return getattr(text, name)
    return None


def room(prompt: int, asked: int | None, context: int | None) -> int:
    """How many tokens the answer may have."""
    if context is None:
        return asked or 1024
    told = f"This model's maximum context length is {context} tokens. However, "
    remedy = "Please reduce the length of the messages"
    if prompt >= context:
        message = f"{told}your messages resulted in {prompt} tokens. {remedy}."
        raise refuse(message, "context_length_exceeded", "messages")
    if asked is not None and prompt + asked > context:
        message = f"{told}you requested {prompt + asked} tokens ({prompt} in the messages, {asked} in the completion). "
        raise refuse(f"{message}{remedy} or completion.", "context_length_exceeded", "messages")
    return context - prompt if asked is None else asked


class Temperatures(cb_logits_processors.ContinuousBatchingTemperatureLogitsWarper):
    """Each request's temperature; a greedy one keeps the first of its best tokens alone, since in 16 bits several are often equal."""

    def __call__(self, scores: torch.Tensor, tensor_arg: torch.Tensor) -> torch.Tensor:
        temperatures = tensor_arg[: scores.size(0)].view(dtype=torch.float32).unsqueeze(-1)
        alone = torch.full_like(scores, -torch.inf).scatter(-1, scores.argmax(dim=-1, keepdim=True), 0.0)
        return torch.where(temperatures <= GREEDY_TEMPERATURE, alone, scores / temperatures)


class Stops:
    """Passes text on until a stop text appears; what may become one is held back."""

    def __init__(self, stops: list[str]):
        self.stops = [stop for stop in stops if stop]
        self.held = ""
        self.found = False

    def feed(self, text: str) -> str:
        self.held += text
        places = [place for place in (self.held.find(stop) for stop in self.stops) if place >= 0]
        if places:
            self.found = True
            return self.held[: min(places)]
        keep = max((self._beginning(stop) for stop in self.stops), default=0)
        passed, self.held = self.held[: len(self.held) - keep], self.held[len(self.held) - keep :]
        return passed

    def _beginning(self, stop: str) -> int:
        """Length of the longest beginning of `stop` that the held text ends with."""
        return next((n for n in range(min(len(stop), len(self.held)), 0, -1) if self.held.endswith(stop[:n])), 0)


class Answer:
    """The tokens of one request as text, from the batch's thread to the response."""

    def __init__(self, tokenizer, ends: set[int]):
        self.tokenizer = tokenizer
        self.ends = ends
        self.queue: asyncio.Queue = asyncio.Queue()
        self.decode = DecodeStream([], skip_special_tokens=not KEEP_SPECIAL_TOKENS)
        self.count = 0
        self.shown: list[int] = []
        self.sent = ""

    def take(self, output) -> None:
        tokens = output.generated_tokens[self.count :]
        self.count += len(tokens)
        for token in tokens:
            if token not in self.ends:
                self._show(token)
        if output.error is not None:
            self.queue.put_nowait(RuntimeError(output.error))
        elif output.is_finished():
            self._flush()
            self.queue.put_nowait(None)

    def _show(self, token: int) -> None:
        self.shown.append(token)
        text = self.decode.step(self.tokenizer, token)
        if text:
            self.sent += text
            self.queue.put_nowait(text)

    def _flush(self) -> None:
        """What ends inside a character was held back until now."""
        whole = self.tokenizer.decode(self.shown, skip_special_tokens=not KEEP_SPECIAL_TOKENS)
        if whole.startswith(self.sent) and len(whole) > len(self.sent):
            self.queue.put_nowait(whole[len(self.sent) :])


class RawChat(chat_completion.ChatCompletionHandler):
    async def handle_request(self, body: dict, request_id: str) -> StreamingResponse:
        unknown = set(body) - TAKEN
        if unknown:
            raise refuse(f"Unsupported parameter: {sorted(unknown)[0]}", "unsupported_parameter", sorted(unknown)[0])
        model_id, model, tokenizer = self._resolve_model(body)
        ids = await asyncio.to_thread(self._prompt, tokenizer, body)
        limit = room(len(ids), body.get("max_tokens"), context_of(model.config))
        manager = self._batches(model_id, model)
        if body.get("seed") is not None:
            torch.manual_seed(body["seed"])
        answer = self._start(manager, model, tokenizer, request_id, ids, limit, body.get("temperature"))
        head = {"id": request_id, "object": "chat.completion.chunk", "created": int(time.time()), "model": model_id}
        stops = body.get("stop") or []
        stream = self._events(manager, answer, head, len(ids), limit, Stops([stops] if isinstance(stops, str) else stops))
        return StreamingResponse(stream, media_type="text/event-stream")

    @staticmethod
    def _prompt(tokenizer, body: dict) -> list[int]:
        template = tokenizer.get_chat_template(tools=body.get("tools"))
        key = "thinking" if "thinking" in template and "reasoning_content" not in template else "reasoning_content"
        messages = [message_of(message, index, key) for index, message in enumerate(body["messages"])]
        options = {"tools": body.get("tools"), "add_generation_prompt": True, "return_dict": True}
        try:
            # The tokenizer says nothing of the reason; a call's arguments may bring such a character as an escape.
            json.dumps(messages, ensure_ascii=False).encode()
            try:
                rendered = tokenizer.apply_chat_template(messages, **options)
            except TypeError:
                rendered = tokenizer.apply_chat_template(with_written_arguments(messages, body["messages"]), **options)
        except UnicodeEncodeError:
            message = "The conversation holds half of a surrogate pair, which is no character: send whole Unicode."
            raise refuse(message, "invalid_value", "messages")
        except (TemplateError, TypeError, ValueError, KeyError) as error:
            raise refuse(f"The model's chat template refuses this conversation: {error}", "invalid_value", "messages")
        return list(rendered["input_ids"])

    def _batches(self, model_id: str, model):
        """The batches of this model, in which each request has a temperature of its own."""
        self.generation_state._cb_config.per_request_processors = True
        manager = self.generation_state.get_manager(model_id, use_cb=True)
        config = copy.deepcopy(model.generation_config)
        if not config.do_sample:
            config.top_k, config.top_p = None, None
        self.own_temperature = (config.temperature or 1.0) if config.do_sample else 0.0
        # At 1.0 transformers would leave the division out, for every request.
        config.do_sample, config.temperature, config.use_cache = True, 2.0, False
        manager.init_cb(model, config)
        return manager

    def _start(self, manager, model, tokenizer, request_id: str, ids: list[int], limit: int, asked: float | None):
        manager._check_alive(request_id)
        ends = model.generation_config.eos_token_id
        ends = ends if isinstance(ends, list) else [] if ends is None else [ends]
        answer = Answer(tokenizer._tokenizer, set(ends))
        temperature = self.own_temperature if asked is None else float(asked)
        manager._cb.register_result_handler(request_id, answer.take)
        manager._cb.add_request(
            ids,
            request_id=request_id,
            streaming=True,
            max_new_tokens=limit,
            eos_token_id=ends or -1,
            temperature=max(temperature, GREEDY_TEMPERATURE),
        )
        return answer

    async def _events(self, manager, answer: Answer, head: dict, prompt: int, limit: int, stops: Stops):
        def chunk(delta: dict, finish: str | None = None, **more) -> str:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            return f"data: {json.dumps({**head, 'choices': [choice], **more})}\n\n"

        ended = False
        try:
            yield chunk({"role": "assistant"})
            while True:
                try:
                    item = await asyncio.wait_for(answer.queue.get(), SIGN_OF_LIFE_SECONDS)
                except asyncio.TimeoutError:
                    yield ": still at work\n\n"
                    continue
                if isinstance(item, Exception):
                    ended = True
                    yield f"data: {json.dumps({'error': {'message': str(item), 'type': 'server_error'}})}\n\n"
                    return
                text = stops.held if item is None else stops.feed(item)
                if text:
                    yield chunk({"content": text})
                if item is None or stops.found:
                    break
            ended = item is None
            finish = "length" if not stops.found and answer.count >= limit else "stop"
            usage = {"prompt_tokens": prompt, "completion_tokens": answer.count, "total_tokens": prompt + answer.count}
            yield chunk({}, finish, usage=usage)
            yield "data: [DONE]\n\n"
        finally:
            # A client that went away, or a stop text: nobody reads on.
            if not ended:
                manager._cb.cancel_request(head["id"])


if __name__ == "__main__":
    chat_completion.ChatCompletionHandler = RawChat
    cb_logits_processors.CLASSIC_TO_CB_PROCESSORS_MAP[TemperatureLogitsWarper] = Temperatures
    from transformers.cli.transformers import app

    app(args=sys.argv[1:])
