"""The Python side of frames.ts: frames of one recording by tonic and by SpikingJelly, as often as a line asks, by processor time.
pip install tonic==1.7.0 spikingjelly==2.0.0; python frames.py EVENTS.npz WIDTH HEIGHT FRAMES SPAN"""

import importlib.metadata
import json
import sys
import time

import numpy as np
import torch
from spikingjelly.datasets.utils import integrate_events_by_fixed_duration, integrate_events_by_fixed_frames_number
from tonic.transforms import ToFrame

torch.set_num_threads(1)
path, width, height, frames, span = sys.argv[1], *map(int, sys.argv[2:])
with np.load(path) as file:
    lists = {name: file[name] for name in 'txyp'}
events = np.zeros(len(lists['t']), dtype=[('x', '<i2'), ('y', '<i2'), ('t', '<i8'), ('p', '<i2')])
for name in 'txyp':
    events[name] = lists[name]
size = (width, height, 2)
by_count, by_time, by_span = ToFrame(size, n_event_bins=frames), ToFrame(size, n_time_bins=frames), ToFrame(size, time_window=span)

WORK = {
    'tonic by count': lambda: by_count(events),
    'tonic by time': lambda: by_time(events),
    'tonic spans': lambda: by_span(events),
    'spikingjelly by count': lambda: integrate_events_by_fixed_frames_number(lists, 'number', frames, height, width),
    'spikingjelly by time': lambda: integrate_events_by_fixed_frames_number(lists, 'time', frames, height, width),
    'spikingjelly spans': lambda: integrate_events_by_fixed_duration(lists, span, height, width),
}
versions = {name: importlib.metadata.version(name) for name in ('tonic', 'spikingjelly', 'numpy')}
print(json.dumps(versions), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    work = WORK[order['work']]
    before = time.process_time()
    for _ in range(order['repetitions']):
        out = work()
    seconds = time.process_time() - before
    print(json.dumps({'seconds': seconds / order['repetitions'], 'sum': float(out.sum()), 'shape': list(out.shape)}), flush=True)
