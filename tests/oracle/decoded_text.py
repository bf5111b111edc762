"""Decode the text parts of mails with Python's own reader, independently of evenhand's.

An oracle for the tests: where the texts differ, each difference needs its reason. Use (Python 3.11):

    python3 decoded_text.py FILE...

Prints one JSON object per FILE, in order: `parts` holds the text of every part whose type is text,
in the order of the mail, as `email` with its default policy decodes it; line ends are line feeds
and white space at the end is dropped. A part that it cannot decode is null. Mails inside the mail
are somebody else's and not entered. `error` stands in place of `parts` where reading fails.
"""
import json
import sys
from email import message_from_bytes, policy
from pathlib import Path


def leaves(part):
    """Yield the parts that hold no others, but none of mails inside the mail."""
    if part.get_content_maintype() == "message":
        return
    if part.is_multipart():
        for child in part.get_payload():
            yield from leaves(child)
    else:
        yield part


def text(part):
    """The text of a part, or None where `email` fails on it."""
    try:
        content = part.get_content()
    except Exception:  # It raises many kinds on broken mails.
        return None
    if not isinstance(content, str):
        return None
    return content.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def main():
    for name in sys.argv[1:]:
        try:
            mail = message_from_bytes(Path(name).read_bytes(), policy=policy.default)
            parts = [text(part) for part in leaves(mail) if part.get_content_maintype() == "text"]
            print(json.dumps({"file": name, "parts": parts}))
        except Exception as error:
            print(json.dumps({"file": name, "error": repr(error)}))


if __name__ == "__main__":
    main()
