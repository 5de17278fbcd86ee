"""A graph as nir writes it with notes of every kind that it takes, weights of 16 bits and of truth values, and an edge twice:
python odd.py FILE"""

import sys

import nir
import numpy as np

notes = {
    "flag": True,
    "flags": np.array([True, False]),
    "list": [1, 2, 3],
    "floats": [0.5, 1.5],
    "nothing": [],
    "texts": ["a", "b"],
    "bytes": b"raw",
    "opaque": np.void(b"\x00\x01\x02"),
    "half": np.float16(0.5),
    "wide": np.longdouble(1.5),
    "complex": 1 + 2j,
    "text": "plain",
    "big": np.uint64(2**63),
    "nested": {"deep": {"deeper": True}},
    "dt": [1e-4, 1e-3],
}
graph = nir.NIRGraph(
    nodes={
        "input": nir.Input(np.array([2])),
        "half": nir.Linear(weight=np.array([[0.5, 1], [2, -1]], dtype=np.float16)),
        "flags": nir.Affine(weight=np.array([[True, True], [False, True]]), bias=np.array([True, False])),
        "neuron": nir.IF(r=np.full(2, 1e4), v_threshold=np.full(2, 1.0), v_reset=np.zeros(2)),
        "output": nir.Output(np.array([2])),
    },
    edges=[("input", "half"), ("half", "flags"), ("flags", "neuron"), ("neuron", "output"), ("neuron", "output")],
    metadata=notes,
    type_check=False,
)
graph.nodes["half"].metadata = notes
nir.write(sys.argv[1], graph)
