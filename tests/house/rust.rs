//! Rust source as far as house rules need it: comments and texts told apart from code, and paths found in the code.

/// One Rust file, taken apart.
pub struct Source {
    /// The code: comments gone, the inside of each text literal gone, line breaks kept.
    pub code: String,
    /// The text literals: line (from 1) and content as written.
    pub literals: Vec<(usize, String)>,
}

/// Takes a Rust file apart.
pub fn take_apart(text: &str) -> Source {
    let mut reader =
        Reader { rest: text, line: 1, source: Source { code: String::new(), literals: Vec::new() } };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.source
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    source: Source,
}

impl Reader<'_> {
    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(block_comment(rest));
        } else if let Some(fence) = raw_fence(rest).filter(|_| !self.inside_word()) {
            let open = fence + rest[fence..].find('"').unwrap_or(0) + 1;
            let close = format!("\"{}", "#".repeat(open - fence - 1));
            let content = rest[open..].find(&close).unwrap_or(rest.len() - open);
            self.literal(open, content, close.len());
        } else if let Some(inside) = rest.strip_prefix('"') {
            let content = escaped_length(inside, '"');
            self.literal(1, content, 1);
        } else if let Some(length) = character_literal(rest) {
            self.source.code.push_str("' '");
            self.skip(length);
        } else {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            self.source.code.push_str(&rest[..length]);
            self.advance(length);
        }
    }

    fn inside_word(&self) -> bool {
        self.source.code.ends_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    fn literal(&mut self, open: usize, content: usize, close: usize) {
        let end = (open + content).min(self.rest.len());
        self.source.literals.push((self.line, self.rest[open..end].to_owned()));
        self.source.code.push('"');
        self.skip((end + close).min(self.rest.len()));
        self.source.code.push('"');
    }

    /// Leaves bytes out of the code, but for their line breaks.
    fn skip(&mut self, length: usize) {
        let breaks = self.rest[..length].matches('\n').count();
        self.source.code.extend(std::iter::repeat_n('\n', breaks));
        self.advance(length);
    }

    fn advance(&mut self, length: usize) {
        self.line += self.rest[..length].matches('\n').count();
        self.rest = &self.rest[length..];
    }
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let step = if text[at..].starts_with("/*") {
            depth += 1;
            2
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            2
        } else {
            text[at..].chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// Where the fence (`#`s or the quote) of a raw text begins: `r"`, `br#"`, `cr"`.
fn raw_fence(text: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        text.strip_prefix(prefix).is_some_and(|after| after.trim_start_matches('#').starts_with('"'))
    })?;
    Some(prefix.len())
}

/// Bytes before the closing quote.
fn escaped_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            found if found == quote => return at,
            _ => {}
        }
    }
    text.len()
}

/// Length of `'x'`; `None` for a lifetime or anything else.
fn character_literal(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if inside.starts_with('\\') {
        return Some(escaped_length(inside, '\'') + 2);
    }
    let character = inside.chars().next()?;
    inside[character.len_utf8()..].starts_with('\'').then(|| character.len_utf8() + 2)
}

/// Words and signs of code, in order.
pub fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Names of the crate's first level that the code reaches through `crate::`, through `<library>::`, or by climbing
/// with `super::`. `depth` is the file's own module depth: 1 for `src/actions/mod.rs`, 2 for `src/actions/publish.rs`.
pub fn first_level_names(code: &str, library: &str, depth: usize) -> Vec<String> {
    let tokens = tokens(code);
    let mut names = Vec::new();
    let mut braces = 0_usize;
    let mut inline_modules: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let begins_path = at == 0 || tokens.get(at - 1) != Some(&"::");
        let followed = tokens.get(at + 1) == Some(&"::");
        match *token {
            "{" => {
                if at >= 2 && tokens.get(at - 2) == Some(&"mod") {
                    inline_modules.push(braces);
                }
                braces += 1;
            }
            "}" => {
                braces = braces.saturating_sub(1);
                inline_modules.retain(|opened| *opened < braces);
            }
            "super" if begins_path && followed => {
                let climbed = tokens[at..].chunks(2).take_while(|pair| *pair == ["super", "::"]).count();
                if climbed >= depth + inline_modules.len() {
                    names.extend(names_after(&tokens[at + 2 * climbed..]));
                }
            }
            word if begins_path && followed && (word == "crate" || word == library) => {
                names.extend(names_after(&tokens[at + 2..]));
            }
            _ => {}
        }
        at += 1;
    }
    names
}

/// The first names of what follows a `::`: one, or those of a group `{a, b::c}`.
fn names_after(tokens: &[&str]) -> Vec<String> {
    if tokens.first() != Some(&"{") {
        return tokens.first().map(|name| (*name).to_owned()).into_iter().collect();
    }
    let mut names = Vec::new();
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "{" => depth += 1,
            "}" => depth -= 1,
            name if depth == 1 && matches!(tokens.get(at.wrapping_sub(1)), Some(&"{" | &",")) => {
                names.push(name.to_owned());
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// Names of outer crates that the code reaches as the first word of a path; not those that the file declares as its
/// own modules.
pub fn outer_crates<'a>(code: &str, candidates: &[&'a str]) -> Vec<&'a str> {
    let tokens = tokens(code);
    let declared = |name: &str| tokens.windows(2).any(|pair| pair == ["mod", name]);
    let reached = |name: &str| {
        tokens.windows(2).enumerate().any(|(at, pair)| {
            pair == [name, "::"] && !(at > 1 && tokens[at - 1] == "::" && is_word(tokens[at - 2]))
        })
    };
    candidates.iter().copied().filter(|name| reached(name) && !declared(name)).collect()
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[test]
fn comments_and_texts_are_told_from_code() {
    let source = take_apart(
        "let a = \"// SELECT \\\" \"; // \"x\n/* /* */ crate::b */ let c = r#\"y\"z\"#; '\"'; 'l: loop",
    );
    assert_eq!(source.code, "let a = \"\"; \n let c = \"\"; ' '; 'l: loop");
    assert_eq!(source.literals, [(1, "// SELECT \\\" ".to_owned()), (2, "y\"z".to_owned())]);
}

#[test]
fn first_level_names_are_found_however_they_are_reached() {
    let names = |code: &str, depth| first_level_names(code, "halftone", depth);
    assert_eq!(
        names("use crate::{config::Config, pages, actions::{a, b}};", 1),
        ["config", "pages", "actions"]
    );
    assert_eq!(names("fn f() { crate::jobs::run(halftone::cli::go) }", 1), ["jobs", "cli"]);
    assert_eq!(names("use super::super::http::Route; use super::sibling;", 2), ["http"]);
    assert_eq!(names("mod tests { use super::*; fn f() { super::super::http::x() } }", 1), ["http"]);
    assert_eq!(names("mod tests { mod more { } use super::super::http; }", 2), Vec::<String>::new());
}

#[test]
fn an_outer_crate_is_not_a_module_of_the_same_name() {
    let outer = |code: &str| outer_crates(code, &["serve", "store"]);
    assert_eq!(outer("use serve::Site; fn f() -> ::store::Tx { todo }"), ["serve", "store"]);
    assert_eq!(outer("mod serve; pub use serve::ServeConfig; use crate::store::X;"), Vec::<&str>::new());
}
