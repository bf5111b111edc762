//! HTML of mails and chats → plain text without the stretches that its markup says are not newly written: quotes, code, signatures,
//! mentions.
//!
//! One pass over the tokens, no tree: a stretch to leave out ends where the tags of its own name balance, so that the time is linear in
//! the input however it is nested, and unclosed tags of other names cannot lengthen it.

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use crate::message::{Reason, RemovedText};

/// Ends of lines and paragraphs become line feeds, cells tabs, entities characters; what was left out is counted in characters.
#[must_use]
pub fn to_text(html: &str) -> (String, RemovedText) {
    let mut page = Page::default();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        page.event(&event);
        None
    });
    // Without this the tokenizer would take the text of scripts and styles for markup.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).for_each(drop);
    (page.text, page.removed)
}

/// The same text, with the place of every word: pairs of a byte of the text and the byte of the document where it stands, both rising. Between
/// two pairs the bytes are the same in both.
#[must_use]
pub fn to_text_with_places(html: &str) -> (String, Vec<(usize, usize)>) {
    // The tokenizer passes over carriage returns without counting them.
    let html = html.replace('\r', " ");
    let mut page = Page { words: Some(Vec::new()), ..Page::default() };
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
        page.event(&event);
        let words = page.words.as_mut().map(std::mem::take).unwrap_or_default();
        if let (CallbackEvent::String { value }, false) = (event, words.is_empty()) {
            let raw = html.get(span.start..span.end).unwrap_or_default();
            for (at, (word, from)) in words.into_iter().zip(raw_words(&String::from_utf8_lossy(value), raw)) {
                // What was written before may have been taken back.
                places.truncate(places.partition_point(|&(earlier, _)| earlier < at));
                places.extend(word.into_iter().map(|(offset, raw)| (at + offset, span.start + from + raw)));
            }
        }
        None
    });
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html.as_str(), emitter).for_each(drop);
    places.truncate(places.partition_point(|&(at, _)| at < page.text.len()));
    (page.text, places)
}

/// For every word of a decoded text where it begins in the text as it was written, and the places of its bytes there, from where on they differ.
fn raw_words(text: &str, raw: &str) -> Vec<(Vec<(usize, usize)>, usize)> {
    let mut at = 0;
    let place = |word: &str| {
        while let Some(length) = blank_length(&raw[at..]) {
            at += length;
        }
        let from = at;
        let mut places = vec![(0, 0)];
        for (offset, _) in word.char_indices() {
            let (text_before, raw_before) = places[places.len() - 1];
            if offset - text_before != at - from - raw_before {
                places.push((offset, at - from));
            }
            at += match reference_length(&raw[at..]) {
                0 => raw[at..].chars().next().map_or(0, char::len_utf8),
                length => length,
            };
        }
        (places, from)
    };
    text.split_whitespace().map(place).collect()
}

/// The length of the white space that a raw text begins with, one character or reference of it.
fn blank_length(raw: &str) -> Option<usize> {
    const BLANKS: [&str; 9] = ["&nbsp;", "&#160;", "&#xa0;", "&#32;", "&#x20;", "&ensp;", "&emsp;", "&thinsp;", "&newline;"];
    let length = reference_length(raw);
    if length > 0 {
        return BLANKS.contains(&raw[..length].to_ascii_lowercase().as_str()).then_some(length);
    }
    raw.chars().next().filter(|c| c.is_whitespace()).map(char::len_utf8)
}

/// The length of the character reference that a raw text begins with, or 0.
fn reference_length(raw: &str) -> usize {
    let Some(rest) = raw.strip_prefix('&') else { return 0 };
    let length = rest.bytes().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    if length > 0 && rest.as_bytes().get(length) == Some(&b';') { length + 2 } else { 0 }
}

/// The charset that a document names itself (`<meta charset=…>`, or inside `content="text/html; charset=…"`), in its first 4 KiB.
#[must_use]
pub fn charset(html: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&html[..html.len().min(4096)]).to_ascii_lowercase();
    head.split("<meta").skip(1).find_map(|tag| {
        let tag = tag.split('>').next().unwrap_or_default();
        let after = tag.split("charset").nth(1)?.trim_start().strip_prefix('=')?;
        let label = after.trim_start_matches([' ', '"', '\'']);
        let label = label.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/')).next().unwrap_or_default();
        // A document whose bytes spell ASCII letters is in no charset of two bytes, whatever it says.
        (!label.is_empty() && !label.starts_with("utf-16")).then(|| label.to_owned())
    })
}

/// What has been rendered, and what must be known of the tags before to go on.
#[derive(Default)]
struct Page {
    text: String,
    /// Where the words of the last event begin in the text, if that is asked for.
    words: Option<Vec<usize>>,
    removed: RemovedText,
    gap: Gap,
    list_item: bool,
    tag: Tag,
    left_out: Option<LeftOut>,
    bold: usize,
    /// A rule has been drawn and nothing been written since: a bold `From:` would begin a quoted mail.
    after_rule: bool,
    /// Where a paragraph begins that opens with a name nobody is notified of: Zulip puts it above what is quoted.
    attribution: Option<usize>,
}

/// The white space due before the next word, the strongest wanted so far.
#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Blank,
    Cell,
    Line,
    Paragraph,
}

/// A start tag with the attributes that matter here.
#[derive(Default)]
struct Tag {
    name: Vec<u8>,
    attribute: Attribute,
    class: String,
    id: String,
    style: String,
}

#[derive(Default, Clone, Copy)]
enum Attribute {
    Class,
    Id,
    Style,
    #[default]
    Other,
}

/// A stretch that is left out until its tag is closed.
struct LeftOut {
    /// Its tag; none when it runs to the end of the document.
    name: Option<Vec<u8>>,
    open: usize,
    /// Why; none for what no reader of the mail sees either.
    reason: Option<Reason>,
}

impl Page {
    fn event(&mut self, event: &CallbackEvent<'_>) {
        match *event {
            CallbackEvent::OpenStartTag { name } => self.tag.open(name),
            CallbackEvent::AttributeName { name } => self.tag.attribute = Attribute::of(name),
            CallbackEvent::AttributeValue { value } => self.tag.set(value),
            CallbackEvent::CloseStartTag { self_closing } => self.start(self_closing),
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } => self.write(&String::from_utf8_lossy(value)),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }

    fn start(&mut self, self_closing: bool) {
        let tag = std::mem::take(&mut self.tag);
        self.start_tag(&tag, self_closing);
        self.tag = tag;
    }

    fn start_tag(&mut self, tag: &Tag, self_closing: bool) {
        let name = tag.name.as_slice();
        if let Some(left_out) = &mut self.left_out {
            // A paragraph needs no end tag, and `<body>` ends a head that was never closed.
            let ended = match left_out.name.as_deref() {
                Some(b"p") => gap_around(name) >= Gap::Line,
                Some(b"head") => name == b"body",
                Some(_) | None => false,
            };
            if !ended {
                left_out.open += usize::from(left_out.name.as_deref() == Some(name));
                return;
            }
            self.left_out = None;
        }
        self.want(gap_around(name));
        match name {
            b"br" => self.gap = if self.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line },
            b"li" => self.list_item = true,
            b"b" | b"strong" => self.bold += 1,
            b"hr" => self.after_rule = true,
            _ => self.after_rule |= tag.style.contains("border-top") && tag.style.contains("solid"),
        }
        if let Some((reason, to_the_end)) = tag.left_out() {
            let has_end = !(is_void(name) || self_closing && name.contains(&b':'));
            if to_the_end || has_end {
                if tag.is_silent_mention() {
                    self.attribution = (self.text.is_empty() || self.gap >= Gap::Line).then_some(self.text.len());
                } else if name == b"blockquote" {
                    self.drop_attribution();
                }
                self.left_out = Some(LeftOut { name: (!to_the_end).then(|| name.to_vec()), open: 1, reason });
            }
        }
    }

    fn end(&mut self, name: &[u8]) {
        if let Some(left_out) = &mut self.left_out {
            if left_out.name.as_deref() != Some(name) {
                return;
            }
            left_out.open -= 1;
            if left_out.open > 0 {
                return;
            }
            // Words on both sides of what was left out must not become one.
            self.left_out = None;
            self.want(Gap::Blank);
        }
        match name {
            b"b" | b"strong" => self.bold = self.bold.saturating_sub(1),
            b"li" => self.list_item = false,
            _ => {}
        }
        self.want(gap_around(name));
    }

    /// Leaves out "said:" between a name and what is quoted from it.
    fn drop_attribution(&mut self) {
        let Some(from) = self.attribution.take() else { return };
        let words = self.text[from..].trim();
        if !words.contains('\n') {
            self.removed.add(Reason::QuotedReply, words.chars().count() as u64);
            self.text.truncate(from);
        }
    }

    fn write(&mut self, text: &str) {
        if self.after_rule && self.left_out.is_none() && !text.trim().is_empty() {
            self.after_rule = false;
            if self.bold > 0 && begins_quoted_mail(text.trim()) {
                self.left_out = Some(LeftOut { name: None, open: 1, reason: Some(Reason::QuotedReply) });
            }
        }
        if let Some(left_out) = &self.left_out {
            if let Some(reason) = left_out.reason {
                let n = text.split_whitespace().map(|word| word.chars().count() as u64 + 1).sum::<u64>();
                self.removed.add(reason, n.saturating_sub(1));
            }
            return;
        }
        if text.starts_with(char::is_whitespace) {
            self.want(Gap::Blank);
        }
        for word in text.split_whitespace() {
            self.separate();
            if let Some(words) = &mut self.words {
                words.push(self.text.len());
            }
            self.text.push_str(word);
            self.gap = Gap::Blank;
        }
        if !text.ends_with(char::is_whitespace) && !text.is_empty() {
            self.gap = Gap::None;
        }
    }

    fn want(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn separate(&mut self) {
        if !self.text.is_empty() {
            self.text.push_str(match self.gap {
                Gap::None => "",
                Gap::Blank => " ",
                Gap::Cell => "\t",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        // The mark keeps items apart for whoever joins hard-wrapped lines later.
        if std::mem::take(&mut self.list_item) {
            self.text.push_str("- ");
        }
    }
}

impl Tag {
    fn open(&mut self, name: &[u8]) {
        self.name.clear();
        self.name.extend_from_slice(name);
        self.class.clear();
        self.id.clear();
        self.style.clear();
    }

    fn set(&mut self, value: &[u8]) {
        let text = String::from_utf8_lossy(value);
        match self.attribute {
            Attribute::Class => self.class = text.into_owned(),
            Attribute::Id => self.id = text.to_ascii_lowercase(),
            Attribute::Style => self.style = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase(),
            Attribute::Other => {}
        }
    }

    /// Why the element is left out, if it is, and whether everything after it is too.
    fn left_out(&self) -> Option<(Option<Reason>, bool)> {
        let name = self.name.as_slice();
        if matches!(
            name,
            b"head" | b"title" | b"style" | b"script" | b"noscript" | b"iframe" | b"noembed" | b"noframe" | b"textarea" | b"xml" | b"svg"
        ) || self.style.contains("display:none")
        {
            return Some((None, false));
        }
        // Clients put a prefix before a class or an id when they quote each other (`x_divRplyFwdMsg`).
        let id = self.id.strip_prefix("x_").unwrap_or(&self.id);
        if matches!(id, "divrplyfwdmsg" | "appendonsend" | "stopspelling") {
            return Some((Some(Reason::QuotedReply), true));
        }
        let has = |wanted: &[&str]| self.class.split_ascii_whitespace().any(|class| wanted.contains(&class));
        if has(&["gmail_signature", "moz-signature"]) {
            return Some((Some(Reason::Signature), false));
        }
        if name == b"blockquote"
            || id == "olk_src_body_section"
            || has(&["gmail_quote", "gmail_quote_container", "gmail_attr", "moz-cite-prefix", "yahoo_quoted"])
        {
            return Some((Some(Reason::QuotedReply), false));
        }
        if matches!(name, b"pre" | b"code" | b"codeblock") || has(&["codehilite", "katex"]) {
            return Some((Some(Reason::Code), false));
        }
        if name == b"at"
            || has(&["user-mention", "user-group-mention", "topic-mention", "emoji"])
            || name == b"a" && has(&["stream", "stream-topic", "message-link"])
        {
            return Some((Some(Reason::Address), false));
        }
        // What a link leads to, as Zulip shows it.
        has(&["message_embed", "twitter-tweet"]).then_some((Some(Reason::Forwarded), false))
    }

    fn is_silent_mention(&self) -> bool {
        self.class.starts_with("user-mention") && self.class.split_ascii_whitespace().any(|class| class == "silent")
    }
}

impl Attribute {
    fn of(name: &[u8]) -> Self {
        match name {
            b"class" => Self::Class,
            b"id" => Self::Id,
            b"style" => Self::Style,
            _ => Self::Other,
        }
    }
}

/// The white space that an element puts before and after itself.
fn gap_around(name: &[u8]) -> Gap {
    match name {
        b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"blockquote" | b"pre" | b"hr" | b"table" => Gap::Paragraph,
        b"div" | b"li" | b"ul" | b"ol" | b"dl" | b"dt" | b"dd" | b"tr" | b"caption" | b"section" | b"article" | b"header" | b"footer"
        | b"aside" | b"main" | b"nav" | b"address" | b"center" | b"fieldset" | b"form" | b"figure" | b"figcaption" | b"body"
        | b"option" => Gap::Line,
        b"td" | b"th" => Gap::Cell,
        b"img" | b"input" | b"code" => Gap::Blank,
        _ => Gap::None,
    }
}

fn is_void(name: &[u8]) -> bool {
    matches!(name, b"br" | b"hr" | b"img" | b"input" | b"meta" | b"link" | b"base" | b"area" | b"col" | b"embed" | b"source" | b"wbr")
}

/// Whether a bold text right below a rule is the first line of the header of a quoted mail.
fn begins_quoted_mail(text: &str) -> bool {
    let (word, rest) = text.split_at(text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len()));
    let names_sender = matches!(word, "From" | "Von" | "De" | "Da" | "Van" | "Från" | "Fra" | "Od" | "От");
    names_sender && (rest.is_empty() || rest.trim_start().starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        to_text(html).0
    }

    fn removed(html: &str, reason: Reason) -> u64 {
        to_text(html).1.get(reason)
    }

    #[test]
    fn a_document_may_name_its_charset() {
        assert_eq!(charset(b"<html><META CHARSET='KOI8-R'>").as_deref(), Some("koi8-r"));
        let equivalent = br#"<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">"#;
        assert_eq!(charset(equivalent).as_deref(), Some("iso-8859-2"));
        assert_eq!((charset(b"<meta name=charset>"), charset(b"<meta charset=utf-16>"), charset(b"charset=x")), (None, None, None));
    }

    #[test]
    fn paragraphs_are_set_apart_and_soft_breaks_become_blanks() {
        assert_eq!(text("<p>One\n  line.</p>\n<p>Two</p>"), "One line.\n\nTwo");
        assert_eq!(text("<div>a</div><div><br></div><div>b<br>c</div>"), "a\n\nb\nc");
    }

    #[test]
    fn words_keep_together_over_inline_tags_and_apart_over_cells_and_items() {
        assert_eq!(text("un<b>like</b>ly <i>so</i>"), "unlikely so");
        assert_eq!(text("<table><tr><td>a b</td><td>one</td></tr><tr><td>two</td></tr></table>"), "a b\tone\ntwo");
        assert_eq!(text("<ul><li>one<li>two</li></ul>end"), "- one\n- two\nend");
    }

    #[test]
    fn every_word_knows_its_place_in_the_document() {
        let html = "<p>A&nbsp;caf&eacute;s<br>\r\n <!-- no -->“b” <b>&lt;c&gt;d</b><blockquote>q</blockquote> e</p>";
        let (text, places) = to_text_with_places(html);
        assert_eq!(text, "A cafés\n“b” <c>d\n\ne");
        assert_eq!(text, to_text(html).0);
        let place = |part: &str| {
            let at = text.find(part).unwrap();
            let (before, raw) = places[places.partition_point(|&(start, _)| start <= at) - 1];
            raw + at - before
        };
        for (part, raw) in
            [("A", "A&"), ("cafés", "caf&"), ("s\n", "s<br>"), ("“b”", "“b”"), ("c>", "c&gt;"), ("d", "d</b>"), ("e", "e</p>")]
        {
            assert_eq!(place(part), html.find(raw).unwrap(), "{part}");
        }
    }

    #[test]
    fn entities_are_decoded_once_and_hard_blanks_are_blanks() {
        assert_eq!(text("A &amp; B&nbsp;C &amp;lt; &eacute;"), "A & B C &lt; é");
    }

    #[test]
    fn what_nobody_sees_is_dropped() {
        let html = "<html><head><title>T</title><style>p{}</style></head><body><!-- c --><script>if (a<b) {}</script>\
                    <span style=\"DISPLAY: none\">preview</span>seen<img alt=x></body></html>";
        assert_eq!(text(html), "seen");
        assert_eq!(text("<head><meta x><body>seen"), "seen");
        assert_eq!(text("<p style='display:none'>no<p>yes"), "yes");
    }

    #[test]
    fn quotes_are_counted_and_left_out() {
        let html = "mine<blockquote>theirs <blockquote>deep</blockquote> too</blockquote>more";
        assert_eq!(text(html), "mine\n\nmore");
        assert_eq!(removed(html, Reason::QuotedReply), 13);
        for quote in ["class=\"gmail_quote gmail_quote_container\"", "class=gmail_attr", "class=moz-cite-prefix", "class=yahoo_quoted"] {
            assert_eq!(text(&format!("<div>mine</div><div {quote}>On Monday<div>x</div></div>end")), "mine\nend");
        }
        assert_eq!(text("mine<span id=OLK_SRC_BODY_SECTION>old</span> end"), "mine end");
    }

    #[test]
    fn everything_after_an_outlook_mark_is_quoted() {
        assert_eq!(text("mine<div id=appendonsend></div><div>old</div>"), "mine");
        assert_eq!(text("mine<hr><div id='x_divRplyFwdMsg'><b>From:</b> A</div><p>old</p>"), "mine");
        assert_eq!(text("mine<hr><p><b><span>Von:</span></b> A</p><p>old</p>"), "mine");
        assert_eq!(text("mine<div style='border:none; border-top: solid #E1E1E1 1.0pt'><p><b>From:</b> A</div>old"), "mine");
        assert_eq!(text("mine<div style='border-top-style: solid'><b>De&nbsp;:</b> A</div>old"), "mine");
        assert_eq!(text("mine<hr><b>From the field:</b> still mine"), "mine\n\nFrom the field: still mine");
        assert_eq!(text("mine<hr>From: still mine"), "mine\n\nFrom: still mine");
    }

    #[test]
    fn code_and_signatures_have_their_own_reasons() {
        let html = "run <code>ls -l</code>now<pre>x = 1</pre><div class=gmail_signature>Ann</div>";
        assert_eq!(text(html), "run now");
        assert_eq!(removed(html, Reason::Code), 10);
        assert_eq!(removed(html, Reason::Signature), 3);
        assert_eq!(removed("<pre class=moz-signature>Bo</pre>", Reason::Signature), 2);
    }

    #[test]
    fn names_and_emoji_of_chats_are_no_words() {
        let html = "<p>ask <at id=0>Ann</at>&nbsp;<at id=1>Lee</at> or <span class=\"user-mention\">@Bo</span> \
                    <span class=\"emoji emoji-1\">:hero:</span> in <a class=\"stream\" href=x>#sales</a> now</p>";
        assert_eq!(text(html), "ask or in now");
        assert_eq!(removed(html, Reason::Address), 21);
        assert_eq!(text("so <codeblock>x = 1</codeblock><span class=\"katex\">x</span> it<div class=message_embed>title</div>"), "so it");
        assert_eq!(text("a<attachment id=1></attachment><emoji alt=x></emoji>b<systemEventMessage/>"), "ab");
    }

    #[test]
    fn the_line_that_names_whom_zulip_quotes_goes_with_the_quote() {
        let said = "<p><span class=\"user-mention silent\">Ann</span> <a href=x>said</a>:</p>\n";
        let html = format!("<p>so</p>{said}<blockquote>theirs</blockquote><p>mine</p>");
        assert_eq!(text(&html), "so\n\nmine");
        assert_eq!(removed(&html, Reason::QuotedReply), 11);
        assert_eq!(text(&format!("{said}<p>and</p><blockquote>theirs</blockquote>")), "said:\n\nand");
        assert_eq!(text("<p>but <span class=\"user-mention silent\">Ann</span> said:</p><blockquote>x</blockquote>"), "but said:");
    }

    #[test]
    fn hostile_nesting_is_read_in_linear_time() {
        let deep = format!("{}x{}", "<div>".repeat(100_000), "<blockquote>".repeat(100_000));
        let wide = format!("<p {}>y</p>", "a=1 ".repeat(100_000));
        let began = std::time::Instant::now();
        assert_eq!(text(&deep), "x");
        assert_eq!(text(&wide), "y");
        assert!(began.elapsed().as_secs() < 5);
    }
}
