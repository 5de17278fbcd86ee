# Runs tonic and SpikingJelly on the same recordings and writes what each gives of their first events, which conventions.ts then holds
# against readEvents. pip install tonic==1.7.0 spikingjelly==2.0.0 aedat; then: python conventions.py FOLDER > recorded.json
import json
import sys
from pathlib import Path

import numpy as np
import tonic
from spikingjelly.datasets.cifar10_dvs import _load_origin_data
from spikingjelly.datasets.utils import load_aedat_v3, load_ATIS_bin
from tonic import io

folder = Path(sys.argv[1])
# tonic 1.7.0's own readers of AEDAT 2.0 and 3.1 expect two values of this function, which returns three since 1.5: as they are they
# raise "too many values to unpack". What they do behind that is theirs.
header = io.read_aedat_header_from_file
io.read_aedat_header_from_file = lambda filename: header(filename)[:2]
FIRST = 5


def rows(x, y, p, t):
    columns = [np.asarray(c).astype(np.int64) for c in (x, y, p, t)]
    return {'events': len(columns[0]), 'first': np.stack(columns, 1)[:FIRST].tolist()}


def structured(e):
    names = e.dtype.names
    return rows(e['x'], e['y'], e[names[3]] if 'p' not in names else e['p'], e['t'])


def of_jelly(e):
    return rows(e['x'], e['y'], e['p'], e['t'])


results = {'tonic': tonic.__version__, 'spikingjelly': '2.0.0', 'recordings': {}}
record = results['recordings']
dvs128 = folder / 'dvs128-walk-1.aedat'
record['dvs128-walk-1.aedat'] = {
    'tonic': structured(io.read_dvs_128(str(dvs128))[1]),
    'spikingjelly': of_jelly(_load_origin_data(dvs128)),
}
gesture = folder / 'gesture-style-1.aedat'
record['gesture-style-1.aedat'] = {'spikingjelly': of_jelly(load_aedat_v3(gesture))}
try:
    record['gesture-style-1.aedat']['tonic'] = structured(io.read_dvs_ibm(str(gesture))[1])
except Exception as error:
    record['gesture-style-1.aedat']['tonic'] = {'error': f'{type(error).__name__}: {error}'[:200]}
nmnist = folder / 'nmnist-sample.bin'
dtype = np.dtype([('x', int), ('y', int), ('t', int), ('p', int)])
record['nmnist-sample.bin'] = {
    'tonic': structured(io.read_mnist_file(str(nmnist), dtype=dtype)),
    'spikingjelly': of_jelly(load_ATIS_bin(nmnist)),
}
e = io.read_aedat4(str(folder / 'sample.aedat4'))
record['sample.aedat4'] = {'tonic': rows(e['x'], e['y'], e['on'] if 'on' in e.dtype.names else e['p'], e['t'])}
print(json.dumps(results, indent=1))
