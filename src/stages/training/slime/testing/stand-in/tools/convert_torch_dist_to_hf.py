"""Takes the checkpoint's one file for weights, and all else from the base, as slime's converter does."""

import argparse
import pathlib
import shutil

parser = argparse.ArgumentParser()
for flag in ("--input-dir", "--output-dir", "--origin-hf-dir", "--vocab-size"):
    parser.add_argument(flag, required=True)
args = parser.parse_args()
output = pathlib.Path(args.output_dir)
output.mkdir()
for file in pathlib.Path(args.origin_hf_dir).iterdir():
    shutil.copy(file, output)
shutil.copy(pathlib.Path(args.input_dir) / "weights", output / "model.safetensors")
