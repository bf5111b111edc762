//! One message, as every source hands it on, and the reasons for which messages and stretches of text do not count.

use std::borrow::Cow;
use std::ops::AddAssign;

use jiff::Timestamp;

use crate::fault::Place;

/// Who or what wrote a message. Only `Person` is scored; the others are counted apart, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person's own message.
    Person,
    /// Not scored, for a reason that the source could see.
    Removed(Reason),
}

/// How a text is written, which decides how quotes, code, links and line ends are found in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// Plain mail text: hard-wrapped lines, `>` quotes, signatures.
    Mail,
    /// Slack's mrkdwn: `<@U1>`, `<http…|label>`, `&amp;`, `:emoji:`, fences; a line end ends a sentence.
    Slack,
    /// Markdown as chats write it (Discord, Mattermost, Zulip): `> ` quotes, fences, code spans, `<@1>`, `@**Ann**`, `:emoji:`; a line
    /// end ends a sentence.
    Markdown,
    /// Chat-like or table text without markup of its own: the end of a short line ends a sentence.
    Plain,
}

/// What a source says about a message's author; every key is lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author<'a> {
    /// Mail address.
    pub email: Option<Cow<'a, str>>,
    /// The source's id of the user (`u024be7lh`).
    pub id: Option<Cow<'a, str>>,
    /// The source's handle (`ann.lee`).
    pub handle: Option<Cow<'a, str>>,
    /// Display name as written; never joins two authors, only drafts a roster.
    pub name: Option<Cow<'a, str>>,
    /// Team as a mapped column says it; goes before the roster.
    pub team: Option<Cow<'a, str>>,
    /// Title, department or roles as the profile says them; only drafts a roster.
    pub title: Option<Cow<'a, str>>,
}

impl Author<'_> {
    /// The same, of its own.
    #[must_use]
    pub fn into_owned(self) -> Author<'static> {
        let own = |field: Option<Cow<'_, str>>| field.map(|text| Cow::Owned(text.into_owned()));
        let Self { email, id, handle, name, team, title } = self;
        Author { email: own(email), id: own(id), handle: own(handle), name: own(name), team: own(team), title: own(title) }
    }

    /// The key that tells this author from others: mail address, else id, else handle, else name.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        [&self.email, &self.id, &self.handle, &self.name].into_iter().find_map(|key| key.as_deref().filter(|key| !key.is_empty()))
    }
}

/// One post or mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<'a> {
    /// Where it lies.
    pub place: Place,
    /// The source's id of the message, unique within the source (Message-ID without `<>`, `channel/ts`); empty if there is none.
    pub id: Cow<'a, str>,
    /// Who wrote it.
    pub author: Author<'a>,
    /// When it was sent; `None` where the source does not say or says nonsense.
    pub sent_at: Option<Timestamp>,
    /// Channel or folder; empty if there is none.
    pub channel: Cow<'a, str>,
    /// Id of the thread's first message (Slack `channel/thread_ts`, mail: first of References), if it is in a thread.
    pub thread: Option<Cow<'a, str>>,
    /// Id of the message it answers (mail: In-Reply-To; Slack: the thread's first message), if it answers one.
    pub reply_to: Option<Cow<'a, str>>,
    /// Whether a person wrote it.
    pub kind: Kind,
    /// How `text` is written.
    pub markup: Markup,
    /// The text as written, decoded, before cleaning. For HTML-only mail the text rendered from it.
    pub text: Cow<'a, str>,
    /// Words that the source itself could tell are not the author's newly written ones and left out of `text`
    /// (HTML block quotes), as counts of characters.
    pub removed: RemovedText,
}

/// Why a message or a stretch of text does not count as somebody's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Reason {
    /// Text quoted from the message that is answered.
    QuotedReply,
    /// Somebody else's message, passed on.
    Forwarded,
    /// Signature.
    Signature,
    /// Greeting or closing formula with the name below it.
    Closing,
    /// Legal disclaimer.
    Disclaimer,
    /// Footer of a mailing list.
    ListFooter,
    /// Code, logs, patches, tables of numbers.
    Code,
    /// URL, mail address, path, mention, emoji code.
    Address,
    /// Automatic message: bulk, auto-submitted, invitation, delivery report, or one of an author who says the same again and again.
    Automatic,
    /// Bot or app.
    Bot,
    /// System message: joins, topics, pins.
    System,
    /// Deleted before the export.
    Deleted,
    /// Encrypted, so that there are no words to read.
    Encrypted,
    /// No author can be told.
    NoAuthor,
    /// Direct message, private channel, private folder.
    Private,
    /// Author of another company (guest of a shared channel).
    Guest,
    /// Same author, second and own words as a message already counted.
    DuplicateMessage,
    /// Same naming sentence by the same author as one already counted (a template).
    DuplicateTemplate,
    /// In another language than English, by an author who writes it again and again.
    OtherLanguage,
    /// Outside the period asked for.
    OutsidePeriod,
}

impl Reason {
    /// Every reason, in the order in which reports list them.
    pub const ALL: [Self; 20] = [
        Self::QuotedReply,
        Self::Forwarded,
        Self::Signature,
        Self::Closing,
        Self::Disclaimer,
        Self::ListFooter,
        Self::Code,
        Self::Address,
        Self::Automatic,
        Self::Bot,
        Self::System,
        Self::Deleted,
        Self::Encrypted,
        Self::NoAuthor,
        Self::Private,
        Self::Guest,
        Self::DuplicateMessage,
        Self::DuplicateTemplate,
        Self::OtherLanguage,
        Self::OutsidePeriod,
    ];

    /// The name in files (`quoted_reply`).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QuotedReply => "quoted_reply",
            Self::Forwarded => "forwarded",
            Self::Signature => "signature",
            Self::Closing => "closing",
            Self::Disclaimer => "disclaimer",
            Self::ListFooter => "list_footer",
            Self::Code => "code",
            Self::Address => "address",
            Self::Automatic => "automatic",
            Self::Bot => "bot",
            Self::System => "system",
            Self::Deleted => "deleted",
            Self::Encrypted => "encrypted",
            Self::NoAuthor => "no_author",
            Self::Private => "private",
            Self::Guest => "guest",
            Self::DuplicateMessage => "duplicate_message",
            Self::DuplicateTemplate => "duplicate_template",
            Self::OtherLanguage => "other_language",
            Self::OutsidePeriod => "outside_period",
        }
    }

    /// The reason with that name in files.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// How a report words it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::QuotedReply => "quoted replies",
            Self::Forwarded => "forwarded messages",
            Self::Signature => "signatures",
            Self::Closing => "greetings and closings",
            Self::Disclaimer => "disclaimers",
            Self::ListFooter => "list footers",
            Self::Code => "code and logs",
            Self::Address => "addresses, links and mentions",
            Self::Automatic => "automatic messages",
            Self::Bot => "bots and apps",
            Self::System => "system messages",
            Self::Deleted => "deleted messages",
            Self::Encrypted => "encrypted messages",
            Self::NoAuthor => "messages without an author",
            Self::Private => "direct and private messages",
            Self::Guest => "guests of other companies",
            Self::DuplicateMessage => "duplicate messages",
            Self::DuplicateTemplate => "repeated sentences (templates)",
            Self::OtherLanguage => "messages in other languages",
            Self::OutsidePeriod => "outside the period",
        }
    }
}

/// Counts by reason; adds up in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByReason([u64; Reason::ALL.len()]);

/// Characters of text taken out, by reason.
pub type RemovedText = ByReason;

impl ByReason {
    /// No count at all.
    pub const NONE: Self = Self([0; Reason::ALL.len()]);

    /// Adds `n` for a reason.
    pub fn add(&mut self, reason: Reason, n: u64) {
        self.0[reason as usize] += n;
    }

    /// The count for a reason.
    #[must_use]
    pub fn get(&self, reason: Reason) -> u64 {
        self.0[reason as usize]
    }

    /// What was added since an earlier state of the same counts.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let mut difference = *self;
        for (now, n) in difference.0.iter_mut().zip(before.0) {
            *now -= n;
        }
        difference
    }

    /// The sum over all reasons.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Reasons with a count above zero, in the order of [`Reason::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Reason, u64)> + '_ {
        Reason::ALL.into_iter().map(|reason| (reason, self.get(reason))).filter(|&(_, n)| n > 0)
    }
}

impl AddAssign<&Self> for ByReason {
    fn add_assign(&mut self, other: &Self) {
        for (sum, n) in self.0.iter_mut().zip(other.0) {
            *sum += n;
        }
    }
}
