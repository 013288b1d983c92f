//! Markdown to HTML that is safe to show to anybody: the server's [`Prose`].
//!
//! Three steps, each of which would do alone against markup in a post: the parser escapes raw HTML, mentions and tags are set
//! into its tree (never into code or links), and the sanitizer lets through a short list of elements. What counts as a
//! mention or a tag is `domain`'s to say.

use ammonia::{Builder, UrlRelative};
use comrak::{
    Arena, Node, Options, format_html,
    nodes::{Ast, AstNode, LineColumn, NodeValue},
    parse_document,
};
use domain::{
    people::Handle,
    prose::{Prose, SafeHtml, marked_words},
};
use std::{borrow::Cow, cell::RefCell, collections::BTreeSet, fmt::Write as _, sync::LazyLock};

/// How deep quotes and lists may nest. Nobody answers an answer of an answer thirty times within one text; deeper nesting is
/// made to cost time, since the sanitizer looks through all open elements at each new one.
const DEEPEST: usize = 30;

/// What a link to elsewhere tells search engines and the other site.
const FOREIGN: &str = "nofollow noopener noreferrer ugc";

/// Renders CommonMark with links found in plain text and struck-out words. A single line break is a line break, as people
/// expect; headings begin below the page's own; a picture by address becomes a link, so that reading a post tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct MarkdownProse;

impl Prose for MarkdownProse {
    fn render(&self, markdown: &str, known: &BTreeSet<Handle>) -> SafeHtml {
        let html = to_html(markdown, known).unwrap_or_else(|| as_typed(markdown));
        SafeHtml::from_sanitizer(mark_foreign_links(&SANITIZER.clean(&html).to_string()))
    }
}

/// The text of a piece of Markdown without its marks, for where no HTML can be: calendars, mail.
pub fn plain(markdown: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options());
    let mut text = String::new();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::CodeBlock(code) => text.push_str(&code.literal),
            NodeValue::HtmlInline(html) => text.push_str(html),
            NodeValue::HtmlBlock(html) => text.push_str(&html.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push('\n'),
            NodeValue::Item(_) => {
                end_line(&mut text, "\n");
                text.push_str("- ");
            }
            NodeValue::Paragraph if !text.ends_with("- ") => end_line(&mut text, "\n\n"),
            NodeValue::Heading(_) => end_line(&mut text, "\n\n"),
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn end_line(text: &mut String, end: &str) {
    let kept = text.trim_end().len();
    text.truncate(kept);
    if kept > 0 {
        text.push_str(end);
    }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.hardbreaks = true;
    options.render.escape = true;
    options
}

/// `None` for a text that is nested deeper than [`DEEPEST`].
fn to_html(markdown: &str, known: &BTreeSet<Handle>) -> Option<String> {
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, markdown, &options);
    // The tree is walked with its depth, since asking each node for its ancestors would cost the square of the depth.
    let mut open = vec![(root, 0, false)];
    let mut texts = Vec::new();
    while let Some((node, depth, linked)) = open.pop() {
        if depth > DEEPEST {
            return None;
        }
        let within_link = linked || adapt(&arena, node);
        if !within_link && matches!(node.data.borrow().value, NodeValue::Text(_)) {
            texts.push(node);
        }
        open.extend(node.children().map(|child| (child, depth + 1, within_link)));
    }
    // The walk saw the last child first.
    texts.reverse();
    for node in join_neighbours(texts) {
        link_marks(&arena, node, known);
    }
    let mut html = String::with_capacity(markdown.len() * 2);
    format_html(root, &options, &mut html).ok()?;
    Some(html)
}

/// Moves headings below the page's own, makes pictures links and blocks of HTML text; tells whether the node is a link.
fn adapt<'a>(arena: &'a Arena<'a>, node: Node<'a>) -> bool {
    let mut data = node.data.borrow_mut();
    let picture = match &mut data.value {
        NodeValue::Heading(heading) => {
            heading.level = if heading.level <= 2 { 3 } else { 4 };
            return false;
        }
        NodeValue::HtmlBlock(html) => {
            let typed = std::mem::take(&mut html.literal);
            data.value = NodeValue::Paragraph;
            drop(data);
            for (row, line) in typed.trim_end().lines().enumerate() {
                if row > 0 {
                    node.append(new_node(arena, NodeValue::LineBreak));
                }
                node.append(new_node(arena, NodeValue::Text(Cow::Owned(line.to_owned()))));
            }
            return false;
        }
        NodeValue::Link(_) => return true,
        NodeValue::Image(link) => std::mem::take(link),
        _ => return false,
    };
    data.value = NodeValue::Link(picture);
    true
}

/// The parser splits text at every mark that might have meant something; here the pieces are one again.
fn join_neighbours<'a>(texts: Vec<Node<'a>>) -> Vec<Node<'a>> {
    let mut joined: Vec<Node<'a>> = Vec::with_capacity(texts.len());
    for node in texts {
        let follows = joined.last().filter(|last| node.previous_sibling().is_some_and(|before| std::ptr::eq(before, **last))).copied();
        let Some(last) = follows else {
            joined.push(node);
            continue;
        };
        if let (NodeValue::Text(words), NodeValue::Text(more)) = (&mut last.data.borrow_mut().value, &node.data.borrow().value) {
            words.to_mut().push_str(more);
        }
        node.detach();
    }
    joined
}

/// Splits a text node at its mentions and tags.
fn link_marks<'a>(arena: &'a Arena<'a>, node: Node<'a>, known: &BTreeSet<Handle>) {
    let NodeValue::Text(text) = node.data.borrow().value.clone() else { return };
    let mentions = marked_words(&text, '@').into_iter().filter_map(|(at, word)| {
        let name = Handle::parse(word).ok().filter(|name| known.contains(name))?;
        Some((at, word, format!("<a href=\"/people/{name}\" class=\"mention\">@{word}</a>")))
    });
    let is_tag = |word: &str| word.chars().any(char::is_alphabetic) && word.chars().count() <= 50;
    let tags = marked_words(&text, '#').into_iter().filter(|(_, word)| is_tag(word)).map(|(at, word)| {
        // A marked word is made of letters, digits, `-` and `_`, so nothing in it needs escaping as HTML.
        (at, word, format!("<a href=\"/?tag={}\" class=\"tag\">#{word}</a>", percent_encoded(&word.to_lowercase())))
    });
    let mut links: Vec<(usize, &str, String)> = mentions.chain(tags).collect();
    links.sort_by_key(|(at, ..)| *at);
    let mut from = 0;
    for (at, word, link) in links {
        node.insert_before(new_node(arena, NodeValue::Text(Cow::Owned(text[from..at].to_owned()))));
        node.insert_before(new_node(arena, NodeValue::Raw(link)));
        from = at + 1 + word.len();
    }
    if from > 0 {
        node.insert_before(new_node(arena, NodeValue::Text(Cow::Owned(text[from..].to_owned()))));
        node.detach();
    }
}

fn new_node<'a>(arena: &'a Arena<'a>, value: NodeValue) -> Node<'a> {
    arena.alloc(AstNode::new(RefCell::new(Ast::new(value, LineColumn { line: 0, column: 0 }))))
}

/// A text as it can stand in any part of an address: everything but ASCII letters, digits, `-`, `.`, `_` and `~` as `%XX`
/// (RFC 3986, 2.3).
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn as_typed(text: &str) -> String {
    format!("<p>{}</p>", ammonia::clean_text(text))
}

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(
            ["p", "br", "strong", "em", "del", "blockquote", "ul", "ol", "li", "code", "pre", "a", "h3", "h4", "hr"].into_iter().collect(),
        )
        .tag_attributes([("a", ["href"].into_iter().collect()), ("ol", ["start"].into_iter().collect())].into_iter().collect())
        .allowed_classes([("a", ["mention", "tag"].into_iter().collect())].into_iter().collect())
        .url_schemes(["http", "https", "mailto"].into_iter().collect())
        .url_relative(UrlRelative::Custom(Box::new(own_address)))
        .clean_content_tags(["script", "style"].into_iter().collect())
        .link_rel(None);
    builder
});

/// An address without a scheme stays if it begins at our own root: `//elsewhere` and `/\elsewhere` do not.
fn own_address(address: &str) -> Option<Cow<'_, str>> {
    let own = address.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
    (own && !address.contains(|c: char| c.is_control())).then_some(Cow::Borrowed(address))
}

/// In the sanitizer's output `<` opens nothing but its own elements, so links can be told by how they begin.
fn mark_foreign_links(html: &str) -> String {
    let mut pieces = html.split("<a href=\"");
    let mut marked = String::with_capacity(html.len() + 64);
    marked.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        if piece.starts_with('/') {
            marked.push_str("<a href=\"");
        } else {
            marked.push_str("<a rel=\"");
            marked.push_str(FOREIGN);
            marked.push_str("\" href=\"");
        }
        marked.push_str(piece);
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::timeline::LONGEST_POST;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn render(markdown: &str) -> String {
        let known = ["ana", "bo-li"].into_iter().map(|name| Handle::parse(name).expect("a name")).collect();
        MarkdownProse.render(markdown, &known).as_str().trim().to_owned()
    }

    #[test]
    fn a_single_line_break_is_a_line_break() {
        assert_eq!(render("one\ntwo"), "<p>one<br>\ntwo</p>");
    }

    #[test]
    fn a_member_is_linked_and_a_stranger_is_not() {
        assert_eq!(render("Thanks @Ana, and @nobody."), "<p>Thanks <a href=\"/people/ana\" class=\"mention\">@Ana</a>, and @nobody.</p>");
    }

    #[test]
    fn a_name_with_marks_of_markdown_in_it_is_one_mention() {
        assert_eq!(render("@bo-li_"), "<p><a href=\"/people/bo-li\" class=\"mention\">@bo-li</a>_</p>");
    }

    #[test]
    fn a_tag_in_any_script_is_linked_by_its_encoded_address() {
        assert_eq!(render("#Суп #1"), "<p><a href=\"/?tag=%D1%81%D1%83%D0%BF\" class=\"tag\">#Суп</a> #1</p>");
    }

    #[test]
    fn code_and_links_mention_nobody() {
        assert_eq!(render("`@ana #soup`"), "<p><code>@ana #soup</code></p>");
        assert!(!render("[@ana](/x) https://example.org/@ana#soup").contains("class"));
        assert!(!render("```\n@ana\n```").contains("class"));
    }

    #[test]
    fn a_link_elsewhere_says_so_and_our_own_does_not() {
        assert_eq!(render("[a](https://example.org)"), format!("<p><a rel=\"{FOREIGN}\" href=\"https://example.org\">a</a></p>"));
        assert_eq!(render("[a](/posts/1)"), "<p><a href=\"/posts/1\">a</a></p>");
        assert_eq!(render("[a](//evil.example)"), "<p><a>a</a></p>");
        assert_eq!(render("[a](/\\\\evil.example)"), "<p><a href=\"/%5Cevil.example\">a</a></p>", "a path of our own");
        assert_eq!(render("[a](javascript:alert(1))").matches("javascript").count(), 0);
    }

    #[test]
    fn markup_is_shown_as_it_was_typed() {
        assert_eq!(render("<b onclick=x>"), "<p>&lt;b onclick=x&gt;</p>");
        assert_eq!(render("<div>\nHello @ana"), "<p>&lt;div&gt;<br>\nHello <a href=\"/people/ana\" class=\"mention\">@ana</a></p>");
        assert_eq!(
            render("<script>alert(1)</script>\n<a class=\"mention\" href=\"/people/ana\">x</a>").matches("<a").count(),
            0,
            "a link in raw HTML stays text"
        );
    }

    #[test]
    fn a_picture_by_address_becomes_a_link() {
        assert_eq!(
            render("![a tree](https://example.org/t.png)"),
            format!("<p><a rel=\"{FOREIGN}\" href=\"https://example.org/t.png\">a tree</a></p>")
        );
    }

    #[test]
    fn headings_begin_below_the_pages_own() {
        assert_eq!(render("# Soup\n\n### Bread"), "<h3>Soup</h3>\n<h4>Bread</h4>");
    }

    #[test]
    fn plain_text_has_no_marks() {
        assert_eq!(
            plain("# Soup\n\nBring **bread**\nand [salt](/x)\n\n- bowls\n- spoons"),
            "Soup\n\nBring bread\nand salt\n- bowls\n- spoons"
        );
    }

    #[test]
    fn nesting_without_end_is_shown_as_typed_and_soon() {
        for unit in [">", "> ", "[", "![", "- ", "*a ", "**a_", "`", "<a ", "1. ", "@ana#", "[a](", ">\n", "&#x41;", "~~~a", "<!--"] {
            let text = unit.repeat(LONGEST_POST / unit.len());
            let began = Instant::now();
            let html = render(&text);
            // Far above what it takes (some milliseconds), far below what a square of the depth would.
            assert!(began.elapsed() < Duration::from_secs(3), "{unit:?} took {:?}", began.elapsed());
            assert_only_allowed(&html);
        }
        assert!(render(&">".repeat(LONGEST_POST)).starts_with("<p>&gt;"));
    }

    /// Reads the markup as a browser's tokenizer would and looks at every element and attribute.
    fn assert_only_allowed(html: &str) {
        for tag in html.split('<').skip(1) {
            let (inside, _) = tag.split_once('>').unwrap_or_else(|| panic!("an open < in {html}"));
            let inside = inside.trim_start_matches('/');
            let name = inside.split(' ').next().unwrap_or_default();
            assert!(
                ["p", "br", "strong", "em", "del", "blockquote", "ul", "ol", "li", "code", "pre", "a", "h3", "h4", "hr"].contains(&name),
                "{name} in {html}"
            );
            let mut rest = inside[name.len()..].trim_start();
            while let Some((attribute, value)) = rest.split_once("=\"") {
                let (value, after) = value.split_once('"').unwrap_or_else(|| panic!("an open quote in {html}"));
                assert!(["href", "rel", "class", "start"].contains(&attribute), "{attribute} in {html}");
                if attribute == "href" {
                    let own = value.starts_with('/') && !value.starts_with("//");
                    assert!(
                        own || ["http://", "https://", "http:", "https:", "mailto:"].iter().any(|s| value.to_lowercase().starts_with(s)),
                        "{value}"
                    );
                }
                rest = after.trim_start();
            }
            assert!(rest.is_empty(), "{rest} in {html}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_only_the_short_list_comes_out(text in "\\PC{0,200}") {
            assert_only_allowed(&render(&text));
        }

        #[test]
        fn whatever_is_made_of_dangerous_pieces_only_the_short_list_comes_out(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<script>", "</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "[a](", ")", "![", "](", "<", ">", "\"", "'",
                    "<svg/onload=", "data:text/html,", "`", "```\n", "\n", "\n\n", "> ", "- ", "@ana", "#tag", "&lt;", "&#106;", "\\", "<a href=",
                    "https://example.org/", "*", "_", "~~", "<!--", "-->", "<![CDATA[", "]]>", "\u{0}", "onclick=", "JaVaScRiPt:", "<style>", "mailto:",
                ]),
                0..30,
            )
        ) {
            let html = render(&pieces.concat());
            assert_only_allowed(&html);
            prop_assert!(!html.contains("<script"));
        }
    }
}
