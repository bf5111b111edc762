"""Holds the SARIF and JUnit that the command writes against the schemas of others.

Usage: check.py EVENHAND

The schemas come from packages (SARIF 2.1.0 from npm's @microsoft/jest-sarif, JUnit from the sources of PyPI's pytest), fetched into a
temporary folder and never kept. Needs python3 with venv, pip and npm. Exits with 1 if a file does not hold.
"""

import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

SARIF = ("@microsoft/jest-sarif@1.0.0-beta.0", "package/lib/schemas/sarif-2.1.0-rtm.5.json")
JUNIT = ("pytest==8.3.4", "testing/example_scripts/junit-10.xsd")

DRAFT = """<!-- evenhand: ignore heroic -->
Our heroes in Sales slept & the girls in accounts know, <so> 100 % "sure": see it.

Marketing sits in its ivory
tower. \u001b[31mOur heroes in Sales\u001b[0m – naïve 🚀 heroes in Sales.
"""

CONFIG = """
[check]
fail_on = ["material_gap"]
baseline = "baseline.json"

[[check.limit]]
team = "company"
category = "heroic"
target = "sales"
max_per_1000_naming_segments = 1

[[check.limit]]
team = "company"
category = "ivory_tower"
max_per_1000_words = 900

[[check.limit]]
team = "company"
gap = "scorn"
direction = "marketing/sales"
max_ratio = 2

[[check.limit]]
team = "nobody"
category = "gendered"
max_per_1000_words = 1
"""


def run(*args, **options):
    subprocess.run(args, check=True, stdout=subprocess.DEVNULL, **options)


def member(archive, ending):
    """The bytes of the one file of an archive whose path ends so."""
    with tarfile.open(archive) as tar:
        (found,) = [name for name in tar.getnames() if name.endswith(ending)]
        return tar.extractfile(found).read()


def fetch(folder):
    """The two schemas, and the Python of an environment that can use them."""
    run(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "jsonschema", "xmlschema")
    sources = folder / "sources"
    run(python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", ":all:", "--dest", sources, JUNIT[0])
    run("npm", "pack", "--silent", SARIF[0], cwd=sources)
    (folder / "sarif.json").write_bytes(member(next(sources.glob("*.tgz")), SARIF[1]))
    (folder / "junit.xsd").write_bytes(member(next(sources.glob("pytest*.tar.gz")), JUNIT[1]))
    return python


def written(evenhand, folder):
    """Runs the command in both formats on drafts and limits of every outcome; gives the files with the exit codes."""
    (folder / "job ad.md").write_text(DRAFT, encoding="utf-8")
    (folder / "latin.txt").write_bytes(b"caf\xe9")
    (folder / "clean.txt").write_text("The bench is sold.\n")
    (folder / "evenhand.toml").write_text(CONFIG)
    row = '{{"t": "{}", "a": "clerk{}@lawnseat.example", "d": "2026-0{}-1{}T09:00:00Z"}}\n'
    texts = ["The sales team are the heroes of the order.", "Marketing sits in its ivory tower.", "Sales and Marketing met."]
    rows = [row.format(f"{texts[n % 3]} Order {n}.", n % 8, 1 + n // 60, n % 10) for n in range(240)]
    (folder / "chat.jsonl").write_text("".join(rows))
    check = ["check", "chat.jsonl", "--map", "text=t,author=a,time=d"]
    run(evenhand, *check, "--as-of", "2026-04-01", "--update-baseline", cwd=folder)
    commands = {
        "lint": ["lint", "job ad.md", "clean.txt", "latin.txt", "gone.md"],
        "lint-clean": ["lint", "clean.txt"],
        "check": [*check, "--as-of", "2026-05-01"],
        "check-not-judged": [*check, "--as-of", "2026-04-01"],
    }
    files = []
    for name, command in commands.items():
        for form in ["sarif", "junit"]:
            done = subprocess.run([evenhand, *command, "--format", form], cwd=folder, capture_output=True, check=False)
            file = folder / f"{name}.{form}"
            file.write_bytes(done.stdout)
            files.append((file, done.returncode))
    return files


VALIDATE = """
import json, pathlib, sys
import jsonschema, xmlschema
folder = pathlib.Path(sys.argv[1])
schema = json.loads((folder / "sarif.json").read_text())
kind = jsonschema.validators.validator_for(schema)
sarif, junit = kind(schema), xmlschema.XMLSchema(str(folder / "junit.xsd"))
wrong = 0
for file in sorted(folder.glob("*.sarif")):
    errors = [error.message for error in sarif.iter_errors(json.loads(file.read_text(encoding="utf-8")))]
    wrong += bool(errors)
    print(file.name, "holds" if not errors else errors[:5])
for file in sorted(folder.glob("*.junit")):
    errors = [error.reason for error in junit.iter_errors(str(file))]
    wrong += bool(errors)
    print(file.name, "holds" if not errors else errors[:5])
sys.exit(1 if wrong else 0)
"""


def main():
    evenhand = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        python = fetch(folder)
        for file, exit_code in written(evenhand, folder):
            print(file.name, "exit code", exit_code, len(file.read_bytes()), "bytes")
        log = json.loads((folder / "lint.sarif").read_text(encoding="utf-8"))
        assert len(log["runs"][0]["results"]) > 3, "nothing was remarked, so nothing was shown"
        sys.exit(subprocess.run([python, "-c", VALIDATE, folder], check=False).returncode)


if __name__ == "__main__":
    main()
