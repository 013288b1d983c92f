//! Plain words as Markdown: what was written elsewhere is shown as it was written, whatever its characters mean here.

/// Markdown that shows `words` as they are, line by line. Addresses of the web stay links.
pub fn as_markdown(words: &str) -> String {
    let mut markdown = String::with_capacity(words.len() + 16);
    for (at, line) in words.lines().enumerate() {
        if at > 0 {
            markdown.push('\n');
        }
        let line = line.trim();
        // What begins a list, a heading or a rule does so at the beginning of a line alone.
        let begins = line.starts_with(['-', '+', '='])
            || (line.starts_with('#') && line.trim_start_matches('#').starts_with([' ', '\t']) || line.chars().all(|c| c == '#'));
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let (number, line) =
            if (1..=9).contains(&digits) && line[digits..].starts_with(['.', ')']) { line.split_at(digits) } else { ("", line) };
        markdown.push_str(number);
        if !number.is_empty() || (begins && !line.is_empty()) {
            markdown.push('\\');
        }
        for piece in line.split_inclusive(char::is_whitespace) {
            if piece.starts_with("https://") || piece.starts_with("http://") {
                markdown.push_str(piece);
                continue;
            }
            for c in piece.chars() {
                if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '|') {
                    markdown.push('\\');
                }
                markdown.push(c);
            }
        }
    }
    markdown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_lose_their_meaning_and_addresses_keep_theirs() {
        for (words, markdown) in [
            ("soup *tonight*", "soup \\*tonight\\*"),
            ("1. bread\n2) cheese", "1\\. bread\n2\\) cheese"),
            ("- one\n+ two\n---", "\\- one\n\\+ two\n\\---"),
            ("# loud\n#soup", "\\# loud\n#soup"),
            ("see https://example.org/a_b*c now_", "see https://example.org/a_b*c now\\_"),
            ("  <b> & [x](y)", "\\<b\\> \\& \\[x\\](y)"),
            ("\n\n", "\n"),
        ] {
            assert_eq!(as_markdown(words), markdown, "{words}");
        }
    }
}
