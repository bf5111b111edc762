//! Lines of logs and of traces of errors.

use super::statement::has;

/// A time and a level, a check with its outcome after dots, or a file as `ls -l` lists it.
pub(super) fn is_log(head: &str) -> bool {
    if ["-rw", "drw", "lrw"].iter().any(|mode| head.starts_with(mode)) || has_system_time(head) {
        return true;
    }
    if head.contains("] \"") && ["\"GET /", "\"POST /", "\"HEAD /", "\"PUT /"].iter().any(|call| head.contains(call)) {
        return true;
    }
    if head.starts_with('[')
        && ["[INFO] ", "[WARN] ", "[WARNING] ", "[ERROR] ", "[DEBUG] ", "[FATAL] "].iter().any(|level| head.starts_with(level))
    {
        return true;
    }
    let may_start_with_year = has(head, b'-') || has(head, b'/');
    let starts_with_year = may_start_with_year
        && head.trim_start_matches('[').get(..10).is_some_and(|date| {
            date.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { matches!(b, b'-' | b'/') } else { b.is_ascii_digit() })
        });
    let is_level = |word: &str| {
        let word = word.trim_matches(['[', ']', ':', '|', '-']);
        ["INFO", "WARN", "WARNING", "ERROR", "DEBUG", "TRACE", "FATAL", "NOTICE"].contains(&word)
    };
    if starts_with_year {
        let rest = head.trim_start_matches('[');
        let has_time =
            rest.get(11..16).is_some_and(|time| time.as_bytes()[2] == b':' && time.bytes().filter(u8::is_ascii_digit).count() == 4);
        return has_time && head.split_ascii_whitespace().take(6).any(is_level);
    }
    if !has(head, b'.') {
        return false;
    }
    if head.contains(" . . . . ") {
        return true;
    }
    if ["* checking ", "** checking ", "* creating ", "* installing ", "* building ", "* using "]
        .iter()
        .any(|start| head.starts_with(start))
        && head.contains("...")
    {
        return true;
    }
    let outcome = || head.rsplit(' ').next().unwrap_or(head);
    head.contains("... ") && ["OK", "ok", "NOTE", "WARNING", "ERROR", "FAILED", "done", "PASS", "yes", "no"].contains(&outcome())
}

/// `Jan  5 02:13:44 lawn sshd[12]: `.
fn has_system_time(head: &str) -> bool {
    const MONTHS: [&str; 12] = ["Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "];
    let is_time = |time: &[u8]| (0..8).all(|i| if matches!(i, 2 | 5) { time[i] == b':' } else { time[i].is_ascii_digit() });
    head.as_bytes().get(6..16).is_some_and(|time| time[0] == b' ' && time[9] == b' ' && is_time(&time[1..9]))
        && MONTHS.iter().any(|month| head.starts_with(month))
}

/// `at com.example.Foo(Foo.java:12)`, `File "x.py", line 3`, `main.c:12:5: error: …`.
pub(super) fn is_trace(head: &str) -> bool {
    let compiler = || {
        let mut parts = head.splitn(4, ':');
        parts.next().is_some_and(|file| file.contains('.') && !file.contains(' '))
            && parts.next().is_some_and(|line| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()))
    };
    (head.starts_with("at ") && head.contains('.') && head.contains('(') && (head.ends_with(')') || head.contains(":line ")))
        || (head.starts_with("File \"") && head.contains("\", line "))
        || head.starts_with("Caused by: ")
        || head.starts_with("... ") && head.ends_with(" more") && head.split(' ').count() == 3
        || has(head, b':') && is_exception(head)
        || head.starts_with("Exception in thread ")
        || has(head, b':') && has(head, b'.') && compiler()
}

/// `java.net.ConnectException: Connection refused`.
fn is_exception(head: &str) -> bool {
    let name = head.split(':').next().unwrap_or_default();
    let name = name.strip_prefix("Uncaught ").unwrap_or(name);
    let is_qualified = || name.contains('.') && name.split('.').all(|part| !part.is_empty());
    let is_joined = || name.bytes().filter(u8::is_ascii_uppercase).count() >= 2 && name.contains(|c: char| c.is_ascii_lowercase());
    (name.ends_with("Exception") || name.ends_with("Error")) && !name.contains([' ', '-', '/']) && (is_qualified() || is_joined())
}
