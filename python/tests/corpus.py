"""Made-up messages in order of time, seeded, with what is hard about parting them: copies of a message under other ids, sentences that an
author repeats, threads and replies across authors, people with two addresses.

    python corpus.py MESSAGES FOLDER
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

TEAMS = ["sales", "marketing", "engineering", "support", "finance"]
N_AUTHORS = 400
START = 1_767_225_600  # 2026-01-01
FRAMING = [
    "our heroes in Sales saved the quarter",
    "the reps are the real heroes of this quarter",
    "Marketing lives in an ivory tower",
    "the brand team is out of touch with customers",
    "that Marketing campaign was another flop",
    "Sales and Marketing worked hand in hand on the launch",
    "we need more manpower in the warehouse",
    "Finance has no idea what customers want",
    "Sales asked for the new price list",
    "Marketing sends the brochure on Monday",
    "the engineers will call back tomorrow",
    "who comes to the trade fair in May",
    "the booth for the trade fair is booked",
]
TEMPLATES = [
    "Weekly note: Marketing sent {n} leads and Sales took them up.",
    "Thanks to our heroes in Sales once more.",
    "As ever, Marketing is out of touch.",
]


def words(rng: random.Random) -> list[str]:
    onsets, nuclei, codas = "b br d f g gr k l m n p pl r s st t".split(), "a e i o u ai ea oo".split(), ["", "n", "r", "s", "t", "l", "nd", "ck"]
    syllable = lambda: rng.choice(onsets) + rng.choice(nuclei) + rng.choice(codas)
    return ["".join(syllable() for _ in range(1 + rank // 4000)) for rank in range(12_000)]


def messages(n: int, seed: int = 12) -> Iterator[dict[str, object]]:
    """`n` messages, each by the columns of a table of messages."""
    rng = random.Random(seed)
    vocabulary = words(rng)
    common = ["the", "we", "and", "to", "of", "a", "in", "it", "is", "for", "that", "on", "you", "this", "be", "with", "have", "are"]
    step = max(1, 180 * 86_400 // n)
    recent: list[dict[str, object]] = []

    def sentence() -> str:
        parts = [rng.choice(common) if rng.random() < 0.5 else vocabulary[int(len(vocabulary) * rng.random() ** 3)] for _ in range(rng.randrange(6, 18))]
        if rng.random() < 0.2:
            parts.insert(rng.randrange(len(parts)), rng.choice(FRAMING))
        text = " ".join(parts)
        return text[0].upper() + text[1:] + "."

    for number in range(n):
        at = START + number * step
        if recent and rng.random() < 0.02:
            # A copy under another id: same author, second and words.
            copy = dict(rng.choice(recent))
            copy["id"] = f"{copy['id']}-copy{number}"
            yield copy
            continue
        author = rng.randrange(N_AUTHORS)
        address = f"p{author}@x.example" if author % 10 or rng.random() < 0.5 else f"p{author}@old.example"
        text = " ".join(sentence() for _ in range(rng.randrange(1, 6)))
        if rng.random() < 0.05:
            text += " " + TEMPLATES[author % len(TEMPLATES)].replace("{n}", str(author))
        message: dict[str, object] = {"id": f"m{number}", "author": address, "sent_at": at, "channel": f"c{number % 40}", "thread": None, "reply_to": None, "text": text}
        if recent and rng.random() < 0.3:
            root = rng.choice(recent)
            message["thread"] = root["thread"] or root["id"]
            message["reply_to"] = root["id"]
        recent.append(message)
        if len(recent) > 500:
            recent.pop(0)
        yield message


def write(n: int, folder: Path) -> None:
    """Writes messages.jsonl, roster.csv and evenhand.toml; copies stand where their time is."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = sorted(messages(n), key=lambda row: (row["sent_at"], row["id"]))
    with open(folder / "messages.jsonl", "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    with open(folder / "roster.csv", "w", encoding="utf-8") as out:
        out.write("email,team\n")
        for author in range(N_AUTHORS):
            addresses = f"p{author}@x.example" + (f" p{author}@old.example" if author % 10 == 0 else "")
            if author % 7:
                out.write(f"{addresses},{TEAMS[author % len(TEAMS)]}\n")
    (folder / "evenhand.toml").write_text('[teams]\nroster = "roster.csv"\n', encoding="utf-8")


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
