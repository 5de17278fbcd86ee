"""The Python side of ../protocol.ts: prepares the work given as JSON in the first argument, says that it is ready, and
repeats it as often as it is asked to, sleeping in between."""

import json
import sys
import time


def say(**line):
    print(json.dumps(line), flush=True)


def torch_facts(torch):
    """Versions and the vectors that PyTorch's own kernels use; oneDNN's are chosen by its own detection."""
    shown = torch.__config__.show()
    capability = next((line.split()[-1] for line in shown.splitlines() if "CPU capability" in line), "?")
    return {"torch": torch.__version__, "vectors": capability, "threads": torch.get_num_threads()}


def serve(prepare, install):
    """prepare(job) gives (facts, once); `install` is the command that brings what prepare imports."""
    try:
        facts, once = prepare(json.loads(sys.argv[1]))
    except ModuleNotFoundError:
        say(missing=install)
        return
    except Exception as error:
        say(failed=f"{type(error).__name__}: {error}")
        return
    say(ready=facts)
    for line in sys.stdin:
        times = []
        before = time.process_time()
        for _ in range(json.loads(line)["repetitions"]):
            start = time.perf_counter()
            once()
            times.append((time.perf_counter() - start) * 1e3)
        lifetime = time.process_time()
        say(milliseconds=times, processor=(lifetime - before) * 1e3, lifetime=lifetime * 1e3)
