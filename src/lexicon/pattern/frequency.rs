//! How often words stand in what offices write, roughly: a pattern is asked for only where its rarest part stands.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::parse::is_function_word;

/// Words by how often they stand in 100,000 words of mail and chat at work, to a factor of two or so.
const BANDS: [(u32, &str); 5] = [
    (2000, "the to a and in of is for on i it you that we"),
    (600, "at from this with are have not as has be by if will was do can your but so my our all me up they an one please out there about"),
    (
        200,
        "what which more get any them now should here who some us no would just how when like been also had were or than want need back know \
        then after before only see could their other it's don't i'm i'll use time new day today week next team people work call help good \
        think go let make into over he his she her want going still same first last much even most these those why where",
    ),
    (
        80,
        "did does off again every each well way too very because between through until find say says said take give keep put try look looks \
        ask asked sent send thanks thank hi order customer customers sales marketing number name report test email mail meeting office \
        tomorrow monday tuesday wednesday thursday friday morning month year two three four end old another without few many must may might \
        things thing something anything nothing everyone someone nobody always never once down under while since yet both already sure \
        right free done made got gets went came come comes own we're that's can't i've he's doesn't didn't plan change problem question \
        questions list line file page",
    ),
    (
        40,
        "half full big long short late early left best better real true whole part side place point home top high low hard small great little \
        bit lot kind read write wrote says tell told talk talks talking show shows seen saw run runs running start started stop set leave \
        feel feels mean means moved move hold held bring brought turn turned pay paid buy sell sold cost costs money price budget deal deals \
        close closed open check note notes draft fix fixed issue issues job man men girl girls guy guys boss lead leads head hand hands \
        eye eyes floor desk door room house board field ground numbers figures data plans project product deck copy brand campaign quarter \
        minutes hours days weeks months years night ago late soon ready live story word words idea ideas phone calls business company",
    ),
];

/// Of a word that is in no band.
const RARE: u32 = 4;

/// Of a function word that is in no band.
const COMMON: u32 = 150;

/// Of all words with one beginning.
pub(super) const STEM: u32 = 20;

/// Of names of groups.
pub(super) const TEAM: u32 = 800;

/// How often a word stands in 100,000 words, roughly.
pub(super) fn of_word(word: &str) -> u32 {
    static KNOWN: LazyLock<FxHashMap<&str, u32>> = LazyLock::new(|| {
        BANDS.iter().rev().flat_map(|&(rate, words)| words.split_ascii_whitespace().map(move |word| (word, rate))).collect()
    });
    KNOWN.get(word).copied().unwrap_or(if is_function_word(word) { COMMON } else { RARE })
}

/// The same for a phrase: that of its rarest word, which bounds it, over the number of words; at times 0.
pub(in crate::lexicon) fn of_phrase(words: &[String]) -> u32 {
    let rate = |word: &String| if word.ends_with('*') { STEM } else { of_word(word) };
    words.iter().map(rate).min().unwrap_or(RARE) / u32::try_from(words.len()).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_rarer_than_its_rarest_word() {
        assert!(of_word("the") > of_word("week") && of_word("week") > of_word("heroes"));
        assert!(of_word("wouldn't") > of_word("heroes"));
        let phrase = |text: &str| of_phrase(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(phrase("the week") < of_word("week") && phrase("intellect*") == STEM);
    }
}
