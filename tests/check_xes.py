#!/usr/bin/env python3
"""Checks with PM4Py (pip install pm4py) that the XES log of an inventory loads, and that its variants equal ours.

    mailcensus export inventory.db --xes log.xes
    python3 tests/check_xes.py inventory.db log.xes
"""

import collections
import sqlite3
import sys

import pm4py


def main(inventory, xes):
    log = pm4py.read_xes(xes)
    theirs = collections.Counter()
    for variant, count in pm4py.get_variants(log).items():
        theirs[tuple(variant)] += count if isinstance(count, int) else len(count)
    runs = collections.defaultdict(list)
    db = sqlite3.connect(inventory)
    for case, activity in db.execute(
        "SELECT s.case_id, s.activity FROM workflow_step s JOIN workflow_case c USING (case_id)"
        " JOIN message m USING (message_id) WHERE m.present = 1 ORDER BY s.case_id, s.ordinal"
    ):
        runs[case].append(activity)
    ours = collections.Counter(tuple(steps) for steps in runs.values())
    print(f"{len(runs)} runs, {sum(map(len, runs.values()))} steps, {len(ours)} variants; in the log {sum(theirs.values())}"
          f" runs, {len(log)} steps, {len(theirs)} variants")
    if ours != theirs:
        print("different:", list(((ours - theirs) + (theirs - ours)).items())[:10])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
