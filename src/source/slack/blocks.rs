//! `rich_text` blocks → the same words in Slack's markup, for messages whose `text` is empty.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Blocks {
    #[serde(default)]
    blocks: Value,
}

/// The words of a record's `rich_text` blocks; empty if there are none.
pub(super) fn words(record: &str) -> String {
    let Ok(Blocks { blocks }) = serde_json::from_str(record) else { return String::new() };
    let parts = items(Some(&blocks))
        .filter(|block| kind(block) == "rich_text")
        .flat_map(|block| items(block.get("elements")))
        .map(part)
        .filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("\n")
}

/// A section, list, quote or code block.
fn part(element: &Value) -> String {
    match kind(element) {
        "rich_text_section" => inline(element),
        "rich_text_list" => items(element.get("elements")).map(inline).collect::<Vec<_>>().join("\n"),
        "rich_text_quote" => inline(element).lines().map(|line| format!("&gt; {line}")).collect::<Vec<_>>().join("\n"),
        "rich_text_preformatted" => format!("```\n{}\n```", inline(element)),
        _ => String::new(),
    }
}

fn inline(section: &Value) -> String {
    items(section.get("elements")).map(token).collect()
}

fn token(element: &Value) -> String {
    let field = |name: &str| element.get(name).and_then(Value::as_str).unwrap_or_default();
    match kind(element) {
        "text" => {
            let text = escape(field("text"));
            if element.pointer("/style/code") == Some(&Value::Bool(true)) { format!("`{text}`") } else { text }
        }
        "link" => match field("text") {
            "" => format!("<{}>", field("url")),
            label => format!("<{}|{}>", field("url"), escape(label)),
        },
        "user" => format!("<@{}>", field("user_id")),
        "usergroup" => format!("<!subteam^{}>", field("usergroup_id")),
        "channel" => format!("<#{}>", field("channel_id")),
        "broadcast" => format!("<!{}>", field("range")),
        "emoji" => format!(":{}:", field("name")),
        "date" => escape(field("fallback")),
        _ => String::new(),
    }
}

fn items(array: Option<&Value>) -> impl Iterator<Item = &Value> {
    array.and_then(Value::as_array).into_iter().flatten()
}

fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// Blocks hold plain characters where `text` holds entities.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_the_markup_that_text_would_have() {
        let record = r#"{"blocks":[{"type":"divider"},{"type":"rich_text","elements":[
            {"type":"rich_text_section","elements":[{"type":"text","text":"a < b "},{"type":"user","user_id":"U1"},{"type":"emoji","name":"tada"},
              {"type":"link","url":"http://x.example"},{"type":"link","url":"http://x.example","text":"R&D"},{"type":"text","text":"f()","style":{"code":true}}]},
            {"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},{"type":"rich_text_section","elements":[{"type":"broadcast","range":"here"}]}]},
            {"type":"rich_text_quote","elements":[{"type":"text","text":"said\nso"}]},
            {"type":"rich_text_preformatted","elements":[{"type":"text","text":"x = 1"}]}]}]}"#;
        assert_eq!(
            words(record),
            "a &lt; b <@U1>:tada:<http://x.example><http://x.example|R&amp;D>`f()`\none\n<!here>\n&gt; said\n&gt; so\n```\nx = 1\n```"
        );
    }

    #[test]
    fn other_blocks_and_wrong_types_give_no_words() {
        for record in [
            "{}",
            r#"{"blocks":null}"#,
            r#"{"blocks":[{"type":"section","text":"x"},7]}"#,
            r#"{"blocks":{"type":"rich_text","elements":7}}"#,
        ] {
            assert_eq!(words(record), "");
        }
    }
}
