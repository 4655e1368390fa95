"""Runs TRL's own SFT script, or the `train.py` beside run.yaml, with three things added: exact progress events, a Ctrl-C that
saves before it stops, and checkpoints that are on the disk before older ones are deleted.

Usage: python run_sft.py --events-fd N [--script train.py] --config run.yaml [TRL OPTION...]

Everything that decides the result stands in the files: run.yaml's first lines say how the same weights come about without this.
Events go to file descriptor N, one JSON document a line:
  {"event": "start", "steps": n, "from": n, "threads": n, "device": s}
  {"event": "step", "step": n, "loss": x, "learning_rate": x, "tokens": n, "memory": n}   step counts from 1; loss before the update
  {"event": "alive"}                                        between two steps, at most every 10 s: a micro-batch was done
  {"event": "held-out", "step": n, "loss": x}
  {"event": "saved", "step": n}
  {"event": "stopped-early", "step": n, "best": n}
  {"event": "end", "steps": n, "tokens": n, "curve": [{"step", "loss", "learning_rate"}, ...], "held_out": [{"step", "loss"}, ...]}
  {"event": "interrupted", "step": n}
  {"event": "failed", "code": "not-finite" | "error", "message": s, "step": n}
Exit status: 0 trained, 130 interrupted after saving, 20 the loss is not finite, 1 anything else.
"""

import json
import math
import os
import resource
import runpy
import shutil
import signal
import sys
import threading
import time

HEARTBEAT = 10.0


class Events:
    def __init__(self, descriptor: int) -> None:
        self.file = os.fdopen(descriptor, "w", buffering=1)

    def send(self, event: str, **fields: object) -> None:
        self.file.write(json.dumps({"event": event, **fields}) + "\n")
        self.file.flush()


def curve(history: list) -> list:
    """The loss curve of the whole run, earlier attempts included: the trainer keeps it in its checkpoints."""
    return [
        {"step": log["step"], "loss": log["loss"], "learning_rate": log.get("learning_rate")}
        for log in history
        if "loss" in log
    ]


def held_out(history: list) -> list:
    return [{"step": log["step"], "loss": log["eval_loss"]} for log in history if "eval_loss" in log]


def tokens_of(state) -> int:
    """Tokens that the optimiser has seen, padding left out."""
    return int(max((log.get("num_tokens", 0) for log in state.log_history), default=0))


def memory_peak() -> int:
    """Bytes: on a GPU what PyTorch has reserved there at most, else this process's largest resident set."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.max_memory_reserved()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def make_callback(events: Events):
    import torch
    from transformers import TrainerCallback

    class Progress(TrainerCallback):
        stop = False
        earlier_tokens = 0
        told = 0.0

        def on_train_begin(self, args, state, control, **kwargs):
            self.earlier_tokens = tokens_of(state)
            signal.signal(signal.SIGINT, self.request_stop)
            events.send(
                "start",
                steps=state.max_steps,
                **{"from": state.global_step},
                threads=torch.get_num_threads(),
                device=torch.cuda.get_device_name() if torch.cuda.is_available() else str(args.device),
            )

        def request_stop(self, number, frame):
            self.stop = True
            signal.signal(signal.SIGINT, signal.default_int_handler)

        def on_substep_end(self, args, state, control, **kwargs):
            self.alive()

        def on_prediction_step(self, args, state, control, **kwargs):
            self.alive()

        def alive(self):
            if time.monotonic() - self.told > HEARTBEAT:
                self.told = time.monotonic()
                events.send("alive")

        def on_log(self, args, state, control, logs=None, **kwargs):
            loss = (logs or {}).get("loss", (logs or {}).get("eval_loss"))
            if loss is None:
                return
            if not math.isfinite(loss):
                events.send("failed", code="not-finite", message=f"loss is {loss}", step=state.global_step)
                raise SystemExit(20)
            if "eval_loss" in logs:
                events.send("held-out", step=state.global_step, loss=loss)
                return
            # TRL counts from zero again after a resume; the history must go on from the checkpoint's count.
            state.log_history[-1]["num_tokens"] = self.earlier_tokens + logs.get("num_tokens", 0)
            self.told = time.monotonic()
            events.send(
                "step",
                step=state.global_step,
                loss=loss,
                learning_rate=logs.get("learning_rate"),
                tokens=tokens_of(state),
                memory=memory_peak(),
            )

        def on_step_end(self, args, state, control, **kwargs):
            if self.stop and state.global_step < state.max_steps:
                control.should_save = True
                control.should_training_stop = True

        def on_save(self, args, state, control, **kwargs):
            events.send("saved", step=state.global_step)

        def on_train_end(self, args, state, control, **kwargs):
            early = next((log["stopped_early"] for log in state.log_history if "stopped_early" in log), None)
            if early is not None:
                events.send("stopped-early", step=state.global_step, best=early)
            elif state.global_step < state.max_steps:
                events.send("interrupted", step=state.global_step)
                raise SystemExit(130)
            events.send(
                "end",
                steps=state.global_step,
                tokens=tokens_of(state),
                curve=curve(state.log_history),
                held_out=held_out(state.log_history),
            )

    return Progress()


class Rotation:
    """In place of `rotate_checkpoints`, which deletes the last checkpoint while the new one may be in memory only: a machine
    that is switched off then would lose both. Keeps the newest and the best; writes beside the training."""

    def __init__(self) -> None:
        self.writing = threading.Thread(target=lambda: None)
        self.writing.start()

    def __call__(self, output_dir: str, best_model_checkpoint: str | None = None, **_) -> None:
        self.writing.join()
        found = [name for name in os.listdir(output_dir) if name.startswith("checkpoint-")]
        *older, newest = sorted(found, key=lambda name: int(name.rpartition("-")[2]))
        best = os.path.basename(best_model_checkpoint or "")
        doomed = [os.path.join(output_dir, name) for name in older if name != best]
        self.writing = threading.Thread(target=self.write, args=(os.path.join(output_dir, newest), doomed))
        self.writing.start()

    @staticmethod
    def write(newest: str, doomed: list) -> None:
        for path in [os.path.join(newest, name) for name in os.listdir(newest)] + [newest]:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        for folder in doomed:
            shutil.rmtree(folder, ignore_errors=True)


def take(name: str) -> str | None:
    """The value of a command-line option, which is removed."""
    if name not in sys.argv:
        return None
    position = sys.argv.index(name)
    _, value = sys.argv[position : position + 2]
    del sys.argv[position : position + 2]
    return value


def main() -> None:
    events = Events(int(take("--events-fd") or "3"))
    script = take("--script")
    # A process sees one GPU: TRL refuses several without a launcher, and the batch would be another.
    os.environ["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]
    import torch
    from transformers import trainer

    trainer.DEFAULT_CALLBACKS.append(make_callback(events))
    trainer.rotate_checkpoints = Rotation()
    try:
        if script is None:
            # transformers takes bf16 without a GPU only when told to stay on the CPU.
            here = [] if torch.accelerator.is_available() else ["--use_cpu", "true"]
            sys.argv = ["trl.scripts.sft", *sys.argv[1:], *here]
            runpy.run_module("trl.scripts.sft", run_name="__main__", alter_sys=True)
        else:
            sys.argv[0] = script
            runpy.run_path(script, run_name="__main__")
    except Exception as error:
        events.send("failed", code="error", message=f"{type(error).__name__}: {error}", step=None)
        raise


if __name__ == "__main__":
    main()
