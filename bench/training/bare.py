"""The same training by TRL alone. Usage: python bare.py MODEL DATA OUTPUT STEPS full|lora; the last line is JSON."""

import json
import sys

from datasets import load_dataset
from peft import LoraConfig
from trl import SFTConfig, SFTTrainer

model, data, output, steps, method = sys.argv[1:]
adapters = LoraConfig(r=16, lora_alpha=32, lora_dropout=0, target_modules="all-linear", task_type="CAUSAL_LM")
trainer = SFTTrainer(
    model=model,
    args=SFTConfig(
        output_dir=output,
        model_init_kwargs={"dtype": "float32"},
        max_length=None,
        per_device_train_batch_size=4,
        gradient_checkpointing=False,
        bf16=False,
        max_steps=int(steps),
        learning_rate=0.0003,
        lr_scheduler_type="cosine",
        warmup_steps=0.1,
        seed=0,
        data_seed=0,
        logging_steps=1,
        save_strategy="steps",
        save_steps=20,
        save_total_limit=1,
        disable_tqdm=True,
        report_to="none",
    ),
    train_dataset=load_dataset("json", data_files=data, split="train").select_columns(["input_ids", "labels"]),
    peft_config=adapters if method == "lora" else None,
)
trained = trainer.train()
trainer.save_model(output)
logs = [log for log in trainer.state.log_history if "loss" in log]
result = {"tokens": int(logs[-1]["num_tokens"]), "loop": trained.metrics["train_runtime"], "loss": logs[-1]["loss"]}
print("\n" + json.dumps(result))
