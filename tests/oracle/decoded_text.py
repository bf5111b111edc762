"""Decode the text parts of mails with Python's own reader, independently of evenhand's.

An oracle for the tests: where the texts differ, each difference needs its reason. Use (Python 3.11):

    python3 decoded_text.py FILE...

Prints one JSON object per FILE, in order: `parts` holds the text of every part whose type is text,
in the order of the mail, as `email` with its default policy decodes it; line ends are line feeds
and white space at the end is dropped. A part that it cannot decode is null. `as_browsers` holds the
same parts with charsets as browsers read them (WHATWG Encoding: iso-8859-1 and us-ascii name
windows-1252; text without a charset is UTF-8 if it can be), which is what evenhand promises.
Mails inside the mail are somebody else's and not entered. `error` stands in place of `parts` where reading fails.
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


def text_as_browsers(part):
    """The text of a part with charsets as browsers read them; where no such charset is named, as `email` does."""
    charset = (part.get_content_charset() or "").lower()
    content = part.get_payload(decode=True)
    if content is None or charset not in ("", "us-ascii", "ascii", "iso-8859-1", "latin1"):
        return text(part)
    if charset == "iso-8859-1" or charset == "latin1":
        decoded = content.decode("windows-1252", "replace")
    else:
        try:
            decoded = content.decode("utf-8")
        except UnicodeDecodeError:
            decoded = content.decode("windows-1252", "replace")
    return decoded.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def main():
    for name in sys.argv[1:]:
        try:
            mail = message_from_bytes(Path(name).read_bytes(), policy=policy.default)
            parts = [part for part in leaves(mail) if part.get_content_maintype() == "text"]
            both = {"parts": [text(part) for part in parts], "as_browsers": [text_as_browsers(part) for part in parts]}
            print(json.dumps({"file": name, **both}))
        except Exception as error:
            print(json.dumps({"file": name, "error": repr(error)}))


if __name__ == "__main__":
    main()
