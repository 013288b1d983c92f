//! From one accent colour to a readable light and dark palette.
//!
//! Contrast is WCAG 2.2's ratio (relative luminance, 1 to 21); text needs 4.5. The accent is used as text and for links on
//! paper, and as the ground of buttons. In the dark scheme it is lightened, in Oklab so that its hue stays, until it reads.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// What text needs against its ground (WCAG 2.2, 1.4.3).
pub const NEEDED: f64 = 4.5;
/// The grounds and inks of the two schemes; `style/tokens.css` has the same, and a test holds them together.
pub const LIGHT: Scheme =
    Scheme { paper: hex(0xf8f4e9), raised: hex(0xfffdf6), sunk: hex(0xeee7d7), ink: hex(0x2a2621), ink_soft: hex(0x625a4f), tint: 14 };
/// As [`LIGHT`], by evening.
pub const DARK: Scheme =
    Scheme { paper: hex(0x1a1c25), raised: hex(0x242733), sunk: hex(0x12141b), ink: hex(0xece5d7), ink_soft: hex(0xb3ac9f), tint: 28 };
/// The accent of a new community.
pub const FIRST_ACCENT: Colour = hex(0x1d5b4c);

const WHITE: Colour = hex(0xffffff);
const BLACK: Colour = hex(0x000000);

const fn hex(rgb: u32) -> Colour {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Colour { red, green, blue }
}

/// What the accent has to be read on, and with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The page.
    pub paper: Colour,
    /// Fields and menus.
    pub raised: Colour,
    /// Folds and code.
    pub sunk: Colour,
    /// Text.
    pub ink: Colour,
    /// Quiet text.
    pub ink_soft: Colour,
    /// The most accent in the tinted ground, in percent.
    pub tint: u8,
}

impl Scheme {
    /// The lowest contrast that a colour has on the grounds.
    fn contrast(&self, colour: Colour) -> f64 {
        [self.paper, self.raised, self.sunk].into_iter().map(|ground| contrast(colour, ground)).fold(f64::INFINITY, f64::min)
    }
}

/// A colour in sRGB; written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// 0 to 255.
    pub red: u8,
    /// 0 to 255.
    pub green: u8,
    /// 0 to 255.
    pub blue: u8,
}

/// Why a colour was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum ColourRefusal {
    /// Not `#rrggbb`.
    #[error("A colour is written as # and six of 0-9 and a-f, such as #a04028.")]
    Unreadable,
    /// Its contrast with the light paper is below [`NEEDED`].
    #[error(
        "That colour is too faint to read: its contrast with the page is {ratio:.1} to 1, and text needs {NEEDED} to 1. The nearest that can be read is {instead}."
    )]
    TooFaint {
        /// Its contrast ratio.
        ratio: f64,
        /// The same hue, dark enough.
        instead: Colour,
    },
}

/// A colour for the accent, if it can be read on the light paper.
pub fn choose(text: &str) -> Result<Colour, ColourRefusal> {
    let colour: Colour = text.parse()?;
    let ratio = LIGHT.contrast(colour);
    if ratio < NEEDED {
        // Rounded down, so that 4.46 is not shown as the 4.5 that it is not.
        let ratio = (ratio * 10.0).floor() / 10.0;
        return Err(ColourRefusal::TooFaint { ratio, instead: towards(colour, LIGHT, false) });
    }
    Ok(colour)
}

/// The shades for one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades {
    /// Text, links and the ground of buttons.
    pub accent: Colour,
    /// Text on the accent.
    pub on_accent: Colour,
    /// A tinted ground for what is mine or chosen; the accent reads on it.
    pub soft: Colour,
}

/// The shades for both schemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// On light paper.
    pub light: Shades,
    /// On dark paper.
    pub dark: Shades,
}

impl Palette {
    /// The palette of an accent; one that is too faint is darkened first.
    pub fn of(accent: Colour) -> Self {
        Self { light: shades(towards(accent, LIGHT, false), LIGHT), dark: shades(towards(accent, DARK, true), DARK) }
    }
}

fn shades(accent: Colour, scheme: Scheme) -> Shades {
    // Of a colour's contrasts with white and with black the better one is always above the square root of 21, which is above 4.5.
    let on_accent = if contrast(WHITE, accent) >= contrast(BLACK, accent) { WHITE } else { BLACK };
    // As much tint as leaves all text readable on it; none at worst, since everything reads on the paper.
    let readable = |soft: &Colour| [accent, scheme.ink, scheme.ink_soft].into_iter().all(|text| contrast(text, *soft) >= NEEDED);
    let soft = (0..=scheme.tint).rev().map(|percent| mix(accent, scheme.paper, f64::from(percent) / 100.0)).find(readable);
    Shades { accent, on_accent, soft: soft.unwrap_or(scheme.paper) }
}

/// The colour itself if it reads on all grounds, else the nearest in lightness that does.
fn towards(colour: Colour, scheme: Scheme, lighter: bool) -> Colour {
    let [lightness, a, b] = oklab(colour);
    (0..=100)
        .map(|step| {
            let part = f64::from(step) / 100.0;
            let (target, keep) = if lighter { (1.0, 1.0 - part * 0.7) } else { (0.0, 1.0 - part * 0.3) };
            if step == 0 { colour } else { from_oklab([lightness + (target - lightness) * part, a * keep, b * keep]) }
        })
        .find(|candidate| scheme.contrast(*candidate) >= NEEDED)
        .unwrap_or(if lighter { WHITE } else { BLACK })
}

/// WCAG's contrast ratio of two colours, from 1 to 21.
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn mix(over: Colour, under: Colour, part: f64) -> Colour {
    let channel = |o: u8, u: u8| (f64::from(o) * part + f64::from(u) * (1.0 - part)).round() as u8;
    Colour { red: channel(over.red, under.red), green: channel(over.green, under.green), blue: channel(over.blue, under.blue) }
}

fn linear(colour: Colour) -> [f64; 3] {
    [colour.red, colour.green, colour.blue].map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

/// Björn Ottosson, "A perceptual color space for image processing" (2020).
fn oklab(colour: Colour) -> [f64; 3] {
    let [r, g, b] = linear(colour);
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn from_oklab([lightness, a, b]: [f64; 3]) -> Colour {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let channel = |c: f64| {
        let c = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (c.clamp(0.0, 1.0) * 255.0).round() as u8
    };
    Colour {
        red: channel(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
        green: channel(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
        blue: channel(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
    }
}

impl FromStr for Colour {
    type Err = ColourRefusal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim().strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|d| u32::from_str_radix(d, 16).ok()).ok_or(ColourRefusal::Unreadable)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn black_on_white_is_twenty_one_to_one() {
        assert!((contrast(Colour { red: 0, green: 0, blue: 0 }, WHITE) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn the_stylesheet_has_the_same_grounds() {
        let tokens = include_str!("../../../style/tokens.css");
        for (name, light, dark) in [
            ("paper", LIGHT.paper, DARK.paper),
            ("paper-raised", LIGHT.raised, DARK.raised),
            ("paper-sunk", LIGHT.sunk, DARK.sunk),
            ("ink", LIGHT.ink, DARK.ink),
            ("ink-soft", LIGHT.ink_soft, DARK.ink_soft),
        ] {
            let line = format!("--{name}: light-dark({light}, {dark});");
            assert!(tokens.contains(&line), "style/tokens.css does not say {line}");
        }
    }

    #[test]
    fn a_pale_yellow_is_refused_with_its_ratio_and_a_colour_that_reads() {
        let Err(ColourRefusal::TooFaint { ratio, instead }) = choose("#ffe680") else { panic!("pale yellow was taken") };
        assert!(ratio < 1.4, "{ratio}");
        assert_eq!(choose(&instead.to_string()), Ok(instead));
    }

    proptest! {
        #[test]
        fn every_pair_of_every_palette_can_be_read(red: u8, green: u8, blue: u8) {
            let palette = Palette::of(Colour { red, green, blue });
            for (shades, scheme) in [(palette.light, LIGHT), (palette.dark, DARK)] {
                prop_assert!(scheme.contrast(shades.accent) >= NEEDED, "accent {} on its grounds", shades.accent);
                prop_assert!(contrast(shades.on_accent, shades.accent) >= NEEDED, "text on {}", shades.accent);
                for text in [shades.accent, scheme.ink, scheme.ink_soft] {
                    prop_assert!(contrast(text, shades.soft) >= NEEDED, "{text} on soft {}", shades.soft);
                }
            }
        }

        #[test]
        fn what_is_suggested_is_taken(red: u8, green: u8, blue: u8) {
            if let Err(ColourRefusal::TooFaint { instead, .. }) = choose(&Colour { red, green, blue }.to_string()) {
                prop_assert_eq!(choose(&instead.to_string()), Ok(instead));
            }
        }
    }
}
