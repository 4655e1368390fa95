"""Seconds and CPU seconds of a program with all that it started and waited for. Usage: python timed.py REPORT PROGRAM [ARGUMENT...]"""

import json
import resource
import subprocess
import sys
import time

began = time.monotonic()
ended = subprocess.run(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as report:
    json.dump({"wall": time.monotonic() - began, "cpu": used.ru_utime + used.ru_stime}, report)
sys.exit(ended.returncode)
