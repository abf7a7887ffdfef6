"""Archives that mean harm, or are broken: made by hand, since no tool makes them.

`tars()` and `zips()` yield (name, bytes); `deb()` puts a data tar into a package. Whoever unpacks
one in the wrong way writes into, changes or reads `victim`.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

CONTROL = ("Package: hostile\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\n"
           "Description: x\n")
MEBIBYTE = 1 << 20


def ar_member(name, data, size=None):
    head = b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (name.encode(), 0, 0, 0, b"100644",
                                                len(data) if size is None else size)
    return head + data + b"\n" * (len(data) % 2)


def make_tar(*entries, end=True):
    """(name, type, linkname or bytes, mode) each; a TarInfo is taken as it is."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for entry in entries:
            if isinstance(entry, tarfile.TarInfo):
                tar.addfile(entry)
                continue
            name, kind, what, mode = (*entry, 0o644)[:4]
            info = tarfile.TarInfo(name)
            info.type, info.mode = kind, mode
            if isinstance(what, bytes):
                info.size = len(what)
                tar.addfile(info, io.BytesIO(what))
            else:
                info.linkname = what or ""
                tar.addfile(info)
    return out.getvalue() if end else out.getvalue().rstrip(b"\0")


REG, DIR, SYM, LNK = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE


def raw_header(name, size=0, kind=b"0", linkname=b"", magic=b"ustar\x0000"):
    """A tar header as bytes, for what TarInfo does not write."""
    block = bytearray(512)
    block[0:len(name[:100])] = name[:100]
    block[100:108] = b"0000644\0"
    block[108:116] = block[116:124] = b"0000000\0"
    block[124:136] = b"%011o\0" % size if size >= 0 else b"\xff" * 12
    block[136:148] = b"00000000000\0"
    block[148:156] = b" " * 8
    block[156:157] = kind
    block[157:157 + len(linkname[:100])] = linkname[:100]
    block[257:265] = magic
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def old_gnu_sparse(name, real_size):
    """526 bytes that unpack to as much as is asked for: one block of data behind a hole."""
    block = bytearray(raw_header(name, 512, b"S", magic=b"ustar  \0"))
    block[386:398] = b"%011o\0" % (real_size - 512)
    block[398:410] = b"%011o\0" % 512
    block[483:495] = b"%011o\0" % real_size if real_size < 8 ** 11 else b"\x80" + \
        real_size.to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + b"x" * 512


def pax_sparse(name, real_size):
    info = tarfile.TarInfo("GNUSparseFile.0/" + name)
    info.size = 512
    info.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1",
                        "GNU.sparse.name": name, "GNU.sparse.numblocks": "1",
                        "GNU.sparse.size": str(real_size),
                        "GNU.sparse.map": f"{real_size - 512},512"}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(info, io.BytesIO(b"x" * 512))
    return out.getvalue()


def tars(victim):
    """Every kind, with several of each. `victim`: a directory outside, with a file `file` in it."""
    victim = str(victim)
    up = "../" * 30 + victim.lstrip("/")
    for label, path in (("absolute", victim), ("dotdot", up), ("dot-dotdot", "./a/../" + up),
                        ("double-slash", "/" + victim), ("slashes", "a/" + up)):
        yield f"{label}-file", make_tar((path + "/new", REG, b"x"))
        yield f"{label}-over", make_tar((path + "/file", REG, b"x"))
        yield f"{label}-dir", make_tar((path, DIR, None, 0o777))
        yield f"{label}-dir-below", make_tar((path + "/d", DIR, None, 0o777))
        yield f"{label}-link", make_tar((path + "/l", SYM, "x"))
        yield f"{label}-hard-to", make_tar(("f", REG, b"x"), ("h", LNK, path + "/file"))
        yield f"{label}-hard-at", make_tar(("f", REG, b"x"), (path + "/h", LNK, "f"))
    for label, path in (("absolute", victim), ("relative", up)):
        link = ("a", SYM, path)
        yield f"link-{label}-dir-over", make_tar(link, ("a/", DIR, None, 0o777))
        yield f"link-{label}-dir-below", make_tar(link, ("a/d", DIR, None, 0o777))
        yield f"link-{label}-file-below", make_tar(link, ("a/new", REG, b"x"))
        yield f"link-{label}-file-over", make_tar(("a", SYM, path + "/file"), ("a", REG, b"x"))
        yield f"link-{label}-link-below", make_tar(link, ("a/l", SYM, "x"))
        yield f"link-{label}-hard-through", make_tar(link, ("s", LNK, "a/file"))
        yield f"link-{label}-hard-at", make_tar(("f", REG, b"x"), link, ("a/h", LNK, "f"))
        yield f"link-{label}-hard-to-link", make_tar(("a", SYM, path + "/file"), ("s", LNK, "a"))
        yield f"link-{label}-dir-to-link", make_tar(("a", DIR, None, 0o755), link,
                                                    ("a/new", REG, b"x"))
        yield f"link-{label}-chain", make_tar(("b", SYM, path), ("a", SYM, "b"),
                                              ("a/new", REG, b"x"))
        yield f"link-{label}-chain-deep", make_tar(("d/b", SYM, path), ("a", SYM, "d/b"),
                                                   ("a/d/e", DIR, None, 0o777))
        yield f"link-{label}-sandwich", make_tar(("a/x", REG, b"x"), link, ("a/new", REG, b"x"))
    yield "link-empty", make_tar(("l", SYM, ""))
    yield "link-self-through", make_tar(("l", SYM, "l"), ("l/x", REG, b"x"))
    yield "link-loop-through", make_tar(("a", SYM, "b"), ("b", SYM, "a"), ("a/x", REG, b"x"))
    for size in (4097, 5000, 60000):
        yield f"link-long-{size}", make_tar(("l", SYM, "x/" * (size // 2)))
    yield "hard-self", make_tar(("h", LNK, "h"))
    yield "hard-missing", make_tar(("h", LNK, "missing"))
    yield "hard-later", make_tar(("h", LNK, "f"), ("f", REG, b"x"))
    yield "hard-to-dir", make_tar(("d", DIR, None, 0o755), ("h", LNK, "d"))
    for name, kind in (("char", tarfile.CHRTYPE), ("block", tarfile.BLKTYPE),
                       ("fifo", tarfile.FIFOTYPE)):
        for path in (name, "opt/" + name, "opt/venvs/x/" + name):
            yield f"{name}-{path.count('/')}", make_tar((path, kind, None))
    for length in (256, 300, 1000):
        yield f"name-{length}", make_tar(("n" * length, REG, b"x"))
        yield f"dir-{length}", make_tar(("n" * length + "/x", REG, b"x"))
        yield f"link-name-{length}", make_tar(("n" * length, SYM, "x"))
    for depth in (101, 500, 3000):
        yield f"depth-{depth}", make_tar(("d/" * depth + "x", REG, b"x"))
        yield f"depth-dir-{depth}", make_tar(("d/" * depth, DIR, None, 0o755))
    for length in (2200, 5000, 70000):
        yield f"path-{length}", make_tar(("a" * 200 + ("/" + "a" * 200) * (length // 201), REG, b""))
    yield "file-as-dir", make_tar(("f", REG, b"x"), ("f/x", REG, b"x"))
    for size in (1 << 32, 1 << 40, 1 << 62):
        yield f"sparse-{size.bit_length()}", old_gnu_sparse(b"s", size)
        yield f"sparse-pax-{size.bit_length()}", pax_sparse("s", size)
    yield "many-entries", b"".join(raw_header(b"e%d" % i) for i in range(310000))
    whole = make_tar(("a", REG, b"x" * 5000), ("b", REG, b"y" * 5000))
    for at in (100, 511, 600, 5000, 5700, 6000):
        yield f"truncated-{at}", whole[:at]
    yield "size-beyond", raw_header(b"f", 1 << 30) + b"x" * 512
    yield "size-huge", raw_header(b"f", 8 ** 11 - 1)
    for at in (0, 100, 124, 148, 156, 257):
        broken = bytearray(whole)
        broken[at:at + 8] = b"\xff" * 8
        yield f"broken-{at}", bytes(broken)
    yield "noise", bytes(range(256)) * 64
    yield "long-name-header-huge", raw_header(b"././@LongLink", 1 << 33, b"L", magic=b"ustar  \0")
    yield "pax-header-huge", raw_header(b"p", 1 << 33, b"x") + b"x" * 4096
    yield "pax-headers-nested", b"".join(
        raw_header(b"p", 12, b"x") + b"12 path=abc\n".ljust(512, b"\0") for _ in range(5000))
    yield "pax-path-dotdot", _pax({"path": up + "/new"})
    yield "pax-path-absolute", _pax({"path": victim + "/new"})
    yield "pax-link-absolute", _pax({"linkpath": victim + "/file"}, LNK)


def _pax(headers, kind=REG):
    info = tarfile.TarInfo("innocent")
    info.type = kind
    info.pax_headers = headers
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(info)
    return out.getvalue()


def for_debs_only():
    """What is no harm in other archives."""
    yield "twice", make_tar(("f", REG, b"x"), ("f", REG, b"y"))
    yield "twice-link", make_tar(("f", REG, b"x"), ("f", SYM, "y"))
    yield "twice-dir", make_tar(("f", DIR, None, 0o755), ("f", REG, b"y"))


def deb(data, name="data.tar", control=CONTROL):
    member = gzip.compress(make_tar(("control", REG, control.encode())), mtime=0)
    return (b"!<arch>\n" + ar_member("debian-binary", b"2.0\n") +
            ar_member("control.tar.gz", member) + ar_member(name, data))


def debs():
    """Faults of the package file itself."""
    data = make_tar(("f", REG, b"x"))
    good = deb(data)
    for at in (4, 8, 40, 68, 100, 140, 200, len(good) - 600):
        yield f"ar-truncated-{at}", good[:at]
    yield "ar-size-huge", b"!<arch>\n" + ar_member("debian-binary", b"2.0\n", size=9999999999)
    yield "ar-size-negative", good.replace(b"4         `", b"-4        `", 1)
    yield "ar-many", b"!<arch>\n" + ar_member("x", b"") * 5000
    yield "ar-no-control", b"!<arch>\n" + ar_member("debian-binary", b"2.0\n") + \
        ar_member("data.tar", data)
    yield "ar-two-data", good + ar_member("data.tar", data)
    yield "ar-two-control", b"!<arch>\n" + ar_member("debian-binary", b"2.0\n") + 2 * ar_member(
        "control.tar", make_tar(("control", REG, CONTROL.encode()))) + ar_member("data.tar", data)
    yield "control-twice", b"!<arch>\n" + ar_member("debian-binary", b"2.0\n") + ar_member(
        "control.tar", make_tar(*2 * [("control", REG, CONTROL.encode())])) + \
        ar_member("data.tar", data)
    yield "control-device", b"!<arch>\n" + ar_member("debian-binary", b"2.0\n") + ar_member(
        "control.tar", make_tar(("control", tarfile.CHRTYPE, None))) + ar_member("data.tar", data)
    yield "control-huge", b"!<arch>\n" + ar_member("debian-binary", b"2.0\n") + ar_member(
        "control.tar.gz", gzip.compress(make_tar(("control", REG, bytes(80 * MEBIBYTE))), 1)) + \
        ar_member("data.tar", data)
    bomb = make_tar(("zeros", REG, bytes(100 * MEBIBYTE)))
    yield "bomb-gz", deb(gzip.compress(bomb, 6), "data.tar.gz")
    yield "bomb-xz", deb(lzma.compress(bomb, preset=0), "data.tar.xz")
    yield "bomb-bz2", deb(bz2.compress(bomb, 1), "data.tar.bz2")
    yield "bomb-twice", deb(gzip.compress(gzip.compress(data)), "data.tar.gz")
    for name, packed in (("gz", gzip.compress(data)), ("xz", lzma.compress(data))):
        yield f"damaged-{name}", deb(packed[:-12], f"data.tar.{name}")
        yield f"noise-{name}", deb(packed[:20] + bytes(range(256)), f"data.tar.{name}")


def make_zip(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def zips(victim):
    victim = str(victim)
    up = "../" * 30 + victim.lstrip("/")
    for label, path in (("absolute", victim), ("dotdot", up), ("inner-dotdot", "a/../" + up),
                        ("double-slash", "/" + victim)):
        yield f"{label}-file", make_zip((path + "/new", b"x", 0o100644))
        yield f"{label}-over", make_zip((path + "/file", b"x", 0o100644))
        yield f"{label}-dir", make_zip((path + "/d/", b"", 0o040777))
        yield f"{label}-link", make_zip(("l", path.encode(), 0o120777))
        yield f"{label}-through", make_zip(("l", path.encode(), 0o120777), ("l/new", b"x", 0o100644))
    yield "link-then-file", make_zip(("d/l", b"../e", 0o120777), ("d/l/new", b"x", 0o100644))
    yield "link-chain", make_zip(("a/b", b"../x", 0o120777), ("y", b"a/b/../..", 0o120777))
    for name, mode in (("char", 0o020644), ("block", 0o060644), ("socket", 0o140644)):
        yield name, make_zip((name, b"", mode))
    for length in (256, 300, 2000):
        yield f"name-{length}", make_zip(("n" * length, b"", 0o100644))
    for depth in (101, 900, 9000):
        yield f"depth-{depth}", make_zip(("d/" * depth + "x", b"", 0o100644))
    nul = make_zip(("a-b.py", b"x", 0o100644))
    yield "name-nul", nul.replace(b"a-b.py", b"a\0b.py")
    yield "bomb", make_zip(("zeros", bytes(100 * MEBIBYTE), 0o100644))
    yield "bomb-parts", make_zip(*((f"z{i}", bytes(10 * MEBIBYTE), 0o100644) for i in range(10)))
    whole = make_zip(("a", bytes(range(256)) * 40, 0o100644), ("b", b"y" * 5000, 0o100644))
    for at in (10, 30, 100, 300):
        yield f"truncated-{at}", whole[:at]
    broken = bytearray(whole)
    broken[40:44] = b"\xff\xff\xff\xff"
    yield "damaged-data", bytes(broken)
    yield "noise", b"PK\x03\x04" + bytes(range(256))
