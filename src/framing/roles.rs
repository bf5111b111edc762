//! Function words that framing rules look for.

use crate::token::{Vocabulary, Word};

/// What a function word does for framing. A word may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Role {
    /// Undoes what follows.
    Negator = 1,
    /// After a negator: takes the negation back.
    OnlyJust = 1 << 1,
    /// Ends a negation's reach.
    But = 1 << 2,
    /// "we": the speaker's team as subject; "us" is an object and mostly the whole company.
    We = 1 << 3,
    /// "our", "my": before "team", the speaker's team.
    Our = 1 << 4,
    /// "team", "people": after "our", the speaker's team.
    TeamNoun = 1 << 5,
    /// "they", "them": the group named last.
    They = 1 << 6,
    /// Joins two names on equal terms.
    And = 1 << 7,
    /// Opens the standard of a comparison.
    Than = 1 << 8,
    /// A person: role nouns and personal pronouns.
    Person = 1 << 9,
    /// "both", "all": "we both" is more than the speaker's team.
    Both = 1 << 10,
    /// "to", "for": what follows is given something, not described.
    Towards = 1 << 11,
    /// Undoes as a subject, from further off.
    Nobody = 1 << 12,
    /// A verb of saying or thinking.
    Says = 1 << 13,
    /// "I", "we": who says so stands behind it.
    Writer = 1 << 14,
    /// "supposedly", "so-called": the writer stands off.
    Supposedly = 1 << 15,
    /// "in", "from": a name right behind is where the people before it work.
    Place = 1 << 16,
    /// "I" as the subject of a new clause: what follows is the writer's own again.
    I = 1 << 17,
    /// "own": behind "our", the speaker's team.
    Own = 1 << 18,
    /// "ours": the speaker's team.
    Ours = 1 << 19,
    /// "the": between names that are enumerated.
    Article = 1 << 20,
    /// "with": before the partner of work in common.
    With = 1 << 21,
    /// "need", "hire": whoever follows is to join.
    Wanted = 1 << 22,
    /// "new": whoever follows has just joined.
    New = 1 << 23,
    /// "send", "put": whoever follows is given work.
    Send = 1 << 24,
    /// "he", "her": somebody told before.
    HeOrShe = 1 << 25,
    /// "is", "has", "never": behind the subject of a sentence.
    Finite = 1 << 26,
}

const WORDS: [(Role, &[&str]); 27] = [
    (
        Role::Negator,
        &[
            "not",
            "no",
            "nobody",
            "none",
            "neither",
            "nor",
            "never",
            "without",
            "hardly",
            "barely",
            "rarely",
            "nothing",
            "cannot",
            "can't",
            "don't",
            "doesn't",
            "didn't",
            "isn't",
            "aren't",
            "wasn't",
            "weren't",
            "won't",
            "wouldn't",
            "shouldn't",
            "couldn't",
            "haven't",
            "hasn't",
            "hadn't",
            "ain't",
            "avoid",
            "stop",
            "unlike",
            "instead",
        ],
    ),
    (Role::OnlyJust, &["only", "just", "merely", "simply"]),
    (Role::But, &["but"]),
    (Role::We, &["we"]),
    (Role::Our, &["our", "my"]),
    (Role::TeamNoun, &["team", "people", "department", "crew", "side", "guys", "lot", "colleagues", "folks", "squad"]),
    (Role::They, &["they", "them", "those", "their"]),
    (Role::And, &["and", "or", "plus", "n"]),
    (Role::Than, &["than", "like", "unlike"]),
    (
        Role::Person,
        &[
            "he",
            "she",
            "him",
            "her",
            "his",
            "who",
            "candidate",
            "candidates",
            "applicant",
            "applicants",
            "person",
            "people",
            "colleague",
            "colleagues",
            "manager",
            "managers",
            "director",
            "boss",
            "lead",
            "leader",
            "leaders",
            "man",
            "woman",
            "men",
            "women",
            "guy",
            "guys",
            "girl",
            "girls",
            "boy",
            "boys",
            "lady",
            "ladies",
            "someone",
            "somebody",
            "anyone",
            "intern",
            "interns",
            "trainee",
            "assistant",
            "hire",
            "hires",
            "employee",
            "employees",
            "staff",
            "member",
            "members",
            "analyst",
            "analysts",
            "rep",
            "reps",
            "engineer",
            "engineers",
            "developer",
            "developers",
            "designer",
            "designers",
            "consultant",
            "consultants",
            "you",
            "we",
            "they",
            "team",
        ],
    ),
    (Role::Both, &["both", "all"]),
    (Role::Towards, &["to", "for", "with", "by", "against"]),
    (Role::Nobody, &["nobody", "none", "neither"]),
    (
        Role::Says,
        &[
            "say",
            "says",
            "said",
            "claims",
            "claimed",
            "thinks",
            "thought",
            "believes",
            "believed",
            "calls",
            "called",
            "describes",
            "described",
            "insists",
            "insisted",
            "alleges",
            "alleged",
            "labels",
            "labelled",
            "accuses",
            "accused",
            "complains",
            "complained",
            "joked",
            "jokes",
            "reckons",
            "reckoned",
            "argues",
            "argued",
            "suggests",
            "suggested",
            "quips",
            "quipped",
            "shouted",
            "yelled",
        ],
    ),
    (Role::Writer, &["i", "we", "i'm"]),
    (Role::With, &["with", "w"]),
    (Role::Article, &["the", "our", "your", "their"]),
    (Role::I, &["i", "i'm"]),
    (Role::Own, &["own", "track"]),
    (Role::Ours, &["ours"]),
    (Role::Place, &["in", "from", "of", "at", "over"]),
    (
        Role::Wanted,
        &[
            "need",
            "needs",
            "want",
            "wanted",
            "looking",
            "seek",
            "seeking",
            "sought",
            "search",
            "hire",
            "hiring",
            "recruit",
            "recruiting",
            "backfill",
            "replacement",
            "successor",
            "vacancy",
            "opening",
            "applicant",
            "candidate",
            "profile",
            "ideal",
            "ideally",
            "preferably",
            "source",
        ],
    ),
    (Role::HeOrShe, &["he", "she", "him", "her", "his", "hers", "himself", "herself"]),
    (
        Role::Finite,
        &[
            "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "should", "might", "must", "never",
            "always", "still", "just", "isn't", "aren't", "wasn't", "weren't", "hasn't", "haven't", "hadn't", "won't", "wouldn't", "can't",
            "cannot", "couldn't", "don't", "doesn't", "didn't",
        ],
    ),
    (Role::New, &["new", "newest", "latest"]),
    (Role::Send, &["send", "put", "stick", "assign", "bring", "give", "get", "let", "pick"]),
    (Role::Supposedly, &["supposedly", "allegedly", "so-called", "apparently", "quote", "unquote"]),
];

/// Roles by word id.
pub(super) struct Roles(Vec<u32>);

impl Roles {
    /// Adds the words to the vocabulary and notes what each does.
    pub(super) fn intern(vocabulary: &mut Vocabulary) -> Self {
        let mut pairs = Vec::new();
        for (role, words) in WORDS {
            pairs.extend(words.iter().map(|word| (vocabulary.intern(word), role as u32)));
        }
        let mut roles = vec![0; vocabulary.n_word_ids()];
        for (word, role) in pairs {
            roles[word.0 as usize] |= role;
        }
        Self(roles)
    }

    /// Whether a word does this.
    pub(super) fn is(&self, word: Word, role: Role) -> bool {
        self.0[word.0 as usize] & role as u32 != 0
    }
}
