#!/usr/bin/env bash
# tonic's readers for AEDAT recordings of the DVS 128 raise on every one.
#
# What happens: in tonic 1.7.0, tonic.io.read_dvs_128 and read_dvs_ibm raise "too many values to unpack (expected 2)" on a sound
# AEDAT file, before they look at an event. The function that both call for the header gives three values since it reads the start
# of the recording too; these two, and read_dvs_red and read_dvs_346mini beside them, still take two. read_davis_346 alone takes three.
#
# Why a good guess is wrong: the error looks like a damaged or newer file, so that people convert or cut their recordings; the file
# is sound, and other readers take it. Nothing in it can be changed so that these functions read it.
#
# Whom it hits here: whoever compares events of a DVS 128 recording with tonic's. What spikegrad calls the convention 'tonic' for
# this camera follows the lines behind the header, which this script also prints.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check tonic==1.7.0 numpy==2.4.6
cat > run.py <<'PY'
import importlib.metadata, struct
from pathlib import Path

from tonic import io

print("tonic", importlib.metadata.version("tonic"))
# two events of a DVS 128: address x << 8 | y << 1 | p, then microseconds, each 32 bits, the high byte first
header = b"#!AER-DAT2.0\r\n# This is a raw AE data file - do not edit\r\n# Timestamps tick is 1 us\r\n"
events = b"".join(struct.pack(">II", (x << 8) | (y << 1) | p, t) for x, y, p, t in [(5, 9, 1, 10), (7, 3, 0, 20)])
Path("walk.aedat").write_bytes(header + events)

parts = io.read_aedat_header_from_file("walk.aedat")
print("the header's reader gives", len(parts), "values")
assert len(parts) == 3
addresses = io.get_aer_events_from_file("walk.aedat", parts[0], parts[1])["address"]
print("behind the header the file is read:", [((int(a) >> 8) & 127, (int(a) >> 1) & 127, int(a) & 1) for a in addresses])
for reader in (io.read_dvs_128, io.read_dvs_ibm):
    try:
        reader("walk.aedat")
    except ValueError as error:
        print(reader.__name__, "raises:", error)
        assert "too many values to unpack" in str(error)
    else:
        raise SystemExit(f"{reader.__name__} reads it now: the finding is over")
PY
env/bin/python run.py
