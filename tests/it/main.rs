//! Tests of the whole: one binary, one file a theme.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod architecture;
mod attack;
mod bombs;
mod commands;
mod cues;
mod damage;
mod examples;
mod faults;
mod forms;
mod labelled;
mod learned;
mod lexicons;
mod mime;
mod own_words;
mod pages;
mod permuted;
mod perturb;
mod privacy;
mod ratchet;
mod real_data;
mod rows;
mod samples;
mod schema;
mod score;
mod settings;
mod shipped;
mod supply;
mod support;
mod tallies;
mod validation;
mod verdicts;
