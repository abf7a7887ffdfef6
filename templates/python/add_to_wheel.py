# Puts files into a wheel, and into its RECORD.
#
#   python -c "$(cat add_to_wheel.py)" < ORDER
#
# ORDER is JSON: {"wheel": ..., "dist_info": the directory that holds a copy of its *.dist-info,
# "epoch": seconds, "members": [[name in the wheel, file], ...]}. Names that are no UTF-8 come as
# {"hex": "..."}.
import base64
import csv
import hashlib
import io
import json
import os
import sys
import time
import zipfile


def text(value):
    return os.fsdecode(bytes.fromhex(value["hex"])) if isinstance(value, dict) else value


def main():
    order = json.load(sys.stdin)
    wheel = order["wheel"]
    # Zip archives know no time before 1980.
    date = max(time.gmtime(order["epoch"])[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(wheel + ".new", "w") as new:
        [record] = [
            info
            for info in old.infolist()
            if info.filename.endswith(".dist-info/RECORD") and info.filename.count("/") == 1
        ]
        for info in old.infolist():
            if info is not record:
                new.writestr(info, old.read(info))
        rows = list(csv.reader(io.StringIO(old.read(record).decode("utf-8"))))
        own = [row for row in rows if row and row[0] == record.filename]
        rows = [row for row in rows if row and row[0] != record.filename]
        for name, file in sorted((text(name), text(file)) for name, file in order["members"]):
            with open(file, "rb") as stream:
                data = stream.read()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows.append([name, "sha256=" + digest, str(len(data))])
            info = zipfile.ZipInfo(name, date)
            info.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o755 if os.stat(file).st_mode & 0o100 else 0o644
            info.external_attr = (0o100000 | mode) << 16
            new.writestr(info, data)
        output = io.StringIO()
        csv.writer(output, lineterminator="\n").writerows(rows + own)
        new.writestr(record, output.getvalue())
    with open(os.path.join(order["dist_info"], "RECORD"), "w", encoding="utf-8") as file:
        file.write(output.getvalue())
    os.replace(wheel + ".new", wheel)


main()
