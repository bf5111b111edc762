//! Throughput of the stages, on generated text: `cargo bench`.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::Bencher;
use divan::counter::BytesCount;
use evenhand::clean;
use evenhand::framing::{Framing, Scratch};
use evenhand::lexicon::groups::Groups;
use evenhand::lexicon::{Lexicons, builtin, parse};
use evenhand::message::Markup;
use evenhand::token::Tokens;

fn main() {
    divan::main();
}

fn framing() -> Framing {
    let files: Vec<_> = builtin::LEXICONS.iter().map(|(path, text)| parse::parse(path, text).unwrap()).collect();
    let classes = parse::parse_classes(builtin::CLASSES.0, builtin::CLASSES.1).unwrap();
    let groups = Groups::parse(builtin::GROUPS.0, builtin::GROUPS.1).unwrap();
    Framing::new(Lexicons::compile(&files, &classes, groups).unwrap())
}

/// The mailbox of the samples: 2,700 mails, no two alike.
fn mailbox() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/mail.mbox")).unwrap()
}

fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    let at = evenhand::fault::Place::file("samples/mail.mbox");
    evenhand::source::mbox::each_message(&mailbox(), &at, 0, &evenhand::source::mail::Folder::default(), &mut |read| {
        texts.extend(read.map(|message| message.text.into_owned()));
    });
    texts
}

#[divan::bench]
fn lexicons_ready(bencher: Bencher) {
    bencher.bench(framing);
}

#[divan::bench]
fn read_mbox(bencher: Bencher) {
    let bytes = mailbox();
    let at = evenhand::fault::Place::file("samples/mail.mbox");
    let folder = evenhand::source::mail::Folder::default();
    bencher.counter(BytesCount::new(bytes.len())).bench(|| {
        let mut n = 0;
        evenhand::source::mbox::each_message(&bytes, &at, 0, &folder, &mut |read| n += usize::from(read.is_ok()));
        n
    });
}

#[divan::bench]
fn clean_mail(bencher: Bencher) {
    let texts = texts();
    bencher
        .counter(BytesCount::new(texts.iter().map(String::len).sum::<usize>()))
        .bench(|| texts.iter().map(|text| clean::own_words(text, Markup::Mail).pieces.len()).sum::<usize>());
}

#[divan::bench]
fn tokenize_and_frame(bencher: Bencher) {
    let texts = texts();
    let framing = framing();
    let own: Vec<_> = texts.iter().map(|text| clean::own_words(text, Markup::Mail)).collect();
    bencher.counter(BytesCount::new(texts.iter().map(String::len).sum::<usize>())).bench(|| {
        let (mut tokens, mut scratch, mut n) = (Tokens::default(), Scratch::default(), 0);
        for (text, own) in texts.iter().zip(&own) {
            tokens.read(text, own, Markup::Mail, &framing.lexicons.vocabulary);
            framing.read_message(text, &tokens, None, &mut scratch, &mut |_, reading| n += reading.hits.len());
        }
        n
    });
}
