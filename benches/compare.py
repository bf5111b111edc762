#!/usr/bin/env python3
"""Times whole processes against tools that do a part of the same work, in turn, and prints medians, ratios, memory and scaling.

Usage: compare.py [--megabytes N] [--rounds N] [--largest MEGABYTES] [--only TABLE]... [--folder FOLDER]

Needs `cargo build --release --example make_corpus --example parse_only --bin evenhand` before; ripgrep and codespell where they are to be
compared with (Debian packages). Corpora are made once and kept in FOLDER (default: target/compare). Each round runs every command once, after
one that is not counted; figures are medians of the rounds. Memory is the largest resident set of a process. Tables: tools, threads, size,
entries, authors, start, report.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELEASE = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
EVENHAND = RELEASE / "evenhand"
PARSE_ONLY = RELEASE / "examples" / "parse_only"
MAP = ["--map", "text=text,author=author,time=time,channel=channel,id=id"]

# What a search for stock words would look for.
LITERALS = """hero heroes heroic superhuman rainmaker rockstar warrior saviour champion legend ninja powerhouse ivory tower out of touch no idea
flop fiasco debacle manpower chairman girls ladies guys navel academic fluffy clueless theoretical unrealistic failed campaign wasted
collaborated teamwork hand in hand carry the company saved the quarter reps marketing engineers""".split()[:37]

# A mailbox and a list of words in Python.
PYTHON_SCAN = """
import mailbox, re, sys
words = re.compile(r"\\b(?:" + "|".join(map(re.escape, sys.argv[2:])) + r")\\b", re.I)
n = 0
for mail in mailbox.mbox(sys.argv[1]):
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            n += len(words.findall((part.get_payload(decode=True) or b"").decode("utf-8", "replace")))
print(n)
"""


def run(command):
    """Seconds of wall time and of processor, and megabytes of memory, of one process."""
    started = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    # A linter that has remarks says 1, codespell 64 or 65.
    if os.waitstatus_to_exitcode(status) not in (0, 1, 64, 65):
        sys.exit(f"{command}: exit {os.waitstatus_to_exitcode(status)}\n{said.decode()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def medians(commands, rounds):
    """For every command its median seconds, seconds of processor and largest memory."""
    seen = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            measured = run(command)
            if turn:
                seen[name].append(measured)
    return {
        name: (statistics.median(w for w, _, _ in all_of), statistics.median(c for _, c, _ in all_of), max(m for _, _, m in all_of))
        for name, all_of in seen.items()
    }


def table(title, head, rows):
    print(f"\n## {title}\n")
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


class Bench:
    """Corpora and commands."""

    def __init__(self, folder, rounds):
        self.folder = folder
        self.rounds = rounds
        folder.mkdir(parents=True, exist_ok=True)

    def corpus(self, kind, megabytes, authors=500):
        name = self.folder / f"{kind}-{megabytes}-{authors}{'.jsonl' if kind == 'jsonl' else ''}"
        if not name.exists():
            subprocess.run([RELEASE / "examples" / "make_corpus", kind, str(megabytes), name, str(authors)], check=True)
        return name

    def scan(self, kind, path, threads=1, more=()):
        if kind == "plain":
            # A tally is of authors, and plain text has none.
            return [EVENHAND, "hits", path, "--threads", threads, "--quiet", "--format", "jsonl", "--input-format", "text"]
        known = MAP if kind == "jsonl" else []
        return [EVENHAND, "scan", path, "--threads", threads, "--quiet", "-o", self.folder / "tally.json", *known, *more]

    def tools(self, megabytes):
        plain, mbox = self.corpus("plain", megabytes), self.corpus("mbox", megabytes)
        slack, lines = self.corpus("slack", megabytes), self.corpus("jsonl", megabytes)
        pairs = [
            ("plain text", "rg -j1 -i -c -F, 37 literals", self.scan("plain", plain), ["rg", "-j1", "-i", "-c", "-F", *flags(LITERALS), plain], 0.8),
            ("mailbox", "mail-parser, parsing alone", self.scan("mbox", mbox), [PARSE_ONLY, "mbox", mbox], 2.0),
            ("Slack folder", "serde_json, parsing alone", self.scan("slack", slack), [PARSE_ONLY, "slack", slack], 0.7),
            ("JSON Lines", "serde_json, parsing alone", self.scan("jsonl", lines), [PARSE_ONLY, "jsonl", lines], None),
        ]
        if shutil.which("codespell"):
            few = self.corpus("plain", 4)
            pairs.append(("plain text, 4 MB", "codespell", self.scan("plain", few), ["codespell", few], None))
        few = self.corpus("mbox", 4)
        pairs.append(("mailbox, 4 MB", "Python: mailbox and re", self.scan("mbox", few), [sys.executable, "-c", PYTHON_SCAN, few, *LITERALS], None))
        rows = []
        for what, against, ours, theirs, bar in pairs:
            if not shutil.which(str(theirs[0])):
                rows.append([what, against, "not installed", "", "", "", ""])
                continue
            size = int(str(ours[2]).rsplit("-", 2)[1])
            seen = medians({"ours": ours, "theirs": theirs}, self.rounds)
            (wall, _, memory), (other, _, _) = seen["ours"], seen["theirs"]
            bar = "" if bar is None else f"{bar:.1f}"
            rows.append([what, against, f"{size / wall:.1f}", f"{size / other:.1f}", f"{other / wall:.3f}", bar, f"{memory:.0f}"])
        head = ["corpus", "against", "MB/s", "theirs", "ratio of speeds", "bar", "MB of memory"]
        table(f"One thread, {megabytes} MB", head, rows)

    def threads(self, megabytes):
        rows = []
        for kind in ["plain", "mbox", "slack", "jsonl"]:
            path = self.corpus(kind, megabytes)
            seen = medians({threads: self.scan(kind, path, threads) for threads in (1, 2)}, self.rounds)
            busy = seen[2][1] / seen[2][0]
            rows.append([kind, f"{seen[1][0]:.2f}", f"{seen[2][0]:.2f}", f"{seen[2][0] / seen[1][0]:.3f}", f"{busy:.2f}", f"{seen[2][2]:.0f}"])
        table(f"Threads, {megabytes} MB (bar .55)", ["corpus", "s, one", "s, two", "ratio", "cores in use", "MB of memory"], rows)

    def size(self, largest):
        rows, first = [], None
        size = 64
        while size <= largest:
            path = self.corpus("mbox", size)
            wall, _, memory = medians({"ours": self.scan("mbox", path, 2)}, 3 if size <= 256 else 1)["ours"]
            first = first or wall
            rows.append([size, f"{wall:.2f}", f"{size / wall:.1f}", f"{memory:.0f}"])
            size *= 4
        table("Size of one mailbox, two threads", ["MB", "s", "MB/s", "MB of memory"], rows)

    def entries(self, megabytes):
        path = self.corpus("jsonl", megabytes)
        found = {}
        for n in (100, 1_000, 10_000):
            found[n] = self.scan("jsonl", path, 1, ["--no-cues", *lexicons(self.folder / f"lexicons-{n}", path, n)])
        seen = medians(found, self.rounds)
        rows, before = [], None
        for n, (wall, _, memory) in seen.items():
            rows.append([n, f"{wall:.2f}", f"{wall / before:.2f}" if before else "", f"{memory:.0f}"])
            before = wall
        table(f"Entries, {megabytes} MB of JSON Lines (bars 1.6 and 2.6)", ["entries", "s", "times the row above", "MB of memory"], rows)

    def authors(self, megabytes):
        rows = []
        for n in (100, 1_000, 10_000, 100_000, 1_000_000):
            path = self.corpus("jsonl", megabytes, n)
            wall, _, memory = medians({n: self.scan("jsonl", path, 2)}, 3)[n]
            rows.append([n, f"{wall:.2f}", f"{memory:.0f}"])
        table(f"Authors, {megabytes} MB of JSON Lines, two threads", ["authors drawn from", "s", "MB of memory"], rows)

    def start(self):
        draft = self.folder / "draft.md"
        draft.write_text((self.corpus("plain", 4) / "000000.txt").read_text()[:2048])
        commands = {
            "--version": [EVENHAND, "--version"],
            "hits, 2 KB": [EVENHAND, "hits", draft, "--input-format", "text", "--quiet"],
            "lint, 2 KB (bar 15 ms)": [EVENHAND, "lint", draft],
        }
        seen = medians(commands, self.rounds * 3)
        table("Start", ["command", "ms", "MB of memory"], [[name, f"{wall * 1000:.1f}", f"{memory:.0f}"] for name, (wall, _, memory) in seen.items()])

    def report(self):
        path = self.corpus("jsonl", 64, 100_000)
        subprocess.run([str(part) for part in self.scan("jsonl", path, 2)], check=True, stderr=subprocess.DEVNULL)
        tally = self.folder / "tally.json"
        wall, _, memory = medians({"report": [EVENHAND, "report", tally, "--quiet"]}, self.rounds)["report"]
        table("Report from a tally", ["authors drawn from", "MB of tally", "s", "MB of memory"], [[100_000, f"{tally.stat().st_size / 1e6:.0f}", f"{wall:.2f}", f"{memory:.0f}"]])


def flags(literals):
    return [part for literal in literals for part in ("-e", literal)]


def lexicons(folder, corpus, n):
    """Lexicons of n entries, half of them words and half phrases of the corpus, as arguments."""
    categories = ["heroic", "ivory_tower", "gendered", "past_failure", "collaboration", "anti_sales"]
    if not folder.exists():
        folder.mkdir()
        texts = []
        with open(corpus, encoding="utf-8") as lines:
            for _, line in zip(range(20_000), lines):
                texts.append([word.strip(".").lower() for word in json.loads(line)["text"].split()])
        strings = {}
        step = 0
        while len(strings) < n and step < 200 * n:
            text = texts[step * 7919 % len(texts)]
            at = step * 104_729 % max(1, len(text) - 2)
            phrase = " ".join(text[at : at + 1 + step % 2])
            # Function words alone are refused as entries.
            if len(phrase) > 6:
                strings.setdefault(phrase, None)
            step += 1
        of_category = {category: list(strings)[at :: len(categories)] for at, category in enumerate(categories)}
        for category, phrases in of_category.items():
            head = f'name = "{category}"\ntitle = "{category}"\nversion = "1"\nlanguage = "en"\ndescription = "made for measuring"\nreads_as = "wording"\n'
            entries = [f'\n[[entry]]\nmatch = ["{phrase}"]\nsense = "none"\nabout = "none"\nswap = true\nyes = ["{phrase}"]\nno = ["Pumps arrive on Monday"]\nsource = "own"\n' for phrase in phrases]
            (folder / f"{category}.toml").write_text(head + "".join(entries))
    return [part for category in categories for part in ("--replace-lexicon", folder / f"{category}.toml")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--largest", type=int, default=1024, help="megabytes of the largest mailbox of the table of sizes")
    parser.add_argument("--only", action="append", choices=["tools", "threads", "size", "entries", "authors", "start", "report"])
    parser.add_argument("--folder", type=pathlib.Path, default=RELEASE.parent / "compare")
    given = parser.parse_args()
    bench = Bench(given.folder, given.rounds)
    tables = {
        "tools": lambda: bench.tools(given.megabytes),
        "threads": lambda: bench.threads(given.megabytes),
        "size": lambda: bench.size(given.largest),
        "entries": lambda: bench.entries(given.megabytes),
        "authors": lambda: bench.authors(given.megabytes),
        "start": bench.start,
        "report": bench.report,
    }
    for name, make in tables.items():
        if not given.only or name in given.only:
            make()


if __name__ == "__main__":
    main()
