//! Mattermost's bulk export: one object a line, teams, channels and people before the posts. Known from a fixture only.

use std::borrow::Cow;
use std::io::Read;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::json::{self, Inner, List, Loose};
use super::table::Windows;
use super::{Batch, Batches, ChannelKind, Reader, Wanted, lines, withheld};
use crate::fault::{Fault, Place, Position};
use crate::message::{Author, Kind, Markup, Message, Reason};

/// Whether the first line of a file is the version of an export.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    json::members(line).iter().any(|(key, value)| key == "type" && *value == "\"version\"")
}

/// What the lines above the posts say.
#[derive(Debug, Default, Clone)]
pub struct Server {
    wanted: Wanted,
    /// People by user name in lower case: mail address and name.
    people: FxHashMap<String, Person>,
    bots: FxHashSet<String>,
    /// Whether a channel is open, by team and name.
    channels: FxHashMap<(String, String), bool>,
}

/// Opens an export: reads on to the first post, then cuts the file into pieces.
#[must_use]
pub fn open(stream: Box<dyn Read + Send>, at: Place, wanted: Wanted) -> Batches {
    let mut server = Server { wanted, ..Server::default() };
    let reader = Reader::Mattermost(Arc::new(Server::default()));
    let last_end = |bytes: &[u8]| memchr::memrchr(b'\n', bytes).map(|at| at + 1);
    let mut windows = Windows { stream, at, reader, last_end, n_lines: 0, rest: Vec::new(), is_done: false };
    let mut before = Vec::new();
    for piece in windows.by_ref() {
        let has_posts = piece.as_ref().is_ok_and(|batch| server.read(&batch.bytes));
        // Of lines above the posts nothing more is wanted than their faults.
        match piece {
            Ok(batch) if !has_posts => {
                each_message(&batch.bytes, &batch.at, batch.records_before, &server, &mut |read| before.extend(read.err().map(Err)));
            }
            Ok(_) | Err(_) => before.push(piece),
        }
        if has_posts {
            break;
        }
    }
    let server = Arc::new(server);
    let pieces = before.into_iter().chain(windows);
    Box::new(pieces.map(move |piece| piece.map(|batch| Batch { reader: Reader::Mattermost(Arc::clone(&server)), ..batch })))
}

/// What the export says of a user.
#[derive(Debug, Clone, Default)]
struct Person {
    email: Option<String>,
    name: Option<String>,
    title: Option<String>,
}

impl Server {
    /// Takes what the lines of a piece say of people and channels; whether there is a post among them.
    fn read(&mut self, bytes: &[u8]) -> bool {
        let mut has_posts = false;
        for line in lines(bytes) {
            // A broken line is told where the messages are read.
            let Ok(line) = serde_json::from_slice::<Line<'_>>(line) else { continue };
            has_posts |= line.post.0.is_some() || line.direct_post.0.is_some();
            if let Some(user) = line.user.0 {
                self.add_user(user);
            }
            if let Some(username) = line.bot.0.and_then(|bot| bot.username.word()) {
                self.bots.insert(username.to_lowercase());
            }
            if let Some(channel) = line.channel.0 {
                let name = |name: Loose<'_>| name.word().unwrap_or_default().to_lowercase();
                let is_open = channel.kind.word().as_deref() == Some("O");
                self.channels.insert((name(channel.team), name(channel.name)), is_open);
            }
        }
        has_posts
    }

    fn add_user(&mut self, user: User<'_>) {
        let Some(username) = user.username.word() else { return };
        let full = [user.first_name.word(), user.last_name.word()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = Some(full).filter(|name| !name.is_empty()).or_else(|| user.nickname.word().map(Cow::into_owned));
        let email = user.email.word().map(|email| email.trim().to_lowercase());
        self.people.insert(username.to_lowercase(), Person { email, name, title: user.position.word().map(Cow::into_owned) });
    }

    /// Who can read a channel. A post may name another team than the channel's; then all channels of that name must be open.
    fn kind_of(&self, team: &str, channel: &str) -> ChannelKind {
        let is_open = self.channels.get(&(team.to_owned(), channel.to_owned())).copied().unwrap_or_else(|| {
            let mut of_that_name = self.channels.iter().filter(|((_, name), _)| name == channel).map(|(_, &is_open)| is_open).peekable();
            of_that_name.peek().is_some() && of_that_name.all(|is_open| is_open)
        });
        if is_open { ChannelKind::Public } else { ChannelKind::Private }
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    user: Inner<User<'a>>,
    #[serde(borrow, default)]
    bot: Inner<User<'a>>,
    #[serde(borrow, default)]
    channel: Inner<Channel<'a>>,
    #[serde(borrow, default)]
    post: Inner<Post<'a>>,
    #[serde(borrow, default)]
    direct_post: Inner<Post<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow, default)]
    username: Loose<'a>,
    #[serde(borrow, default)]
    email: Loose<'a>,
    #[serde(borrow, default)]
    nickname: Loose<'a>,
    #[serde(borrow, default)]
    first_name: Loose<'a>,
    #[serde(borrow, default)]
    last_name: Loose<'a>,
    #[serde(borrow, default)]
    position: Loose<'a>,
}

#[derive(Deserialize)]
struct Channel<'a> {
    #[serde(borrow, default)]
    team: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(rename = "type", borrow, default)]
    kind: Loose<'a>,
}

#[derive(Deserialize)]
struct Post<'a> {
    #[serde(borrow, default)]
    team: Loose<'a>,
    #[serde(borrow, default)]
    channel: Loose<'a>,
    #[serde(borrow, default)]
    user: Loose<'a>,
    #[serde(rename = "type", borrow, default)]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    message: Loose<'a>,
    #[serde(borrow, default)]
    create_at: Loose<'a>,
    #[serde(borrow, default)]
    delete_at: Loose<'a>,
    #[serde(borrow, default)]
    props: Inner<Props<'a>>,
    #[serde(borrow, default)]
    replies: List<Post<'a>>,
}

#[derive(Deserialize)]
struct Props<'a> {
    #[serde(rename = "from_webhook", borrow, default)]
    webhook: Loose<'a>,
    #[serde(rename = "from_bot", borrow, default)]
    bot: Loose<'a>,
    #[serde(rename = "from_plugin", borrow, default)]
    plugin: Loose<'a>,
}

/// Reads the posts of a piece and their replies, in order.
pub fn each_message(bytes: &[u8], at: &Place, lines_before: u64, server: &Server, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for (number, line) in (lines_before + 1..).zip(lines(bytes)) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let place = at.at(Position::Line(number));
        let line = String::from_utf8_lossy(line);
        match serde_json::from_str::<Line<'_>>(&line) {
            Ok(line) => posts(line, &place, server, sink),
            Err(error) => {
                let text = error.to_string();
                let why = text.rfind(" at line ").map_or(&*text, |end| &text[..end]);
                sink(Err(Fault::new(place, format!("{why} at column {}", error.column()))));
            }
        }
    }
}

/// Where a thread is written.
struct Thread {
    channel: String,
    kind: ChannelKind,
    root: String,
}

fn posts(line: Line<'_>, place: &Place, server: &Server, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let (post, is_direct) = match line.kind.word().as_deref() {
        Some("post") => (line.post.0, false),
        Some("direct_post") => (line.direct_post.0, true),
        Some(_) => return,
        None => return sink(Err(Fault::new(place.clone(), "`type` is missing, expected what the line holds"))),
    };
    let Some(mut post) = post else { return sink(Err(Fault::new(place.clone(), "found no post in a line that is to hold one"))) };
    let name = |name: &Loose<'_>| name.clone().word().unwrap_or_default().to_lowercase();
    let (team, channel) = (name(&post.team), name(&post.channel));
    let kind = if is_direct { ChannelKind::Direct } else { server.kind_of(&team, &channel) };
    let replies = std::mem::take(&mut post.replies.0);
    let mut thread = Thread { channel: format!("{team}/{channel}"), kind, root: String::new() };
    if !replies.is_empty() {
        thread.root = id(&post, &thread);
    }
    let replies = replies.into_iter().map(|reply| (reply.0, true));
    for (post, is_reply) in std::iter::once((Some(post), false)).chain(replies) {
        let read = post.ok_or_else(|| "found a reply that is no object, expected a post".to_owned());
        let read = read.and_then(|post| message(post, place.clone(), &thread, is_reply, server));
        sink(read.map_err(|why| Fault::new(place.clone(), why)));
    }
}

/// Posts have no id: channel, user and time make one.
fn id(post: &Post<'_>, thread: &Thread) -> String {
    let part = |field: &Loose<'_>| field.clone().word().unwrap_or_default().to_lowercase();
    format!("{}/{}/{}", thread.channel, part(&post.user), part(&post.create_at))
}

fn message<'a>(post: Post<'a>, place: Place, thread: &Thread, is_reply: bool, server: &Server) -> Result<Message<'a>, String> {
    let Some(sent_at) = json::milliseconds(&post.create_at, "create_at")? else {
        return Err(post.create_at.unexpected("create_at", "a time"));
    };
    let id = id(&post, thread);
    let mut message = Message { id: id.into(), sent_at: Some(sent_at), channel: thread.channel.clone().into(), ..withheld(place) };
    if !server.wanted.reads(thread.kind) {
        return Ok(message);
    }
    let user = post.user.text("user")?.unwrap_or_default().to_lowercase();
    let text = post.message.text("message")?.unwrap_or_default();
    let is_set = |field: &Loose<'_>| field.is_true() || field.clone().word().is_some_and(|value| value == "true");
    let is_bot = server.bots.contains(&user)
        || post.props.0.is_some_and(|props| [&props.webhook, &props.bot, &props.plugin].into_iter().any(is_set));
    let is_deleted = !matches!(post.delete_at, Loose::Null | Loose::Integer(0));
    message.kind = match post.kind.word().as_deref() {
        _ if is_deleted => Kind::Removed(Reason::Deleted),
        Some(kind) if kind.starts_with("custom_") || kind == "slack_attachment" => Kind::Removed(Reason::Bot),
        None | Some("me") if is_bot => Kind::Removed(Reason::Bot),
        None | Some("me") if user.is_empty() => Kind::Removed(Reason::NoAuthor),
        None | Some("me") if is_notice(&text, &user) => Kind::Removed(Reason::System),
        None | Some("me") => Kind::Person,
        Some(_) => Kind::Removed(Reason::System),
    };
    if !thread.root.is_empty() {
        message.thread = Some(thread.root.clone().into());
        message.reply_to = message.thread.clone().filter(|_| is_reply);
    }
    let Person { email, name, title } = server.people.get(&user).cloned().unwrap_or_default();
    message.author = Author {
        email: email.map(Into::into),
        handle: Some(user.into()),
        name: name.map(Into::into),
        title: title.map(Into::into),
        ..Author::default()
    };
    message.markup = Markup::Markdown;
    message.text = text;
    Ok(message)
}

/// What the server writes in a user's name; old exports do not say so otherwise.
fn is_notice(text: &str, user: &str) -> bool {
    let text = text.trim().to_lowercase();
    let by_user = [" added to the channel by ", " added to the team by "].iter().any(|verb| {
        text.split_once(verb).is_some_and(|(who, by)| !who.contains(' ') && by.trim_start_matches('@').trim_end_matches('.') == user)
    });
    let of_user = text.trim_start_matches('@').strip_prefix(user).is_some_and(|rest| {
        let whole = [
            "joined the channel.",
            "left the channel.",
            "joined the team.",
            "left the team.",
            "archived the channel.",
            "unarchived the channel.",
        ];
        let begun = ["updated the channel ", "removed from the channel", "was removed from the channel", "removed the channel "];
        rest.strip_prefix(' ').is_some_and(|rest| whole.contains(&rest) || begun.iter().any(|start| rest.starts_with(start)))
    });
    by_user || of_user
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tests::view_bare as view;
    use super::*;

    const HEAD: &str = r#"{"type":"version","version":1}
{"type":"channel","channel":{"team":"t","name":"open","type":"O"}}
{"type":"channel","channel":{"team":"t","name":"closed","type":"P"}}
{"type":"user","user":{"username":"ann","email":"Ann@Example.com","first_name":"Ann","last_name":"Lee","teams":null}}
{"type":"bot","bot":{"username":"robot"}}
"#;

    fn read(text: &str, wanted: Wanted) -> Vec<String> {
        let mut seen = Vec::new();
        for piece in open(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), Place::file("f"), wanted) {
            match piece {
                Ok(batch) => batch.each_message(&mut |message| seen.push(view(message))),
                Err(fault) => seen.push(fault.to_string()),
            }
        }
        seen
    }

    fn post(fields: &str) -> String {
        format!(r#"{{"type":"post","post":{{"team":"t","channel":"open","create_at":1000,{fields}}}}}"#)
    }

    fn one(fields: &str) -> String {
        read(&format!("{HEAD}{}", post(fields)), Wanted::default()).concat()
    }

    #[test]
    fn a_post_has_its_author_from_above_and_its_replies_inside() {
        let fields = r#""user":"ann","message":"one","replies":[{"user":"bo","message":"two","create_at":900}]"#;
        let mut seen = Vec::new();
        for piece in
            open(Box::new(std::io::Cursor::new(format!("{HEAD}{}", post(fields)).into_bytes())), Place::file("f"), Wanted::default())
        {
            piece.unwrap().each_message(&mut |message| {
                let message = message.unwrap();
                seen.push(format!(
                    "{} {} {:?} {:?}",
                    message.place,
                    message.author.key().unwrap(),
                    message.thread.as_deref(),
                    message.reply_to.as_deref()
                ));
            });
        }
        assert_eq!(
            seen,
            [r#"f:6 ann@example.com Some("t/open/ann/1000") None"#, r#"f:6 bo Some("t/open/ann/1000") Some("t/open/ann/1000")"#]
        );
    }

    #[test]
    fn bots_and_notices_are_no_persons() {
        for (fields, kind) in [
            (r#""user":"ann","message":"x""#, "person ann@example.com x"),
            (r#""user":"ann","type":"me","message":"x""#, "person ann@example.com x"),
            (r#""user":"ann","type":"system_join_channel","message":"x""#, "system ann@example.com x"),
            (r#""user":"ann","message":"ann joined the channel.""#, "system ann@example.com ann joined the channel."),
            (r#""user":"ann","message":"bo added to the channel by ann.""#, "system ann@example.com bo added to the channel by ann."),
            (r#""user":"ann","message":"bo joined the channel.""#, "person ann@example.com bo joined the channel."),
            (r#""user":"ann","message":"x","props":{"from_webhook":"true"}"#, "bot ann@example.com x"),
            (r#""user":"robot","message":"x""#, "bot robot x"),
            (r#""user":"ann","message":"x","delete_at":5"#, "deleted ann@example.com x"),
        ] {
            let user = if fields.contains("robot") { "robot" } else { "ann" };
            assert_eq!(one(fields), format!("t/open/{user}/1000 {kind}"));
        }
    }

    #[test]
    fn private_and_direct_posts_stay_out_unless_they_are_wanted() {
        let lines = post(r#""user":"ann","message":"x""#).replace("\"open\"", "\"closed\"")
            + "\n"
            + &post(r#""user":"ann","message":"x""#).replace("\"open\"", "\"unlisted\"")
            + "\n"
            + &post(r#""user":"ann","message":"x""#).replace("\"t\"", "\"other\"")
            + "\n"
            + r#"{"type":"direct_post","direct_post":{"channel_members":["ann","bo"],"user":"ann","message":"x","create_at":1}}"#;
        let kinds = |wanted| {
            read(&format!("{HEAD}{lines}"), wanted).iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(kinds(Wanted::default()), ["private", "private", "person", "private"]);
        assert_eq!(kinds(Wanted { private: true, direct: false }), ["person", "person", "person", "private"]);
        assert_eq!(kinds(Wanted { private: false, direct: true }), ["private", "private", "person", "person"]);
    }

    #[test]
    fn a_bad_line_is_told_by_its_number_and_the_others_count() {
        let text = format!(
            "{{\"type\"\n{HEAD}7\n{{\"type\":\"post\"}}\n{{}}\n{}\n{}\n\n{{\"type\":\"po",
            post(r#""user":[]"#),
            post(r#""user":"ann","replies":[7]"#)
        );
        let seen = read(&text, Wanted::default());
        assert!(seen[0].starts_with("f:1: EOF while parsing an object"), "{seen:?}");
        assert!(seen[1].starts_with("f:7: invalid type: integer `7`"));
        assert_eq!(
            seen[2..4],
            ["f:8: found no post in a line that is to hold one", "f:9: `type` is missing, expected what the line holds"]
        );
        assert_eq!(seen[4], "f:10: `user` is an array, expected a string");
        assert_eq!(seen[5], "t/open/ann/1000 person ann@example.com ");
        assert_eq!(seen[6], "f:11: found a reply that is no object, expected a post");
        assert!(seen[7].starts_with("f:13: EOF while parsing a string"));
    }

    #[test]
    fn people_far_above_the_posts_are_known_and_faults_there_are_told() {
        let many = "{\"type\":\"emoji\",\"emoji\":{\"name\":\"x\"}}\n".repeat(60_000);
        let seen = read(&format!("{HEAD}{{bad\n{many}{}", post(r#""user":"ann","message":"x""#)), Wanted::default());
        assert!(seen[0].starts_with("f:6: "), "{}", seen[0]);
        assert_eq!(seen[1..], ["t/open/ann/1000 person ann@example.com x"]);
    }

    #[test]
    fn an_export_is_known_by_its_first_line() {
        assert!(looks_like(HEAD.as_bytes()));
        assert!(!looks_like(br#"{"type":"message","text":"version"}"#));
    }
}
