//! An address as a QR code: an SVG that a page can hold and a printer can print.

use fast_qr::{ECL, QRBuilder};
use std::fmt::Write as _;

/// Blank modules on every side; ISO/IEC 18004 asks for four.
const QUIET: usize = 4;

/// The QR code of an address: black on white whatever the page's colours are, since a camera wants it so. It has no style
/// attribute, which the content security policy would not let through. An address longer than a QR code can hold (some two
/// thousand characters) is written out instead.
pub fn svg(address: &str) -> String {
    let title = format!("<title>QR code for {}</title>", ammonia::clean_text(address));
    let Ok(code) = QRBuilder::new(address).ecl(ECL::M).build() else {
        return format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 100 20\">{title}<text x=\"4\" y=\"14\">{}</text></svg>",
            ammonia::clean_text(address)
        );
    };
    let side = code.size + 2 * QUIET;
    let mut dark = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let run = code[y][x..].iter().take_while(|module| module.value()).count();
            if run > 0 {
                // Writing into a string does not fail.
                let _ = write!(dark, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">{title}<rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{dark}\" fill=\"#000\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_a_name_a_quiet_zone_and_no_style() {
        let svg = svg("https://lantern.example/join/0123456789abcdefghjkmnpqrs");
        assert!(svg.contains("role=\"img\"") && svg.contains("<title>QR code for"), "{svg}");
        assert!(!svg.contains("style"));
        // The finder pattern's first row is seven dark modules, four from the edge.
        assert!(svg.contains("M4 4h7v1h-7z"), "{svg}");
    }

    #[test]
    fn a_reader_reads_the_address() {
        let address = "https://lantern.example/join/0123456789abcdefghjkmnpqrs";
        let svg = svg(address);
        let number = |text: &str| text.parse::<usize>().expect("a number");
        let side = number(svg.split("viewBox=\"0 0 ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a side"));
        let dark = svg.split("<path d=\"M").nth(1).and_then(|rest| rest.split('"').next()).expect("a path");
        let mut modules = vec![false; side * side];
        for run in dark.split('M') {
            let (at, run) = run.split_once('h').expect("a run");
            let (x, y) = at.split_once(' ').expect("where");
            let (from, long) = (number(y) * side + number(x), number(run.split('v').next().expect("how long")));
            modules[from..from + long].fill(true);
        }
        let pixel = |x: usize, y: usize| if modules[y / 4 * side + x / 4] { 0 } else { 255 };
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(4 * side, 4 * side, pixel);
        assert_eq!(picture.detect_grids().iter().map(|code| code.decode().expect("decodes").1).collect::<Vec<_>>(), [address]);
    }

    #[test]
    fn markup_in_an_address_stays_text() {
        assert!(!svg("https://x/<script>").contains("<script"));
    }

    #[test]
    fn an_address_beyond_a_code_is_written_out() {
        assert!(svg(&"long".repeat(2000)).contains("<text"));
    }
}
