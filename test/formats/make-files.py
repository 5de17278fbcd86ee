"""Writes the files of files/ with NumPy: arrays in every form that readNpy and readNpz read, and those that they refuse; and a frame
of LZ4 and one of Zstandard.

usage: python make-files.py        (made with numpy 2.4.6, lz4 4.4.5, zstandard 0.25.0, Python 3.11)
"""

import json
import os

import lz4.frame
import numpy as np
import zstandard

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'files')


def main():
    os.makedirs(HERE, exist_ok=True)
    numbers = np.arange(6).reshape(2, 3)
    arrays = {f'{order}{kind}'.replace('<', 'little ').replace('>', 'big '): (numbers - 2).astype(f'{order}{kind}')
              if kind[0] != 'u' else numbers.astype(f'{order}{kind}')
              for kind in ('i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8', 'b1') for order in '<>'}
    arrays['half'] = np.array([0.1, 65504, -6e-8], np.float16)
    arrays['fortran'] = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
    arrays['fortran big'] = np.asfortranarray(np.arange(6, dtype='>i4').reshape(2, 3))
    arrays['scalar'] = np.array(2.5)
    arrays['empty'] = np.zeros((0, 3), np.float32)
    arrays['größe/第一'] = np.array([1, 2], np.int32)
    arrays['texts'] = np.array([['cat', 'größe'], ['', '第一']])
    arrays['bytes'] = np.array([b'ab', b'c'])
    np.savez(os.path.join(HERE, 'types.npz'), **arrays)
    np.savez_compressed(os.path.join(HERE, 'packed.npz'), zeros=np.zeros(1000), ones=np.ones(3, np.int16))
    np.save(os.path.join(HERE, 'plain.npy'), arrays['fortran'])
    with open(os.path.join(HERE, 'version3.npy'), 'wb') as f:
        np.lib.format.write_array(f, np.array([1.5]), version=(3, 0))
    for name, array in {
        'structured': np.array([(1, 2.0)], dtype=[('größe', 'i4'), ('b', 'f8')]),
        'objects': np.array([{'a': 1}, None], dtype=object),
        'complex': np.array([1 + 2j]),
        'dates': np.array(['2026-01-01'], dtype='datetime64[D]'),
        'long': np.array([1.0], dtype=np.longdouble),
        'void': np.zeros(2, 'V3'),
    }.items():
        np.save(os.path.join(HERE, f'{name}.npy'), array, allow_pickle=True)
    text = b'events of a camera, ' * 40 + bytes(range(256))
    with open(os.path.join(HERE, 'linked.lz4'), 'wb') as f:
        f.write(lz4.frame.compress(text, block_linked=True, content_checksum=True, block_checksum=True, store_size=True))
    with open(os.path.join(HERE, 'text.zst'), 'wb') as f:
        f.write(zstandard.ZstdCompressor(level=19, write_checksum=True).compress(text))
    expected = {name: {'shape': list(a.shape), 'data': [v.decode() if isinstance(v, bytes) else v
                                                          for v in a.reshape(-1).tolist()]}
                for name, a in arrays.items()}
    with open(os.path.join(HERE, 'expected.json'), 'w') as f:
        json.dump(expected, f, indent=1, ensure_ascii=False, allow_nan=False)
        f.write('\n')


main()
