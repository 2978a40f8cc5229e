#!/usr/bin/env python3
"""Writes messages with winmail.dat files of many shapes (MS-OXTNEF), for tests/oracle/tnef.py and for tests.

    python3 tests/oracle/make_tnef.py FOLDER [MORE.dat ...]
"""
import base64, os, struct, sys

def attribute(level, identity, data):
    return struct.pack("<BII", level, identity, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

def padded(data): return data + b"\0" * (-len(data) % 4)

def prop(identity, kind, value):
    if kind in (0x001E, 0x001F, 0x0102, 0x000D):
        return struct.pack("<HHII", kind, identity, 1, len(value)) + padded(value)
    return struct.pack("<HH", kind, identity) + value

def props(*all): return struct.pack("<I", len(all)) + b"".join(all)

VERSION, CODEPAGE, CLASS, BODY, MAPI = 0x00089006, 0x00069007, 0x00078008, 0x0002800C, 0x00069003
REND, TITLE, DATA, META, ATTACHMENT, TRANSPORT = 0x00069002, 0x00018010, 0x0006800F, 0x00068011, 0x00069005, 0x00069001
MESSAGE_GUID = bytes.fromhex("0703020000000000c000000000000046")

def start(codepage=1252):
    return struct.pack("<IH", 0x223E9F78, 1) + attribute(1, VERSION, struct.pack("<I", 0x10000)) + attribute(1, CODEPAGE, struct.pack("<II", codepage, 0)) + attribute(1, CLASS, b"IPM.Microsoft Mail.Note\0")

def rend(kind=1): return attribute(2, REND, struct.pack("<HIHHI", kind, 0xFFFFFFFF, 32, 32, 0))

def file(title, data, *more, codepage="cp1252"):
    out = rend() + attribute(2, TITLE, title.encode(codepage) + b"\0")
    if data is not None: out += attribute(2, DATA, data)
    return out + (attribute(2, ATTACHMENT, props(*more)) if more else b"")

def utf16(text): return text.encode("utf-16-le") + b"\0\0"

def shapes():
    yield "one", start() + file("offer.txt", b"An offer.\r\n")
    yield "long name", start() + file("LONGNA~1.DOC", b"\xd0\xcf\x11\xe0" + b"doc" * 999, prop(0x3707, 0x001E, b"Long name of an offer v2.doc\0"), prop(0x3705, 3, struct.pack("<I", 1)))
    yield "unicode name", start() + file("LTR~1.PDF", b"%PDF-1.4 " + bytes(range(256)) * 40, prop(0x3707, 0x001F, utf16("Prüfung 名前.pdf")), prop(0x370E, 0x001E, b"application/pdf\0"))
    yield "many", start() + b"".join(file(f"file{n}.bin", bytes([n]) * (n * 977 + 1)) for n in range(12))
    yield "large", start() + file("large.bin", bytes(range(251)) * 20000)
    yield "data in property", start() + file("prop.bin", None, prop(0x3701, 0x0102, b"in the property " * 30), prop(0x3707, 0x001E, b"in property.bin\0"))
    inner = start() + attribute(1, BODY, b"inner text\0") + file("inner.txt", b"a file of the inner message")
    yield "embedded", start() + rend() + attribute(2, TITLE, b"Inner message\0") + attribute(2, ATTACHMENT, props(prop(0x3705, 3, struct.pack("<I", 5)), prop(0x3001, 0x001E, b"Inner message\0"), prop(0x3701, 0x000D, MESSAGE_GUID + inner))) + file("outer.txt", b"a file of the outer message")
    deep = inner
    for _ in range(3):
        deep = start() + rend() + attribute(2, TITLE, b"Level\0") + attribute(2, ATTACHMENT, props(prop(0x3701, 0x000D, MESSAGE_GUID + deep)))
    yield "nested", deep
    yield "no files", start() + attribute(1, MAPI, props(prop(0x1000, 0x001E, b"text of the message\0")))
    yield "rtf", start() + attribute(1, MAPI, props(prop(0x1009, 0x0102, b"\x10\0\0\0\x05\0\0\0MELA\0\0\0\0hello"))) + file("beside.txt", b"beside the rtf")
    yield "hostile name", start() + file("..\\..\\x.txt", b"climb") + file("/etc/passwd", b"absolute")
    yield "same names", start() + file("twice.txt", b"first") + file("twice.txt", b"second")
    yield "named property", start() + file("n.txt", b"named", struct.pack("<HH", 0x001E, 0x8001) + b"\7" * 16 + struct.pack("<II", 1, 6) + padded(b"a\0b\0\0\0") + struct.pack("<II", 1, 2) + padded(b"x\0"), prop(0x3707, 0x001E, b"after a named one.txt\0"))
    yield "empty file", start() + file("empty.txt", b"") + file("full.txt", b"full")
    yield "bad checksum", (start() + file("sum.txt", b"checksum is wrong"))[:-2] + b"\xff\xff"
    yield "cut", (start() + file("first.txt", b"first is whole") + file("second.txt", b"second is cut " * 50))[:-300]
    yield "japanese", start(932) + file("見積書.txt", "見積".encode("cp932"), codepage="cp932")

def message(name, data, kind="application/ms-tnef"):
    return (f"From: ada@wendholt.example\nTo: ben@wendholt.example\nSubject: {name}\nDate: Mon, 6 Mar 2023 09:00:00 +0100\n"
            f"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=cut\n\n--cut\nContent-Type: text/plain\n\nsee {name}\n"
            f"--cut\nContent-Type: {kind}; name=winmail.dat\nContent-Disposition: attachment; filename=winmail.dat\n"
            f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}--cut--\n")

if __name__ == "__main__":
    folder = sys.argv[1]; os.makedirs(folder, exist_ok=True)
    named = list(shapes()) + [(os.path.basename(path), open(path, "rb").read()) for path in sys.argv[2:]]
    for number, (name, data) in enumerate(named):
        with open(os.path.join(folder, f"{number:02} {name}.eml"), "w") as out: out.write(message(name, data))
