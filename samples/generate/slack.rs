//! The chat: a Slack export folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rand::RngExt;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};

use super::stock::{Stock, one_in};
use super::{Counts, DOMAIN, Draft, Person, Result, Rng, START, local};

type Post = BTreeMap<&'static str, Value>; // sorted keys: the same bytes whatever features serde_json has

fn post(second: i64, n: usize, user: &str, text: &str) -> Post {
    let ts = format!("{second}.{:06}", n * 100 % 1_000_000 + 29);
    BTreeMap::from([("text", json!(text)), ("ts", json!(ts)), ("type", json!("message")), ("user", json!(user))])
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text of a post: several sentences, or one in the careless way of chat, with something around it now and then.
fn chat_text(rng: &mut Rng, stock: &Stock, people: &[Person], sentences: &[String]) -> Result<String> {
    let mut text = escape(&sentences.join(if one_in(rng, 5) { "\n" } else { " " }));
    if sentences.len() == 1 && one_in(rng, 2) {
        text.truncate(text.trim_end_matches('.').len());
        if text.chars().nth(1).is_some_and(char::is_lowercase) {
            let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
            text = first.to_lowercase() + rest;
        }
    }
    let number = rng.random_range(100..999);
    Ok(match rng.random_range(0..40) {
        0..=3 => text + " " + &stock.draw(rng, "emoji", "")?,
        4 | 5 => format!("{text}\n<https://wiki.{DOMAIN}/p/{number}|wiki page {number}>"),
        6 => format!("{text}\nhttps://wiki.{DOMAIN}/p/{number}").replace("\nhttps", "\n<https") + ">",
        7..=9 => format!("{text}\n<@{}> {}", people.choose(rng).map_or("", |person| &person.id), escape(&stock.draw(rng, "ask", "")?)),
        10 => format!("{text}\n```\npart;qty\nKV-{number};{}\n```", number % 60),
        _ => text,
    })
}

/// Posts by channel and day, each of which is a file.
#[derive(Default)]
struct Days(BTreeMap<(String, String), Vec<Value>>);

impl Days {
    fn file(&mut self, channel: &str, second: i64, post: &Post) -> Result<()> {
        self.0.entry((channel.to_owned(), local(second, "%Y-%m-%d")?)).or_default().push(json!(post));
        Ok(())
    }
}

/// Writes the folder: the lists of people and conversations, and one file a channel and day.
pub(crate) fn write(dir: &Path, rng: &mut Rng, stock: &Stock, people: &[Person], drafts: &[Draft], counts: &mut Counts) -> Result<()> {
    let channels: Vec<(&str, &str)> = stock.lines("channel").iter().filter_map(|line| line.split_once(" | ")).collect();
    let mut days = Days::default();
    for (number, channel) in channels.iter().enumerate() {
        posts(&mut days, rng, stock, people, drafts, (number, channel.0, channel.1), counts)?;
    }
    for (channel, members) in [("pay-round", [70, 74, 76]), ("D0HP00001", [2, 19, 19])] {
        for n in 0..9 {
            let second = START + 86_400 * (34 + 28 * i64::from(channel == "pay-round")) + 33_000 + 700 * i64::try_from(n)?;
            let (kind, group) = [("heroic", "sales"), ("ivory_tower", "marketing"), ("filler", "")][n % 3];
            days.file(channel, second, &post(second, n, &people[members[n % 2]].id, &escape(&stock.sentence(rng, kind, group)?)))?;
            counts.add("Slack: private and direct posts (left out by default)");
        }
    }
    for ((channel, day), mut posts) in days.0 {
        posts.sort_by_key(|post| post["ts"].to_string());
        write_rows(&dir.join(channel).join(format!("{day}.json")), &posts)?;
    }
    write_lists(dir, people, &channels)
}

/// The posts of one channel, with its joins, threads and robots.
fn posts(
    days: &mut Days,
    rng: &mut Rng,
    stock: &Stock,
    people: &[Person],
    drafts: &[Draft],
    (number, channel, purpose): (usize, &str, &str),
    counts: &mut Counts,
) -> Result<()> {
    let mut roots: Vec<(Value, Value, Value)> = Vec::new(); // ts, user, text
    for (n, draft) in drafts.iter().filter(|draft| draft.channel == Some(number)).enumerate() {
        let author = &people[draft.author];
        if n < 8 {
            let joiner = &people[(n * 9 + number) % people.len()];
            let mut join = post(draft.second - 60, n, &joiner.id, &format!("<@{}> has joined the channel", joiner.id));
            join.insert("subtype", json!("channel_join"));
            days.file(channel, draft.second, &join)?;
            counts.add("Slack: joins and topics");
        } else if n == 8 {
            let mut topic = post(draft.second - 60, n, &author.id, &format!("<@{}> set the channel topic: {purpose}", author.id));
            topic.insert("subtype", json!("channel_topic"));
            days.file(channel, draft.second, &topic)?;
            counts.add("Slack: joins and topics");
        }
        let mut text = chat_text(rng, stock, people, &draft.sentences)?;
        let root = roots.iter().rev().take(4).find(|root| root.1 != json!(author.id)).filter(|_| n % 3 > 0 && !one_in(rng, 3)).cloned();
        if let Some((_, _, said)) = root.as_ref().filter(|_| one_in(rng, 6)) {
            text = format!("&gt; {}\n{text}", said.as_str().unwrap_or_default().lines().next().unwrap_or_default());
            counts.add("Slack: replies that quote the post above them");
        }
        let mut said = post(draft.second, n, &author.id, &text);
        if let Some((ts, user, text)) = root {
            if one_in(rng, 60) {
                said.insert("root", json!({"text": text, "ts": ts, "type": "message", "user": user}));
                said.insert("subtype", json!("thread_broadcast"));
            }
            said.insert("thread_ts", ts);
            said.insert("parent_user_id", user);
            counts.add("Slack: replies in threads");
        } else if n % 3 == 0 {
            roots.push((said["ts"].clone(), said["user"].clone(), said["text"].clone()));
            said.insert("thread_ts", said["ts"].clone());
        }
        if one_in(rng, 25) {
            said.insert("edited", json!({"ts": format!("{}.000000", draft.second + 90), "user": author.id}));
        }
        days.file(channel, draft.second, &said)?;
        counts.add("Slack: posts by people");
        if n % 45 == 20 {
            let mut automatic = post(draft.second + 5, n + 5000, "U0HPBOT01", &escape(&stock.sentence(rng, "erp", "")?));
            automatic.insert("bot_id", json!("B0HPERP01"));
            if n % 2 == 0 {
                automatic.insert("subtype", json!("bot_message"));
                automatic.insert("username", json!("ERP"));
                automatic.remove("user");
            }
            days.file(channel, draft.second, &automatic)?;
            counts.add("Slack: posts by bots");
        } else if n % 90 == 30 {
            days.file(channel, draft.second, &post(draft.second + 7, n + 5000, "U0HPGUEST", &escape(&stock.sentence(rng, "filler", "")?)))?;
            counts.add("Slack: posts by the guest");
        }
    }
    Ok(())
}

fn write_lists(dir: &Path, people: &[Person], channels: &[(&str, &str)]) -> Result<()> {
    let conversation = |id: String, name: &str, purpose: &str, members: &[usize], private: bool| {
        let ids: Vec<&str> = members.iter().map(|&member| people[member].id.as_str()).collect();
        json!({"created": START, "creator": ids[0], "id": id, "is_archived": false, "is_general": name == "general", "is_private": private, "members": ids, "name": name, "purpose": {"value": purpose}})
    };
    let everyone: Vec<usize> = (0..people.len()).collect();
    let public: Vec<Value> = channels
        .iter()
        .enumerate()
        .map(|(n, (name, purpose))| conversation(format!("C0HP{n:05}"), name, purpose, &everyone, false))
        .collect();
    write_rows(&dir.join("channels.json"), &public)?;
    write_rows(&dir.join("groups.json"), &[conversation("G0HP00001".to_owned(), "pay-round", "Pay round 2026", &[70, 74, 76], true)])?;
    write_rows(&dir.join("dms.json"), &[json!({"created": START, "id": "D0HP00001", "members": [people[2].id, people[19].id]})])?;
    let user = |id: &str, handle: &str, name: &str, email: &str, title: &str, bot: bool, guest: bool| {
        json!({"deleted": false, "id": id, "is_bot": bot, "is_restricted": guest, "name": handle,
            "profile": {"display_name": handle, "email": email, "real_name": name, "title": title}, "real_name": name, "team_id": "T0HP00001"})
    };
    let mut users: Vec<Value> =
        people.iter().map(|person| user(&person.id, &person.handle, &person.name, &person.email, &person.title, false, false)).collect();
    users.push(user("U0HPGUEST", "wren", "Wren Halloran", "wren@kestrelprint.example", "Print shop", false, true));
    users.push(user("U0HPBOT01", "erp", "ERP", "", "", true, false));
    users.push(user("U0HPBOT02", "reminder", "Reminder", "", "", true, false));
    write_rows(&dir.join("users.json"), &users)
}

fn write_rows(path: &Path, rows: &[Value]) -> Result<()> {
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    Ok(fs::write(path, format!("[\n{}\n]\n", lines.join(",\n")))?)
}
