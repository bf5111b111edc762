//! Real exports that nobody here wrote, counted independently by `tests/oracle/count_messages.py`.

use std::process::Command;

use serde_json::Value;

use crate::support::{corpora, evenhand, root};

const EXPORTS: [&str; 10] = [
    "slack/houstondatavis",
    "slack/r-contributors.zip",
    "slack/slack-export-viewer-testarchive.zip",
    "slack/zulip-test_slack_importer.zip",
    "mbox/r-package-devel-2023q1.mbox",
    "mbox/r-package-devel-2016q4.mbox",
    "mbox/r-devel-1997-July.mbox",
    "mbox/ietf-style-2001-November.mbox",
    "mbox/3gpp-nr-mimo-ota.mbox",
    "enron/maildir",
];

#[test]
fn every_message_of_real_exports_is_read_and_kept_or_removed_for_a_reason() {
    let Some(folder) = corpora("every_message_of_real_exports_is_read") else { return };
    for export in EXPORTS {
        let path = folder.join(export);
        let path = path.to_str().unwrap();
        let counted = Command::new("python3").arg(root().join("tests/oracle/count_messages.py")).arg(path).output().unwrap();
        assert!(counted.status.success(), "{}", String::from_utf8_lossy(&counted.stderr));
        let counted: Value = serde_json::from_slice(&counted.stdout).unwrap();
        let output = evenhand(&["report", path, "--format", "json", "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let messages = &report["messages"];
        assert_eq!(messages["read"], counted["messages"], "{export}");
        let removed: u64 = messages["removed"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(messages["read"].as_u64().unwrap(), messages["kept"].as_u64().unwrap() + removed, "{export}");
        eprintln!("{export}: {messages}");
    }
}

/// Chats, mostly fixtures, many of them private.
const CHATS: [&str; 22] = [
    "discord/dce-server-channel.json",
    "discord/dce-direct-message.json",
    "telegram/personal-chat.json",
    "telegram/innerdvations/bot.json",
    "telegram/innerdvations/private_group.json",
    "telegram/innerdvations/public_supergroup.json",
    "telegram/innerdvations/users_test.json",
    "teams/TeamsDataExport",
    "mattermost/export-two-teams.jsonl",
    "zulip/lean-community",
    "jsonl/clojurians-2018-02-03.rtm.jsonl",
    "irc/ubuntu-2008-04-27.log",
    "irc/channel-two.log",
    "irc/duraspace-2012-06-20.html.log",
    "irc/ltsp",
    "whatsapp/chat-analytics-4A_11M.txt",
    "whatsapp/chat-analytics-4A_11M.zip",
    "whatsapp/rwhatsapp-sample.txt",
    "whatsapp/whatstk-pokemon.txt",
    "whatsapp/chat-miner/test_ddmmyy_24hrs.txt",
    "whatsapp/chat-miner/test_mmddyy_24hrs.txt",
    "whatsapp/chat-miner/test_yyyymmdd_24hrs.txt",
];

#[test]
fn every_message_of_a_persons_in_a_chat_is_kept_when_private_ones_are_wanted() {
    let Some(folder) = corpora("every_message_of_a_persons_in_a_chat_is_kept") else { return };
    for export in CHATS {
        let path = folder.join(export);
        let path = path.to_str().unwrap();
        let counted = Command::new("python3").arg(root().join("tests/oracle/count_messages.py")).arg(path).output().unwrap();
        assert!(counted.status.success(), "{}", String::from_utf8_lossy(&counted.stderr));
        let counted: Value = serde_json::from_slice(&counted.stdout).unwrap();
        let output = evenhand(&["report", path, "--format", "json", "--quiet", "--include", "private,direct", "--date-order", "day-first"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let messages = &report["messages"];
        assert_eq!(messages["read"], counted["messages"], "{export}");
        let removed = |reason: &str| messages["removed"][reason].as_u64().unwrap_or(0);
        // Some people write Greek or Spanish into an English channel.
        let repeated_or_foreign = removed("duplicate_message") + removed("other_language");
        assert_eq!(messages["kept"].as_u64().unwrap() + repeated_or_foreign, counted["people"].as_u64().unwrap(), "{export}");
        eprintln!("{export}: {messages}");
    }
}

#[test]
fn no_report_of_a_real_export_names_a_person() {
    let Some(folder) = corpora("no_report_of_a_real_export_names_a_person") else { return };
    let path = folder.join("enron/maildir");
    for format in ["terminal", "markdown", "csv", "json"] {
        let output = evenhand(&["report", path.to_str().unwrap(), "--format", format, "--quiet"]);
        let text = String::from_utf8(output.stdout).unwrap().to_lowercase();
        for person in ["phillip", "allen-p", "arora", "@enron.com", "p:"] {
            let holds = text.match_indices(person).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric));
            assert!(!holds, "{format} holds {person}");
        }
    }
}
