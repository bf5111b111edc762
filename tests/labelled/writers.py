#!/usr/bin/env python3
"""What weighted cues learn from how many writers: each writer of a labelled file left out in turn, and a learning curve.

Usage: writers.py EVENHAND SCORER CORPORA [--held-out-only | --curve-only]

EVENHAND is the command, SCORER the scorer of labelled files (`score.py GOLD PRED --json OUT`), CORPORA the folder of real exports that the shipped
cues were told from (`EVENHAND_CORPORA`). Prints, for entries alone, cues alone and both: macro F1 over categories, category and target right,
harmless sentences flagged per 1,000. Files count as one writer each. Takes about twenty minutes on one core.
"""

import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
WRITERS = sorted(path.stem for path in HERE.glob("*.jsonl") if not path.stem.startswith("neutral"))
NEUTRAL = ["mbox/r-package-devel-2023q1.mbox", "mbox/r-devel-1997-July.mbox", "slack/houstondatavis", "enron/maildir/allen-p", "zulip/lean-community"]
HELD_BACK = ["enron/maildir/arora-h", "mbox/ietf-style-2001-November.mbox", "mbox/3gpp-nr-mimo-ota.mbox"]
MODES = {"entries": ["--no-cues"], "cues": ["--only-cues"], "both": []}

# Curve: so many writers are fitted, two that no fit sees are read, over so many draws of both.
SIZES = [2, 4, 8, 16]
N_DRAWS = 4
SEED = 20_261_126


class Study:
    """The command, the scorer, and where they work."""

    def __init__(self, evenhand, scorer, corpora, folder):
        self.evenhand, self.scorer, self.corpora, self.folder = evenhand, scorer, corpora, folder

    def fit(self, writers):
        """Fits cues to some writers; gives their folder."""
        cues = self.folder / "cues"
        command = [self.evenhand, "lexicon", "fit", *(HERE / f"{writer}.jsonl" for writer in writers), "--map", "text=text,team=speaker_team"]
        for option, own, real in [("--neutral", "ab", NEUTRAL), ("--held-back", "c", HELD_BACK)]:
            for path in [*(HERE / f"neutral_{letter}.jsonl" for letter in own), *(self.corpora / path for path in real)]:
                command += [option, path]
        command += ["-o", cues]
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
        return cues

    def score(self, writer, cues, mode):
        """Macro F1, category and target, harmless flagged per 1,000 of one writer's file."""
        gold, found, out = HERE / f"{writer}.jsonl", self.folder / "found.jsonl", self.folder / "score.json"
        more = [*MODES[mode], *(["--cues", cues] if mode != "entries" else [])]
        command = [self.evenhand, "hits", gold, "--format", "jsonl", "--map", "text=text,id=id,team=speaker_team", "--quiet", *more]
        lines = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
        with open(found, "w", encoding="utf-8") as file:
            for line in filter(None, lines.split("\n")):
                message = json.loads(line)
                message["hits"] = [hit for hit in message["hits"] if hit["category"] != "anti_sales"]
                file.write(json.dumps(message) + "\n")
        subprocess.run([sys.executable, str(self.scorer), str(gold), str(found), "--boot", "0", "--json", str(out)], check=True, stdout=subprocess.DEVNULL)
        result = json.loads(out.read_text())
        return [result["macro_f1"], result["end2end"][2], result["neg1000"]]


def mean(rows):
    return [statistics.mean(column) for column in zip(*rows)]


def line(name, by_mode):
    cells = " ".join(f"{f1:7.3f} {both:5.3f} {harmless:4.0f}" for f1, both, harmless in by_mode)
    print(f"{name:<10}{cells}", flush=True)


def head(title):
    print(f"\n{title}: macro F1, category and target, harmless flagged per 1,000\n")
    print(f"{'':<10}" + " ".join(f"{mode:>18}" for mode in MODES))


def leave_out(study):
    head("Each writer left out of the fit")
    rows = []
    for writer in WRITERS:
        cues = study.fit([other for other in WRITERS if other != writer])
        rows.append([study.score(writer, cues, mode) for mode in MODES])
        line(writer, rows[-1])
    line("mean", [mean(column) for column in zip(*rows)])


def curve(study):
    head(f"Writers fitted, read on two others, mean of {N_DRAWS} draws")
    draws = []
    for draw in range(N_DRAWS):
        order = WRITERS[:]
        random.Random(SEED + draw).shuffle(order)
        draws.append(order)
    for size in SIZES:
        rows = []
        for order in draws:
            cues = study.fit(order[2 : 2 + size])
            rows += [[study.score(writer, cues, mode) for mode in MODES] for writer in order[:2]]
        line(size, [mean(column) for column in zip(*rows)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evenhand", type=pathlib.Path)
    parser.add_argument("scorer", type=pathlib.Path)
    parser.add_argument("corpora", type=pathlib.Path)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--held-out-only", action="store_true")
    which.add_argument("--curve-only", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = Study(given.evenhand, given.scorer, given.corpora, pathlib.Path(folder))
        if not given.curve_only:
            leave_out(study)
        if not given.held_out_only:
            curve(study)


if __name__ == "__main__":
    main()
