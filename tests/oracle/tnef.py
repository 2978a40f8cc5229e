#!/usr/bin/env python3
"""Compares the files that an inventory has from winmail.dat with those that Debian's `tnef` and `ytnef` extract.

    python3 tests/oracle/tnef.py INVENTORY.db TNEF YTNEF

Every container is taken out of its message with `email`; names and bytes of both tools are compared with the rows whose
part begins with that of the container and `.tnef.`.
"""
import email, hashlib, os, re, sqlite3, subprocess, sys, tempfile

def extracted(command, data):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "winmail.dat"); out = os.path.join(folder, "out"); os.mkdir(out)
        open(source, "wb").write(data)
        ended = subprocess.run([part.format(source=source, out=out) for part in command], capture_output=True, timeout=60)
        found = {}
        for base, _, files in os.walk(out):
            for name in files:
                data = open(os.path.join(base, name), "rb").read()
                if not data: continue  # without bytes there is nothing to compare
                # `tnef` leaves the 16 bytes of the interface id before an attached message; they are no part of it.
                if data[16:20] == b"\x78\x9f\x3e\x22": data = data[16:]
                found[hashlib.sha256(data).hexdigest()] = name
        return found, ended.returncode

def main():
    db = sqlite3.connect(sys.argv[1]); tnef, ytnef = sys.argv[2], sys.argv[3]
    bad = 0
    query = """SELECT DISTINCT m.message_id, f.path_bytes, m.offset_bytes, m.length_bytes, a.sha256, a.part, a.opened
               FROM attachment a JOIN message m USING (message_id) JOIN file f USING (file_id)
               WHERE (a.opened = 1 OR a.opaque = 'tnef') AND a.part NOT LIKE '%.tnef.%' ORDER BY 1"""
    for message_id, path, offset, length, digest, part, opened in db.execute(query):
        with open(path, "rb") as file:
            file.seek(offset); raw = file.read(length)
        data = next((p.get_payload(decode=True) for p in email.message_from_bytes(raw).walk() if not p.is_multipart()
                     and hashlib.sha256(p.get_payload(decode=True) or b"").hexdigest() == digest), None)
        if data is None: print(os.fsdecode(path), part, "container not found by Python"); continue
        ours = {sha: (name, size, place) for name, size, sha, place in db.execute(
            "SELECT file_name, size_bytes, sha256, part FROM attachment WHERE message_id = ? AND part LIKE ? || '.tnef.%'",
            (message_id, part)) if size}
        theirs, code = extracted([tnef, "--overwrite", "--ignore-checksum", "-C", "{out}", "-f", "{source}"], data)
        yours, ycode = extracted([ytnef, "-f", "{out}", "{source}"], data)
        print(os.path.basename(os.fsdecode(path)), part, f"{len(data)} bytes, opened={opened}; ours {len(ours)}, tnef {len(theirs)} (code {code}), ytnef {len(yours)} (code {ycode})")
        for label, other in (("tnef", theirs), ("ytnef", yours)):
            for sha, name in other.items():
                if sha not in ours: print("   ", label, "only:", repr(name)); bad += 1
                elif re.sub(r"\W", "", ours[sha][0] or "") != re.sub(r"\W", "", name): print("   ", label, "name differs:", repr(name), "ours", repr(ours[sha][0]))
            for sha, (name, size, place) in ours.items():
                if sha not in other: print("   ", "not in", label + ":", place, repr(name), size)
    sys.exit(1 if bad else 0)

main()
