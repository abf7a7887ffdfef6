# Writes a wheel (PEP 427) of given members, with its RECORD.
#
#   python -c "$(cat folder_wheel.py)" < ORDER
#
# ORDER is JSON: {"wheel": "where to", "info": "hello-1.0.dist-info", "dist_info": "where to unpack that", "time": 1700000000, "members": [
# {"name": "in the wheel", "mode": 420, "file": "where from"} or {..., "text": "what is in it"}, ...]}, sorted by
# name.
import base64
import hashlib
import json
import os
import sys
import time
import zipfile


def bytes_of(member):
    if "text" in member:
        return member["text"].encode("utf-8")
    with open(member["file"], "rb") as file:
        return file.read()


def quoted(name):
    return '"%s"' % name.replace('"', '""') if set(name) & set(',"\n\r') else name


def main(order):
    # A zip knows no time before 1980.
    when = max(time.gmtime(order["time"])[:6], (1980, 1, 1, 0, 0, 0))
    rows = []
    with zipfile.ZipFile(order["wheel"], "w", zipfile.ZIP_DEFLATED) as wheel:

        def add(name, data, mode):
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100000 | mode) << 16
            wheel.writestr(entry, data)

        for member in order["members"]:
            data = bytes_of(member)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows.append("%s,sha256=%s,%d\n" % (quoted(member["name"]), digest, len(data)))
            add(member["name"], data, member["mode"])
        record = order["info"] + "/RECORD"
        rows.append(record + ",,\n")
        add(record, "".join(rows).encode("utf-8"), 0o644)

    target = order["dist_info"]
    with zipfile.ZipFile(order["wheel"]) as wheel:
        inside = [name for name in wheel.namelist() if name.startswith(order["info"] + "/")]
        wheel.extractall(target + ".tmp", inside)
    os.rename(os.path.join(target + ".tmp", order["info"]), target)
    os.rmdir(target + ".tmp")


main(json.load(sys.stdin))
