//! The inflected forms of a word, for `word~`: our own small table, because stemmers join what must stay apart (kindness and kind).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Irregular words with their other forms.
const IRREGULAR: &str = "be is are was were am been being\nhave has had having\ndo does did done doing\ngo goes went gone going\nsit sits sat sitting\n\
    hide hides hid hidden hiding\nfight fights fought fighting\nwin wins won winning\nbring brings brought bringing\nkeep keeps kept keeping\n\
    hold holds held holding\nknow knows knew known knowing\nsee sees saw seen seeing\nmeet meets met meeting\nspeak speaks spoke spoken speaking\n\
    make makes made making\ntake takes took taken taking\nget gets got gotten getting\ngive gives gave given giving\nsell sells sold selling\n\
    build builds built building\nwrite writes wrote written writing\ndraw draws drew drawn drawing\nthink thinks thought thinking\n\
    feed feeds fed feeding\npay pays paid paying\nrun runs ran running\nride rides rode ridden riding\ncome comes came coming\n\
    fall falls fell fallen falling\nsink sinks sank sunk sinking\nblow blows blew blown blowing\nburn burns burned burnt burning\n\
    throw throws threw thrown throwing\nspend spends spent spending\nlose loses lost losing\nbreak breaks broke broken breaking\n\
    drive drives drove driven driving\neat eats ate eaten eating\nbleed bleeds bled bleeding\nslay slays slew slain slayed slaying\n\
    bear bears bore borne bearing\nstand stands stood standing\ntell tells told telling\nsay says said saying\nfeel feels felt feeling\n\
    find finds found finding\nleave leaves left leaving\nlead leads led leading\nteach teaches taught teaching\nshake shakes shook shaken shaking\n\
    wear wears wore worn wearing\nhear hears heard hearing\nunderstand understands understood understanding\ncatch catches caught catching\n\
    buy buys bought buying\nset sets setting\ncut cuts cutting\nput puts putting\nlet lets letting\nhit hits hitting\ncost costs costing\n\
    shut shuts shutting\nforget forgets forgot forgotten forgetting\nswim swims swam swum swimming\nfly flies flew flown flying\n\
    rise rises rose risen rising\nshoot shoots shot shooting\ndig digs dug digging\nstick sticks stuck sticking\ndie dies died dying\n\
    lie lies lied lying\nsleep sleeps slept sleeping\ndream dreams dreamed dreamt dreaming\nwake wakes woke woken waking\n\
    swing swings swung swinging\ndwell dwells dwelt dwelled dwelling\nbegin begins began begun beginning\nspin spins spun spinning\n\
    steal steals stole stolen stealing\nbite bites bit bitten biting\nbeat beats beaten beating\nchoose chooses chose chosen choosing\n\
    grow grows grew grown growing\nshow shows showed shown showing\nsplit splits splitting\nquit quits quitting\nsend sends sent sending\n\
    lend lends lent lending\nlearn learns learned learnt learning\nread reads reading\nspill spills spilled spilt spilling\n\
    sing sings sang sung singing\nring rings rang rung ringing\ndrink drinks drank drunk drinking\nhang hangs hung hanged hanging\n\
    lay lays laid laying\ncreep creeps crept creeping\nsweep sweeps swept sweeping\nweep weeps wept weeping\nfreeze freezes froze frozen freezing\n\
    tear tears tore torn tearing\nswear swears swore sworn swearing\nshine shines shone shining\nstrike strikes struck striking\n\
    cling clings clung clinging\nfling flings flung flinging\nsting stings stung stinging\nseek seeks sought seeking\nforgive forgives forgave forgiven forgiving\n\
    overpromise overpromises overpromised overpromising\nvisit visits visited visiting\nanswer answers answered answering\nlisten listens listened listening\n\
    offer offers offered offering\nhappen happens happened happening\nopen opens opened opening\nenter enters entered entering\nhover hovers hovered hovering\n\
    deliver delivers delivered delivering\nponder ponders pondered pondering\nwander wanders wandered wandering\nsuffer suffers suffered suffering\n\
    tinker tinkers tinkered tinkering\ntravel travels traveled travelled traveling travelling\ncancel cancels canceled cancelled cancelling canceling\n\
    hero heroes\nwolf wolves\nwoman women\nman men\nperson people persons\nwife wives\nlife lives\nchild children\nmouse mice\nthief thieves\nknife knives\n\
    half halves\nloaf loaves\nself selves\nfoot feet\ntooth teeth\ngoose geese\nox oxen";

/// All forms of a word, itself first: noun and verb endings alike, since a form that does not exist matches nothing.
pub(in crate::lexicon) fn inflect(word: &str) -> Vec<String> {
    static KNOWN: LazyLock<FxHashMap<&str, &str>> =
        LazyLock::new(|| IRREGULAR.lines().filter_map(|line| Some((line.split(' ').next()?, line))).collect());
    if let Some(line) = KNOWN.get(word) {
        return line.split(' ').map(str::to_owned).collect();
    }
    let mut forms = vec![word.to_owned()];
    let is_vowel = |letter: Option<u8>| letter.is_some_and(|letter| b"aeiou".contains(&letter));
    let bytes = word.as_bytes();
    let before_last = bytes.len().checked_sub(2).map(|at| bytes[at]);
    let consonant_y = word.ends_with('y') && !is_vowel(before_last);
    let head = &word[..word.len() - word.chars().last().map_or(0, char::len_utf8)];
    if consonant_y {
        forms.extend([format!("{head}ies"), format!("{head}ied"), format!("{word}ing")]);
    } else if word.ends_with('e') {
        forms.extend([format!("{word}s"), format!("{word}d"), format!("{head}ing")]);
    } else {
        let sibilant = ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end));
        forms.extend([format!("{word}{}", if sibilant { "es" } else { "s" }), format!("{word}ed"), format!("{word}ing")]);
        if doubles(bytes) {
            let last = &word[word.len() - 1..];
            forms.extend([format!("{word}{last}ed"), format!("{word}{last}ing")]);
        }
    }
    forms
}

/// Whether a short word's last consonant doubles before -ed and -ing: one vowel before it, one consonant at the end (plan, planned).
fn doubles(word: &[u8]) -> bool {
    let is_vowel = |letter: u8| b"aeiou".contains(&letter);
    match word {
        [.., before, vowel, last] => {
            word.len() <= 6 && !is_vowel(*before) && is_vowel(*vowel) && b"bdgklmnprt".contains(last) && !word.ends_with(b"en")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_and_irregular_words_bend() {
        for (word, forms) in [
            ("carry", vec!["carry", "carries", "carried", "carrying"]),
            ("save", vec!["save", "saves", "saved", "saving"]),
            ("plan", vec!["plan", "plans", "planed", "planing", "planned", "planning"]),
            ("rescue", vec!["rescue", "rescues", "rescued", "rescuing"]),
            ("wolf", vec!["wolf", "wolves"]),
            ("crush", vec!["crush", "crushes", "crushed", "crushing"]),
        ] {
            assert_eq!(inflect(word), forms);
        }
    }
}
