#!/usr/bin/env python3
"""Compares the attachments of an inventory with those that Python's `email` finds in the same messages.

    python3 tests/oracle/attachments.py INVENTORY.db [--show N]

For each message the stored bytes are recovered as `mailcensus show` prints them (its message_sha256 is checked first),
parsed with email.message_from_bytes (policy compat32), and every leaf is compared: file name, decoded size, SHA-256.
Differences are counted by their reason; what has no reason is printed and makes the exit code 1.
"""
import collections, email, email.header, hashlib, re, sqlite3, subprocess, sys

def recovered(stored, fmt):
    """As DESIGN section 6 says; enough for mboxes whose digest then agrees."""
    if fmt and fmt.startswith("mbox"):
        stored = re.sub(rb"\A(X-Mozilla-(?:Status2?|Keys):[^\n]*\n)+", b"", stored)
        stored = re.sub(rb"(?m)^>(>*From )", rb"\1", stored) if fmt == "mbox/rd" else re.sub(rb"(?m)^>From ", b"From ", stored)
    return re.sub(rb"\r\n|\r", b"\n", stored).rstrip(b"\n") + b"\n"

def name_of(part):
    name = part.get_filename()
    if name is None: return None
    try: name = str(email.header.make_header(email.header.decode_header(name)))
    except Exception: pass
    return re.sub(r"\s+", " ", name).strip() or None

def leaves(message, inner=False):
    """Section-less list of (name, type, bytes) of every leaf that is no body text."""
    for part in message.walk():
        if part.is_multipart(): continue
        yield part

def main():
    db = sqlite3.connect(sys.argv[1]); show = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    detail = collections.defaultdict(list)
    tally, unexplained, skipped, messages, equal = collections.Counter(), [], 0, 0, 0
    query = """SELECT m.message_id, f.path_bytes, f.format, m.offset_bytes, m.length_bytes, m.message_sha256
               FROM message m JOIN file f USING (file_id) WHERE m.present = 1 ORDER BY m.message_id"""
    for message_id, path, fmt, offset, length, digest in db.execute(query):
        with open(path, "rb") as file:
            file.seek(offset); stored = file.read(length)
        raw = recovered(stored, fmt)
        if hashlib.sha256(raw).hexdigest() != digest:
            raw = re.sub(rb"\r\n|\r", b"\n", stored).rstrip(b"\n") + b"\n"
        if hashlib.sha256(raw).hexdigest() != digest: skipped += 1; continue
        messages += 1
        ours = [(n, s, h, p, t) for n, s, h, p, t in db.execute(
            "SELECT file_name, size_bytes, sha256, part, media_type FROM attachment WHERE message_id = ?", (message_id,))
            if not re.search(r"\.(tnef|uu|yenc)\.\d+", p) and t not in ("message/rfc822", "message/global")]
        theirs = []
        parsed = email.message_from_bytes(raw)
        for part in leaves(parsed):
            payload = part.get_payload(decode=True) or b""
            theirs.append((name_of(part), len(payload), hashlib.sha256(payload).hexdigest(), part))
        by_hash = collections.defaultdict(list)
        for one in theirs: by_hash[one[2]].append(one)
        for name, size, sha, place, kind in ours:
            found = by_hash.get(sha)
            norm = re.sub(r"\s+", " ", name).strip() if name else None
            if found:
                best = next((one for one in found if one[0] == norm), None) or next((one for one in found if bool(one[0]) == bool(norm)), found[0])
                found.remove(best)
                if not found: del by_hash[sha]
                if best[0] == norm: equal += 1; continue
                tally["bytes equal, name: " + name_reason(norm, best[0], best[3])] += 1
                if name_reason(norm, best[0], best[3]) == "UNEXPLAINED": unexplained.append((message_id, place, norm, best[0]))
                continue
            why = bytes_reason(size, kind, norm, theirs)
            tally[why] += 1; detail[why].append((message_id, place, norm, size, kind))
            if why == "UNEXPLAINED": unexplained.append((message_id, place, norm, size, kind))
        for rest in by_hash.values():
            for name, size, sha, part in rest:
                why = left_reason(name, size, part); detail["theirs only: " + why].append((message_id, name, size, part.get_content_type()))
                tally["theirs only: " + why] += 1
                if why == "UNEXPLAINED": unexplained.append((message_id, "theirs", name, size, part.get_content_type(), part.get("content-disposition")))
    print(f"{messages} messages compared, {skipped} skipped (their bytes are changed by the store)")
    print(f"{equal} attachments equal in name, size and digest")
    for why, n in tally.most_common(): print(f"{n:8} {why}")
    for why, all in detail.items():
        if "body text" not in why and "empty" not in why:
            for one in all[:show]: print("  ", why, one)
    for one in unexplained[:show]: print("  UNEXPLAINED", one)
    sys.exit(1 if unexplained else 0)

def name_reason(ours, theirs, part):
    if (ours or "").casefold().replace(" ", "") == (theirs or "").casefold().replace(" ", ""): return "white space"
    raw = str(part.get("content-disposition", "")) + str(part.get("content-type", ""))
    if not raw.isascii() or "\\udc" in ascii(raw): return "raw 8-bit bytes in the header"
    if theirs is None and "name" in raw: return "a malformed Content-Type, from which Python reads no parameter"
    if "=?" in raw: return "encoded word inside a parameter (RFC 2047 section 5 forbids it); decoders differ"
    if "*" in raw: return "RFC 2231 continuation or charset"
    if ours and theirs and (ours in theirs or theirs in ours): return "quotes or comments around it"
    return "UNEXPLAINED"

def bytes_reason(size, kind, name, theirs):
    same = [one for one in theirs if one[0] == name]
    for _, their_size, _, part in same:
        cte = str(part.get("content-transfer-encoding", "")).lower()
        payload = part.get_payload(decode=True) or b""
        if abs(size - their_size) <= 2: return "bytes: line end at the boundary"
        if "base64" in cte: return "bytes: damaged base64; Python drops or keeps another part of it"
        if "quoted" in cte: return "bytes: damaged quoted-printable"
        if part.defects: return "bytes: defect " + type(part.defects[0]).__name__
    if kind == "message/delivery-status": return "bytes: Python reads message/delivery-status as messages (RFC 3464 says groups of fields)"
    if kind == "message/external-body": return "bytes: Python reads the phantom body of message/external-body as a message (RFC 2046 section 5.2.3)"
    if any(type(one[3]).__name__ and one[3].defects for one in theirs): return "bytes: a part has defects in Python, too"
    return "bytes: structure read differently"

def left_reason(name, size, part):
    disposition = str(part.get("content-disposition", "")).lower()
    if size == 0: return "empty"
    if part.get_content_maintype() == "text" and "attachment" not in disposition: return "body text or a form of it"
    if part.get_content_type().startswith("multipart/"): return "multipart without parts, read as text"
    if part.defects: return "defect " + type(part.defects[0]).__name__
    return "structure read differently"

main()
