"""Count the messages of an export, independently of evenhand's own readers.

An oracle for the tests: where the counts differ, one of the two is wrong. Use (Python 3.11):

    python3 count_messages.py INPUT...

An INPUT is a Slack export (folder or zip), a log of Slack's events, an mbox file, a folder of
single mails (Maildir or Enron style), a file or folder of JSON of another chat (Discord, Telegram,
Teams, Mattermost, Zulip, Google Chat), a text of WhatsApp or a zip with one, or a log or a folder of
logs of IRC; for chats `people` counts what a person wrote, private or not. Prints one JSON object
per INPUT. `messages` counts every record, before any is left out or de-duplicated; `pairs` counts
distinct (author, time to the second) among them.
An INPUT that cannot be read gets `error` in place of counts, and the exit code is 1.
"""
import calendar
import gzip
import html
import json
import re
import sys
import time
import zipfile
from email import message_from_bytes, policy, utils
from pathlib import Path

DAY_FILE = re.compile(r"[^/]/\d{4}-\d\d-\d\d\.json$")
PERSON = {None, "me_message", "thread_broadcast", "reply_broadcast", "file_share", "file_comment"}
DELETED = {"tombstone", "message_deleted", "ekm_access_denied"}
ZONE = r"(?: +(?:[A-Z]{1,5}|[+-]\d{4}))?"
SEPARATOR = re.compile(
    r"From .*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) +([A-Z][a-z]{2} +\d{1,2}) +"
    rf"(\d{{1,2}}:\d\d)(:\d\d)?{ZONE} +((?:19[7-9]|20\d)\d){ZONE}\s*$", re.ASCII)
HEADER = re.compile(rb"(?i)(?:from|date|subject|received|message-id)[ \t]*:")
ADDRESS = r"[^\s<>()\"|,;:@]+@[^\s<>()\"|,;:@]+"


def day_files(path):
    """Yield (name, bytes) of the day files in a Slack export."""
    if path.is_dir():
        for file in path.rglob("*.json"):
            if DAY_FILE.search(name := file.relative_to(path).as_posix()):
                yield name, file.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in filter(DAY_FILE.search, archive.namelist()):
            yield name, archive.read(name)


def slack_kind(record):
    """A system or deletion subtype decides before the signs of a bot do."""
    subtype = record.get("subtype")
    if subtype not in PERSON | {"bot_message"}:
        return "deleted" if subtype in DELETED else "system"
    bot = subtype == "bot_message" or record.get("bot_id") or record.get("user") == "USLACKBOT"
    return "bots" if bot else "people"


def count_slack(path):
    facts = dict.fromkeys(("people", "bots", "system", "deleted"), 0)
    folders, pairs = set(), set()
    for name, data in day_files(path):
        folders.add(name.rpartition("/")[0])
        for record in json.loads(data):
            facts[slack_kind(record)] += 1
            author = record.get("user") or (record.get("comment") or {}).get("user")
            author = author or record.get("bot_id") or record.get("username")
            pairs.add((author, record["ts"].partition(".")[0]))
    counts = {"messages": sum(facts.values()), **facts, "folders": len(folders)}
    return {"format": "slack", **counts, "pairs": len(pairs)}


def separator_time(line):
    """The time of a `From ` line with a plausible date at its end, else None."""
    found = SEPARATOR.match(line.decode("latin-1"))
    moment = " ".join(found.groups(":00")) if found else ""
    try:
        return calendar.timegm(time.strptime(moment, "%b %d %H:%M :%S %Y"))
    except ValueError:
        return None


def mbox_mails(path):
    """Yield (mail, time of its `From ` line); what stands before the first such line is no mail."""
    lines, started, after_blank = [], None, True
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
        for line in stream:
            seconds = separator_time(line) if after_blank and line.startswith(b"From ") else None
            if seconds is not None:
                if started is not None:
                    yield b"".join(lines), started
                lines, started = [], seconds
            else:
                lines.append(line)
            after_blank = not line.strip()
    if started is not None:
        yield b"".join(lines), started


def folder_mails(path):
    """Yield (mail, None) for each file with a mail's header lines at its top, then a blank line."""
    for file in filter(Path.is_file, path.rglob("*")):
        unfinished = file.match("tmp/*") and (file.parents[1] / "cur").is_dir()
        lines = (data := file.read_bytes()).splitlines()
        blank = next((n for n, line in enumerate(lines) if not line.strip()), 0)
        if not unfinished and any(map(HEADER.match, lines[:min(blank, 20)])):
            yield data, None


def mail_author(value):
    """The lower-cased address; the whole field where the address is hidden or missing."""
    value = " ".join(value.lower().split())
    hidden = " at " in value or "|ng |rom " in value
    found = re.search(f"<({ADDRESS})>", value) or (not hidden and re.search(f"({ADDRESS})", value))
    return found[1] if found else value


def own_types(part):
    """The content types in a mail, without those inside a mail that it carries."""
    own = part.is_multipart() and part.get_content_maintype() == "multipart"
    return {part.get_content_type()}.union(*map(own_types, part.get_payload() if own else []))


def count_mails(kind, mails):
    facts, pairs = dict.fromkeys(("messages", "with_from", "text_plain", "automatic"), 0), set()
    for data, seconds in mails:
        mail = message_from_bytes(data, policy=policy.default)
        heads = {name.lower(): str(value) for name, value in reversed(list(mail.raw_items()))}
        auto = heads.get("auto-submitted", "no").partition(";")[0].strip().lower() not in ("", "no")
        types = own_types(mail)
        facts["messages"] += 1
        facts["with_from"] += "from" in heads
        facts["text_plain"] += "text/plain" in types
        facts["automatic"] += auto or not types.isdisjoint({"multipart/report", "text/calendar"})
        if date := utils.parsedate_tz(heads.get("date", "")):
            seconds = calendar.timegm(date[:6]) - (date[9] or 0)
        pairs.add((mail_author(heads.get("from") or heads.get("sender", "")), seconds))
    return {"format": kind, **facts, "pairs": len(pairs)}


NOTICE = re.compile(r"(\S+) (?:joined|left) the (?:channel|team)\.|\S+ added to the (?:channel|team) by (\S+)\.")


def chat_records(document):
    """Yield (format, record) of the JSON of a chat; a list of people or channels holds none."""
    if isinstance(document, list):
        for record in document:
            if "sender_full_name" in record:
                yield "zulip", record
            elif "MessageType" in record or "messageType" in record:
                yield "teams", {name[0].lower() + name[1:]: value for name, value in record.items()}
    elif "guild" in document:
        yield from (("discord", record) for record in document["messages"])
    elif "zerver_message" in document:
        yield from (("zulip", record) for record in document["zerver_message"])
    elif "messages" in document and "type" not in document:
        yield from (("google-chat", record) for record in document["messages"])
    elif "messages" in document or "chats" in document:
        chats = [document] if "messages" in document else document["chats"]["list"]
        for chat in chats:
            # A channel's posts bear its own id where nobody signs them.
            own = str(chat.get("id")) if str(chat.get("type")).endswith("channel") else None
            unsigned = {"from_id": "channel"}
            yield from (("telegram", {**r, **(unsigned if str(r.get("from_id")) == own else {})}) for r in chat["messages"])


def mattermost_records(text):
    for line in map(json.loads, text.splitlines()):
        if line["type"] in ("post", "direct_post"):
            post = line[line["type"]]
            yield from (("mattermost", record) for record in (post, *(post.get("replies") or ())))


def is_person(kind, record):
    if kind == "discord":
        return record["type"] in ("Default", "Reply") and not record["author"]["isBot"]
    if kind == "teams":
        return record["messageType"] == "message" and not record["deletedDateTime"]
    if kind == "mattermost":
        notice = NOTICE.fullmatch(record["message"])
        return not (notice and record["user"] in notice.groups())
    if kind == "telegram":
        foreign = record.keys() & {"forwarded_from", "via_bot"}
        nobody = str(record.get("from_id", "channel")).startswith("channel")
        return record["type"] == "message" and not nobody and not foreign
    return record.get("sender_full_name") != "(deleted)" and record["content"] != "<p>(deleted)</p>"


def count_chat(path):
    facts = {"messages": 0, "people": 0}
    kinds, pairs = set(), set()
    for file in [path] if path.is_file() else sorted(filter(Path.is_file, path.rglob("*"))):
        text = file.read_text(encoding="utf-8-sig")
        records = mattermost_records if file.suffix == ".jsonl" else lambda text: chat_records(json.loads(text))
        for kind, record in records(text):
            facts["messages"] += 1
            facts["people"] += is_person(kind, record)
            kinds.add(kind)
            author = record.get("author") or record.get("from") or record.get("user") or record.get("sender_full_name")
            moment = [record.get(name) for name in ("timestamp", "createdDateTime", "create_at", "date")]
            pairs.add(str((author, moment)))
    return {"format": "+".join(sorted(kinds)), **facts, "pairs": len(pairs)}


def count_slack_events(path):
    """Each message once: an edit has its new form under `message`, a deletion names its time."""
    newest = {}
    for event in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        subtype = event.get("subtype")
        if subtype == "message_changed":
            newest[event["channel"], event["message"]["ts"]] = event["message"]
        elif subtype == "message_deleted":
            newest[event["channel"], event["deleted_ts"]] = {"subtype": "message_deleted"}
        elif not event.get("hidden"):
            newest.setdefault((event["channel"], event["ts"]), event)
    facts = dict.fromkeys(("people", "bots", "system", "deleted"), 0)
    for record in newest.values():
        gone = re.fullmatch(r"\[message .*deleted\]", record.get("text") or "")
        facts["deleted" if gone else slack_kind(record)] += 1
    pairs = {(record.get("user"), ts.partition(".")[0]) for (_, ts), record in newest.items()}
    return {"format": "slack-events", "messages": len(newest), **facts, "pairs": len(pairs)}


WHATSAPP = re.compile(
    r"^[\u200e\ufeff]*\[?(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? \d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?)(?:\]| -) (.*)$",
    re.M)
IRC = re.compile(r"(?:\[?((?:\d{4}-\d\d-\d\d[T ])?\d?\d:\d\d(?::\d\d)?)\]?\s+)?(<[^ >]+>|\* \S+|===|\*\*\*|-\S+-)(.*)$")
COMES_AND_GOES = re.compile(r" (?:\([^)]*\) )?(?:has joined|has left|has quit|Quit|is now known as|sets mode)\b| is '|by ")
IRC_BOTS = {"ubotu", "FloodBot2"}


def count_whatsapp(text):
    facts = dict.fromkeys(("people", "system", "deleted"), 0)
    names, pairs = set(re.findall(r" - ([^:\n]+): ", text)), set()
    for moment, rest in WHATSAPP.findall(text):
        name, colon, words = rest.partition(":")
        if not colon or not (words.startswith(" ") or name in names) or "end-to-end encrypted" in words:
            facts["system"] += 1
            continue
        facts["deleted" if "message was deleted" in words else "people"] += 1
        pairs.add((name, moment))
    return {"format": "whatsapp", "messages": sum(facts.values()), **facts, "pairs": len(pairs)}


def count_irc(texts):
    facts = dict.fromkeys(("people", "bots", "system"), 0)
    pairs = set()
    for line in filter(str.strip, (line for text in texts for line in text.split("\n"))):
        colour = re.search(r'class="irc-(black|brick|green|navy|brown)"', line)
        line = html.unescape(re.sub("<[^>]*>", "", line)) if colour else line
        moment, mark, rest = IRC.match(line).groups()
        nick = mark.strip("<>").removeprefix("* ").lstrip("@+%")
        action = mark.startswith("*") and mark != "***" and not COMES_AND_GOES.match(rest)
        talk = colour[1] in ("black", "brick") if colour else mark.startswith("<") or action
        facts["system" if not talk else "bots" if nick in IRC_BOTS else "people"] += 1
        if talk:
            pairs.add((nick, moment))
    return {"format": "irc", "messages": sum(facts.values()), **facts, "pairs": len(pairs)}


def talk_texts(path):
    """The texts in a file, or in a folder or zip of nothing else."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            texts = {name: archive.read(name) for name in archive.namelist()}
    else:
        files = sorted(filter(Path.is_file, path.rglob("*"))) if path.is_dir() else [path]
        texts = {file.name: file.read_bytes() for file in files}
    if not all(name.endswith((".txt", ".log")) for name in texts):
        return []
    return [text.decode("utf-8") for text in texts.values()]


def is_slack_log(path):
    if path.is_dir() or path.suffix != ".jsonl":
        return False
    with open(path, encoding="utf-8") as lines:
        return {"channel", "ts"} <= json.loads(next(lines)).keys()


def is_chat(path):
    files = [path] if path.is_file() else path.rglob("*")
    return any(file.suffix in (".json", ".jsonl") for file in files)


def count(path):
    if is_slack_log(path):
        return count_slack_events(path)
    if texts := talk_texts(path):
        return count_whatsapp(texts[0]) if WHATSAPP.search(texts[0]) else count_irc(texts)
    if zipfile.is_zipfile(path) or (path.is_dir() and any(day_files(path))):
        return count_slack(path)
    if is_chat(path):
        return count_chat(path)
    kind, mails = ("maildir", folder_mails) if path.is_dir() else ("mbox", mbox_mails)
    return count_mails(kind, mails(path))


if __name__ == "__main__":
    failed = False
    for given in sys.argv[1:] or sys.exit(__doc__):
        try:
            result = count(Path(given))
        except Exception as error:  # a bad input must not hide the counts of the next one
            result, failed = {"error": f"{type(error).__name__}: {error}"}, True
        print(json.dumps({"input": given, **result}))
    sys.exit(failed)
