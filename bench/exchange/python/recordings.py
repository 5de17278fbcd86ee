"""What tonic and SpikingJelly read from recordings: python recordings.py FILES FOLDER writes FOLDER/NAME.TOOL.npy, x, y, p, t of
every event as 64-bit integers [n,4], and FOLDER/recordings.json with what each tool said instead."""

import importlib.metadata
import json
import sys
from pathlib import Path

import numpy as np
from spikingjelly.datasets.cifar10_dvs import _load_origin_data
from spikingjelly.datasets.utils import load_aedat_v3, load_ATIS_bin
from tonic import io

files, folder = Path(sys.argv[1]), Path(sys.argv[2])
# tonic 1.7.0's readers of AEDAT 2.0 and 3.1 expect two values of this function, which returns three: as they are they raise
header = io.read_aedat_header_from_file


def mended(read):
    def act(path):
        io.read_aedat_header_from_file = lambda name: header(name)[:2]
        try:
            return read(path)
        finally:
            io.read_aedat_header_from_file = header

    return act


XYTP = np.dtype([("x", int), ("y", int), ("t", int), ("p", int)])


def events(found):
    if isinstance(found, tuple):
        found = found[-1]
    names = found.dtype.names if isinstance(found, np.ndarray) else tuple(found)
    p = "p" if "p" in names else "on" if "on" in names else names[3]
    return np.stack([np.asarray(found[key]).astype(np.int64) for key in ("x", "y", p, "t")], 1)


# file, tool, how its users read it, whether that raises as it is
READERS = [
    ("dvs128-walk-1.aedat", "tonic", "io.read_dvs_128(FILE)", io.read_dvs_128),
    ("dvs128-walk-1.aedat", "spikingjelly", "cifar10_dvs._load_origin_data(FILE)", _load_origin_data),
    ("davis240c-translboxes.aedat", "tonic", "io.read_davis_346(FILE)", io.read_davis_346),
    ("gesture-style-1.aedat", "tonic", "io.read_dvs_ibm(FILE)", io.read_dvs_ibm),
    ("gesture-style-1.aedat", "spikingjelly", "load_aedat_v3(FILE)", load_aedat_v3),
    ("nmnist-sample.bin", "tonic", "io.read_mnist_file(FILE, dtype)", lambda path: io.read_mnist_file(path, dtype=XYTP)),
    ("nmnist-sample.bin", "spikingjelly", "load_ATIS_bin(FILE)", load_ATIS_bin),
    ("sample.aedat4", "tonic", "io.read_aedat4(FILE)", io.read_aedat4),
]


rows = []
for name, tool, line, read in READERS:
    row = {"file": name, "tool": tool, "line": line}
    path = str(files / name)
    for mend in (False, True):
        try:
            found = events((mended(read) if mend else read)(Path(path) if read is _load_origin_data else path))
            np.save(folder / f"{name}.{tool}.npy", found)
            row |= {"events": len(found), "mended": mend}
            break
        except Exception as error:
            row["error"] = f"{type(error).__name__}: {error}"[:200]
            if tool != "tonic":
                break
    rows.append(row)
versions = {name: importlib.metadata.version(name) for name in ("tonic", "spikingjelly", "numpy")}
(folder / "recordings.json").write_text(json.dumps({"versions": versions, "rows": rows}))
