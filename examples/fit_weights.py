"""Fits the weights of src/classify/rules.toml to the labels, and says how well that does on users it has not seen.

    cargo run --release --example gold -- --features /tmp/feat.jsonl
    python3 examples/fit_weights.py /tmp/feat.jsonl [src/classify/rules.toml]

Needs numpy and scikit-learn. The figures are cross-validated by user (GroupKFold, 5 folds) with the rounded weights and
the thresholds chosen on the training folds only.
"""
import json
import sys
import zlib
from collections import Counter

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

CLASSES = ["workflow", "document", "task", "correspondence", "bulk"]
USES = ["workflow", "document", "task"]
FLAGS = ["request", "commitment", "due_date", "approval", "automated", "meeting", "carries_document", "self_sent", "list"]
STRENGTH = 0.06  # of the prior (C of scikit-learn) for classes
STRENGTH_YES = 0.08  # for uses and flags
BALANCE = 0.4  # weight of a class is its frequency to the power of minus this
SPAM = 0.2  # weight of a message of the spamassassin set beside one of gold


def load(path):
    rows = [json.loads(line) for line in open(path)]
    gold = [r for r in rows if "primary" in r["label"]]
    spam = [r for r in rows if "primary" not in r["label"]]
    for r in spam:  # that set has no recipients; their absence is no signal
        r["signals"] = [n for n in r["signals"] if not n.startswith("recipient_")]
    names = sorted({s for r in rows for s in r["signals"]})
    return gold, spam, names


def matrix(rows, names):
    at = {n: i for i, n in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for i, r in enumerate(rows):
        for s in set(r["signals"]):
            x[i, at[s]] = 1
    return x


def groups(rows):
    """Users. Threads that cross users are not joined: what one mailbox answers may stand in another fold."""
    return np.array([r["user"] for r in rows])


def fit_classes(x, y, w):
    frequency = {c: w[y == c].sum() / w.sum() for c in CLASSES}
    balance = np.array([frequency[c] ** -BALANCE for c in y]) * w
    return LogisticRegression(C=STRENGTH, max_iter=3000).fit(x, y, sample_weight=balance / balance.mean())


def fit_yes(x, y, w):
    if y.sum() < 3:
        return np.zeros(x.shape[1]), -5.0
    rare = y.mean() < 0.05  # a rare flag is drowned by the prior
    positive = (len(y) / y.sum()) ** (0.6 if rare else 0.3)
    m = LogisticRegression(C=STRENGTH_YES * (5 if rare else 1), max_iter=3000).fit(x, y, sample_weight=w * np.where(y, positive, 1.0))
    return np.round(m.coef_[0], 2), round(float(m.intercept_[0]), 2)


def f1(there, said):
    return 2 * np.sum(there & said) / max(1, np.sum(there) + np.sum(said))


def threshold(there, score):
    best = max(np.arange(0.25, 0.75, 0.01), key=lambda t: (f1(there, score >= t), -abs(t - 0.5)))
    return round(float(best), 2)


def logistic(z):
    return 1 / (1 + np.exp(-z))


def scores(model, x):
    z = x @ np.round(model.coef_, 2).T + np.round(model.intercept_, 2)
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def targets(rows):
    """Name, truth, and which rows count."""
    for u in USES:
        yield "use:" + u, np.array([u in r["label"]["uses"] for r in rows]), np.array([u not in r["label"]["uses_disputed"] for r in rows])
    for f in FLAGS:
        yield "flag:" + f, np.array([f in r["label"]["flags"] for r in rows]), np.ones(len(rows), bool)


def inner(x, y, w, g):
    """Out-of-fold scores on the training rows, to choose a threshold on."""
    out = np.zeros(len(y))
    for a, b in GroupKFold(4).split(x, y, g):
        coef, bias = fit_yes(x[a], y[a], w[a])
        out[b] = logistic(x[b] @ coef + bias)
    return out


def ece(p, right, bins=10):
    order = np.argsort(p)
    return sum(len(b) / len(p) * abs(p[b].mean() - right[b].mean()) for b in np.array_split(order, bins))


def cross_validate(gold, spam, names):
    x, xs = matrix(gold, names), matrix(spam, names)
    y = np.array([r["label"]["primary"] for r in gold])
    ys = np.array(["bulk" if r["label"]["bulk"] else "correspondence" for r in spam])
    sgroup = np.array([zlib.crc32(str(r["label"]["group"]).encode()) % 5 for r in spam])
    g = groups(gold)
    said, best = np.empty(len(gold), dtype=object), np.zeros(len(gold))
    spam_said = np.empty(len(spam), dtype=object)
    yes = {n: np.zeros(len(gold), bool) for n, *_ in targets(gold)}
    for fold, (a, b) in enumerate(GroupKFold(5).split(x, y, g)):
        sa = sgroup != fold
        m = fit_classes(np.vstack([x[a], xs[sa]]), np.concatenate([y[a], ys[sa]]), np.concatenate([np.ones(len(a)), np.full(sa.sum(), SPAM)]))
        p = scores(m, x[b])
        said[b], best[b] = m.classes_[p.argmax(1)], p.max(1)
        if (~sa).any():
            spam_said[~sa] = m.classes_[scores(m, xs[~sa]).argmax(1)]
        for n, t, counts in targets(gold):
            k = a[counts[a]]
            w = np.ones(len(k))
            coef, bias = fit_yes(x[k], t[k], w)
            at = threshold(t[k], inner(x[k], t[k], w, g[k]))
            yes[n][b] = logistic(x[b] @ coef + bias) >= at
    for u in USES:  # as Classifier::read does
        yes["use:" + u] = (yes["use:" + u] | (said == u)) & (said != "bulk")
    tell(gold, y, said, best, yes, np.array([r["label"]["bulk"] for r in spam]), spam_said == "bulk")
    return said


def tell(gold, y, said, best, yes, spam, spam_said):
    per = {c: float(f1(y == c, said == c)) for c in CLASSES}
    alternative = np.array([s in r["label"]["alternatives"] for s, r in zip(said, gold)])
    print("cross-validated by user: macro-F1 %.3f  accuracy %.3f  primary or alternative %.3f  calibration error %.3f" % (
        np.mean(list(per.values())), np.mean(y == said), np.mean((y == said) | alternative), ece(best, (y == said).astype(float))))
    print("  classes", {c: round(v, 3) for c, v in per.items()})
    for n, t, counts in targets(gold):
        s = yes[n]
        print("  %-22s F1 %.3f  precision %.3f  recall %.3f  accuracy %.3f" % (
            n, f1(t[counts], s[counts]), np.sum(t & s & counts) / max(1, np.sum(s & counts)),
            np.sum(t & s & counts) / max(1, np.sum(t & counts)), np.mean((t == s)[counts])))
    print("  spamassassin bulk F1 %.3f" % f1(spam, spam_said))
    wrong = Counter((a, b) for a, b, ok in zip(y, said, alternative) if a != b and not ok)
    print("  worst:", "; ".join("%d %s as %s" % (n, a, b) for (a, b), n in wrong.most_common(8)))


def write(path, gold, spam, names):
    x, xs = matrix(gold, names), matrix(spam, names)
    y = np.array([r["label"]["primary"] for r in gold])
    ys = np.array(["bulk" if r["label"]["bulk"] else "correspondence" for r in spam])
    g = groups(gold)
    m = fit_classes(np.vstack([x, xs]), np.concatenate([y, ys]), np.concatenate([np.ones(len(y)), np.full(len(ys), SPAM)]))
    weights = {n: {} for n in names}
    bias, thresholds = {}, {}
    for c, coef, b in zip(m.classes_, m.coef_, m.intercept_):
        bias["class:" + c] = round(float(b), 2)
        for n, v in zip(names, coef):
            weights[n]["class:" + c] = round(float(v), 2)
    for n, t, counts in targets(gold):
        k = np.where(counts)[0]
        coef, b = fit_yes(x[k], t[k], np.ones(len(k)))
        thresholds[n] = threshold(t[k], inner(x[k], t[k], np.ones(len(k)), g[k]))
        bias[n] = b
        for s, v in zip(names, coef):
            weights[s][n] = round(float(v), 2)
    keys = ["class:" + c for c in CLASSES] + ["use:" + u for u in USES] + ["flag:" + f for f in FLAGS]
    with open(path, "w") as out:
        out.write(HEAD)
        out.write("\nunsure = %s\n" % UNSURE)
        out.write("\n[threshold]\n" + "".join('"%s" = %.2f\n' % (k, thresholds[k]) for k in keys if k in thresholds))
        out.write("\n[bias]\n" + "".join('"%s" = %.2f\n' % (k, bias[k]) for k in keys))
        out.write("\n[weight]\n")
        for n in names:
            row = ['"%s" = %.2f' % (k, weights[n][k]) for k in keys if abs(weights[n].get(k, 0)) >= 0.02]
            if row:
                out.write("%s = { %s }\n" % (n, ", ".join(row)))


UNSURE = 0.3
HEAD = '''# Weights: what each signal adds to the log-odds of a class, a use or a flag. Written by examples/fit_weights.py.
# A file given with --rules has the same form and goes over this one; it may also have
#   [signal]       names and meanings of signals of its own,
#   [[phrase]]     lists of phrases that raise a signal (syntax: head of src/signal/phrases.toml), and [sets] for them.
'''

if __name__ == "__main__":
    gold, spam, names = load(sys.argv[1])
    cross_validate(gold, spam, names)
    if len(sys.argv) > 2:
        write(sys.argv[2], gold, spam, names)
