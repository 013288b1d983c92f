//! Pictures for invented people, painted by code: washes on paper grain, as somebody in a drawing circle might have made.

use super::dice::Dice;
use bytes::Bytes;
use domain::outcome::Unavailable;
use image::{ImageFormat, Rgb, RgbImage};
use std::{f32::consts::TAU, io::Cursor};

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motif {
    /// Boats on a river.
    Boats,
    /// Somebody's cat.
    Cat,
    /// Cups, bowls, mugs.
    Cups,
    /// Soft hills.
    Hills,
    /// A street of houses.
    Houses,
    /// Lanterns in the dark.
    Lanterns,
    /// Leaves.
    Leaves,
    /// The sea.
    Sea,
    /// A lit window.
    Window,
}

type Colour = [f32; 3];

const PAPER: Colour = [246.0, 240.0, 228.0];
const INK: Colour = [52.0, 46.0, 50.0];

/// A picture of that motif as a PNG; another seed is another picture.
pub fn paint(motif: Motif, seed: u64) -> Result<Bytes, Unavailable> {
    let mut dice = Dice::new(seed);
    let mut sheet = if seed % 3 == 1 { Sheet::new(760, 1000, seed) } else { Sheet::new(1080, 810, seed) };
    match motif {
        Motif::Boats => boats(&mut sheet, &mut dice),
        Motif::Cat => cat(&mut sheet),
        Motif::Cups => cups(&mut sheet, &mut dice),
        Motif::Hills => hills(&mut sheet, &mut dice),
        Motif::Houses => houses(&mut sheet, &mut dice),
        Motif::Lanterns => lanterns(&mut sheet, &mut dice),
        Motif::Leaves => leaves(&mut sheet, &mut dice),
        Motif::Sea => sea(&mut sheet, &mut dice),
        Motif::Window => window(&mut sheet, &mut dice),
    }
    sheet.finish()
}

/// What can be told of somebody in cut-paper shapes.
#[derive(Clone, Copy, Debug)]
pub struct Looks {
    /// From the lightest, 0, to the darkest, 5.
    pub skin: usize,
    /// Black, dark brown, brown, fair, grey, red.
    pub hair: usize,
    /// Hair that falls behind the shoulders.
    pub long: bool,
    /// Wears glasses.
    pub glasses: bool,
}

/// Somebody's portrait in cut-paper shapes, as a square PNG.
pub fn portrait(looks: Looks, seed: u64) -> Result<Bytes, Unavailable> {
    const GROUNDS: [Colour; 7] = [
        [226.0, 164.0, 120.0],
        [156.0, 186.0, 178.0],
        [232.0, 200.0, 130.0],
        [190.0, 160.0, 186.0],
        [140.0, 168.0, 200.0],
        [206.0, 128.0, 112.0],
        [168.0, 184.0, 132.0],
    ];
    const SKINS: [Colour; 6] = [
        [244.0, 212.0, 188.0],
        [226.0, 182.0, 146.0],
        [198.0, 146.0, 108.0],
        [160.0, 108.0, 76.0],
        [116.0, 76.0, 54.0],
        [84.0, 56.0, 44.0],
    ];
    const HAIR: [Colour; 6] =
        [[40.0, 32.0, 34.0], [84.0, 54.0, 38.0], [150.0, 92.0, 52.0], [206.0, 170.0, 110.0], [176.0, 172.0, 168.0], [120.0, 50.0, 40.0]];
    let mut dice = Dice::new(seed);
    let mut sheet = Sheet::new(640, 640, seed);
    let (ground, clothes) = (*dice.pick(&GROUNDS), *dice.pick(&GROUNDS));
    let (skin, hair) = (SKINS[looks.skin % SKINS.len()], HAIR[looks.hair % HAIR.len()]);
    let lean = dice.between(-18.0, 18.0);
    sheet.wash(lighter(ground, 0.25), ground);
    if looks.long {
        sheet.blob(320.0 + lean, 300.0, dice.between(150.0, 185.0), dice.between(170.0, 240.0), hair, 0.95);
    }
    sheet.blob(320.0, 690.0, 255.0, 220.0, darker(clothes, 0.22), 0.97);
    sheet.blob(320.0 + lean * 0.5, 450.0, 58.0, 95.0, darker(skin, 0.1), 0.97);
    sheet.blob(320.0 + lean, 295.0, 118.0, 148.0, skin, 0.98);
    let top = dice.between(150.0, 200.0);
    sheet.blob(320.0 + lean - 14.0, top, dice.between(112.0, 140.0), dice.between(58.0, 88.0), hair, 0.96);
    for side in [-1.0, 1.0] {
        sheet.blob(320.0 + lean + side * 46.0, 300.0, 9.0, 11.0, INK, 0.9);
        sheet.stroke((320.0 + lean + side * 66.0, 272.0), (320.0 + lean + side * 28.0, 268.0), 5.0, darker(hair, 0.2), 0.8);
    }
    sheet.stroke((320.0 + lean, 312.0), (312.0 + lean, 346.0), 4.0, darker(skin, 0.28), 0.8);
    let smile = dice.between(12.0, 24.0);
    sheet.stroke((284.0 + lean, 378.0), (320.0 + lean, 378.0 + smile), 5.0, [150.0, 66.0, 62.0], 0.85);
    sheet.stroke((320.0 + lean, 378.0 + smile), (356.0 + lean, 378.0), 5.0, [150.0, 66.0, 62.0], 0.85);
    if looks.glasses {
        for side in [-1.0, 1.0] {
            sheet.ring(320.0 + lean + side * 46.0, 300.0, 34.0, 4.0, INK);
        }
        sheet.stroke((308.0 + lean, 298.0), (332.0 + lean, 298.0), 4.0, INK, 0.9);
    }
    sheet.finish()
}

fn boats(sheet: &mut Sheet, dice: &mut Dice) {
    let evening = dice.below(2) == 0;
    let (sky, far) = if evening { ([244.0, 200.0, 160.0], [236.0, 222.0, 204.0]) } else { ([188.0, 208.0, 216.0], PAPER) };
    sheet.wash(sky, far);
    let shore = sheet.height * 0.5;
    sheet.waves(shore, [128.0, 156.0, 172.0], [86.0, 112.0, 134.0], dice);
    for at in 0..dice.below(3) + 1 {
        let (x, y) = (sheet.width * (0.25 + 0.27 * at as f32), shore + sheet.height * dice.between(0.08, 0.28));
        let size = sheet.width * dice.between(0.05, 0.085);
        sheet.blob(x, y, size * 1.2, size * 0.3, [142.0, 62.0, 48.0], 0.95);
        sheet.stroke((x, y), (x, y - size * 2.4), 5.0, INK, 0.9);
        for row in 0..(size * 2.1) as i32 {
            let down = row as f32 / (size * 2.1);
            let sail = y - size * 2.3 + row as f32;
            sheet.stroke((x + 4.0, sail), (x + 6.0 + size * 1.2 * down, sail), 2.0, [250.0, 246.0, 238.0], 0.7);
            sheet.stroke((x - 4.0, sail), (x - 6.0 - size * 0.7 * down, sail), 2.0, [236.0, 226.0, 210.0], 0.6);
        }
        sheet.blob(x, y + size * 0.75, size * 1.1, size * 0.28, [70.0, 70.0, 84.0], 0.25);
    }
}

fn cat(sheet: &mut Sheet) {
    sheet.wash([250.0, 226.0, 180.0], [238.0, 206.0, 160.0]);
    let (w, h) = (sheet.width, sheet.height);
    sheet.block(0.0, h * 0.72, w, h * 0.28, [190.0, 150.0, 118.0], 0.9);
    sheet.block(0.0, h * 0.72, w, h * 0.03, [150.0, 112.0, 86.0], 0.9);
    let fur = [122.0, 120.0, 126.0];
    let (x, y, size) = (w * 0.5, h * 0.6, w * 0.2);
    sheet.blob(x, y, size * 1.25, size * 0.75, fur, 0.95);
    sheet.blob(x - size * 0.95, y + size * 0.1, size * 0.5, size * 0.45, lighter(fur, 0.08), 0.95);
    for ear in [-1.0, 1.0] {
        let tip = (x - size * 0.95 + ear * size * 0.34, y - size * 0.5);
        for side in 0..30 {
            let at = side as f32 / 30.0;
            sheet.stroke(tip, (x - size * 0.95 + ear * size * (0.08 + 0.36 * at), y - size * 0.1), 6.0, fur, 0.6);
        }
        let eye = (x - size * 0.95 + ear * size * 0.2, y + size * 0.08);
        sheet.stroke((eye.0 - size * 0.09, eye.1), (eye.0 + size * 0.09, eye.1 + 3.0), 4.0, INK, 0.85);
    }
    for step in 0..40 {
        let turn = step as f32 / 40.0 * 2.6;
        sheet.blob(
            x + size * (1.15 - 0.9 * turn * 0.4),
            y + size * (0.5 + 0.18 * turn.sin()),
            size * 0.13,
            size * 0.11,
            darker(fur, 0.12),
            0.5,
        );
    }
    for stripe in 0..5 {
        let at = x - size * 0.3 + stripe as f32 * size * 0.3;
        sheet.stroke((at, y - size * 0.66), (at + size * 0.06, y - size * 0.25), 9.0, darker(fur, 0.25), 0.45);
    }
}

fn cups(sheet: &mut Sheet, dice: &mut Dice) {
    const GLAZES: [Colour; 6] = [
        [88.0, 122.0, 150.0],
        [206.0, 176.0, 132.0],
        [150.0, 84.0, 66.0],
        [118.0, 146.0, 120.0],
        [226.0, 214.0, 196.0],
        [96.0, 90.0, 110.0],
    ];
    sheet.wash([238.0, 228.0, 210.0], [222.0, 206.0, 184.0]);
    let (w, h) = (sheet.width, sheet.height);
    sheet.block(0.0, h * 0.66, w, h * 0.34, [176.0, 130.0, 92.0], 0.85);
    let count = 4 + dice.below(3);
    for at in 0..count {
        let x = w * (at as f32 + 0.5) / count as f32 + dice.between(-8.0, 8.0);
        let (half, tall) = (w / count as f32 * dice.between(0.3, 0.4), h * dice.between(0.14, 0.27));
        let (floor, glaze) = (h * 0.72, *dice.pick(&GLAZES));
        sheet.blob(x + 10.0, floor, half * 1.1, 14.0, [90.0, 66.0, 52.0], 0.35);
        for row in 0..tall as i32 {
            let part = row as f32 / tall;
            let wide = half * (1.0 - 0.25 * part * part);
            sheet.stroke(
                (x - wide, floor - tall + row as f32),
                (x + wide, floor - tall + row as f32),
                2.0,
                darker(glaze, 0.18 * part),
                0.9,
            );
        }
        sheet.blob(x, floor - tall, half, half * 0.22, lighter(glaze, 0.25), 0.95);
        sheet.blob(x, floor - tall + 2.0, half * 0.82, half * 0.15, darker(glaze, 0.5), 0.8);
        if dice.below(2) == 0 {
            sheet.ring(x + half, floor - tall * 0.55, half * 0.34, 9.0, darker(glaze, 0.1));
        }
    }
}

fn hills(sheet: &mut Sheet, dice: &mut Dice) {
    const ROSE: [Colour; 4] = [[232.0, 200.0, 188.0], [214.0, 170.0, 158.0], [190.0, 142.0, 134.0], [160.0, 118.0, 116.0]];
    const GREEN: [Colour; 4] = [[196.0, 208.0, 172.0], [164.0, 184.0, 142.0], [128.0, 154.0, 118.0], [94.0, 122.0, 100.0]];
    let layers = if dice.below(2) == 0 { ROSE } else { GREEN };
    sheet.wash([250.0, 232.0, 206.0], [244.0, 238.0, 228.0]);
    for (at, colour) in layers.into_iter().enumerate() {
        let (base, phase, high) =
            (sheet.height * (0.36 + 0.15 * at as f32), dice.between(0.0, TAU), sheet.height * dice.between(0.06, 0.12));
        let bend = dice.between(1.2, 2.6);
        for x in 0..sheet.width as i32 {
            let along = x as f32 / sheet.width * TAU;
            let top = base - high * ((along * bend * 0.5 + phase).sin() + 0.35 * (along * bend + phase * 2.0).sin());
            sheet.block(x as f32, top, 1.0, sheet.height - top, colour, 0.88);
        }
    }
}

fn houses(sheet: &mut Sheet, dice: &mut Dice) {
    const WALLS: [Colour; 6] = [
        [206.0, 132.0, 98.0],
        [236.0, 216.0, 182.0],
        [178.0, 190.0, 190.0],
        [224.0, 178.0, 124.0],
        [196.0, 156.0, 150.0],
        [166.0, 176.0, 146.0],
    ];
    sheet.wash([172.0, 186.0, 206.0], [240.0, 222.0, 198.0]);
    let (w, h) = (sheet.width, sheet.height);
    let mut x = -20.0;
    while x < w {
        let (wide, tall, wall) = (w * dice.between(0.11, 0.17), h * dice.between(0.42, 0.64), *dice.pick(&WALLS));
        let top = h * 0.86 - tall;
        sheet.block(x, top, wide - 5.0, tall, wall, 0.93);
        for row in 0..34 {
            let inset = wide * 0.5 * (1.0 - row as f32 / 34.0);
            sheet.stroke(
                (x + inset, top - 34.0 + row as f32),
                (x + wide - 5.0 - inset, top - 34.0 + row as f32),
                2.0,
                [150.0, 70.0, 54.0],
                0.8,
            );
        }
        let (floors, columns) = ((tall / 105.0) as usize, 2);
        for floor in 0..floors {
            for column in 0..columns {
                let lit = dice.below(3) > 0;
                let glass = if lit { [252.0, 218.0, 130.0] } else { [88.0, 96.0, 112.0] };
                let (left, up) = (x + wide * (0.16 + 0.4 * column as f32), top + 24.0 + 100.0 * floor as f32);
                sheet.block(left, up, wide * 0.24, 56.0, glass, 0.92);
                sheet.block(left + wide * 0.11, up, 3.0, 56.0, darker(wall, 0.4), 0.8);
            }
        }
        x += wide;
    }
    sheet.block(0.0, h * 0.86, w, h * 0.14, [142.0, 132.0, 126.0], 0.9);
    for _ in 0..60 {
        let (x, y) = (dice.between(0.0, w), dice.between(h * 0.87, h));
        sheet.stroke((x, y), (x + 30.0, y), 2.0, [116.0, 106.0, 102.0], 0.5);
    }
}

fn lanterns(sheet: &mut Sheet, dice: &mut Dice) {
    sheet.wash([34.0, 40.0, 66.0], [74.0, 66.0, 92.0]);
    let (w, h) = (sheet.width, sheet.height);
    for side in [0.0, 0.8] {
        sheet.block(w * side, h * 0.12, w * 0.2, h, [42.0, 36.0, 48.0], 0.9);
        for _ in 0..7 {
            let (x, y) = (w * (side + dice.between(0.03, 0.13)), h * dice.between(0.2, 0.85));
            sheet.block(x, y, w * 0.035, h * 0.055, [250.0, 206.0, 110.0], 0.85);
        }
    }
    let count = 5 + dice.below(7);
    for row in 0..3 {
        for at in 0..count {
            let along = (at as f32 + 0.5) / count as f32;
            let sag = (along * TAU * 0.5).sin();
            let (x, y) = (w * along, h * (0.16 + 0.22 * row as f32 + 0.1 * sag) + dice.between(-9.0, 9.0));
            let size = w * (0.034 - 0.006 * row as f32);
            for glow in (1..6).rev() {
                sheet.blob(x, y, size * glow as f32, size * glow as f32, [255.0, 190.0, 96.0], 0.07);
            }
            sheet.blob(x, y, size, size * 1.15, *dice.pick(&[[252.0, 208.0, 120.0], [248.0, 168.0, 92.0], [250.0, 224.0, 170.0]]), 0.97);
            sheet.stroke((x - size * 0.7, y), (x + size * 0.7, y), 2.0, [190.0, 110.0, 62.0], 0.5);
            sheet.stroke((x, y - size * 1.15), (x + dice.between(-2.0, 2.0), y - size * 1.7), 2.0, INK, 0.8);
        }
    }
}

fn leaves(sheet: &mut Sheet, dice: &mut Dice) {
    const GREENS: [Colour; 6] =
        [[106.0, 138.0, 84.0], [150.0, 160.0, 84.0], [72.0, 108.0, 84.0], [190.0, 146.0, 74.0], [168.0, 92.0, 62.0], [128.0, 150.0, 120.0]];
    sheet.wash(PAPER, lighter(PAPER, 0.4));
    for at in 0..14 + dice.below(10) {
        let (x, y) = (dice.between(0.08, 0.92) * sheet.width, dice.between(0.1, 0.9) * sheet.height);
        let (long, turn, green) =
            (sheet.width * if at == 0 { 0.22 } else { dice.between(0.06, 0.14) }, dice.between(0.0, TAU), *dice.pick(&GREENS));
        let (dx, dy) = (turn.cos(), turn.sin());
        for step in 0..60 {
            let part = step as f32 / 59.0;
            let (cx, cy) = (x + dx * long * (part - 0.5), y + dy * long * (part - 0.5));
            let half = long * 0.24 * (part * std::f32::consts::PI).sin().powf(0.8);
            sheet.stroke((cx - dy * half, cy + dx * half), (cx + dy * half, cy - dx * half), long / 34.0, green, 0.42);
        }
        sheet.stroke(
            (x - dx * long * 0.68, y - dy * long * 0.68),
            (x + dx * long * 0.48, y + dy * long * 0.48),
            3.0,
            darker(green, 0.35),
            0.8,
        );
    }
}

fn sea(sheet: &mut Sheet, dice: &mut Dice) {
    sheet.wash([246.0, 232.0, 178.0], [232.0, 226.0, 206.0]);
    let shore = sheet.height * dice.between(0.3, 0.42);
    sheet.waves(shore, [142.0, 170.0, 164.0], [48.0, 84.0, 96.0], dice);
    let (w, h) = (sheet.width, sheet.height);
    if dice.below(2) == 0 {
        sheet.blob(w * 0.5, h * 0.66, w * 0.24, h * 0.09, [196.0, 210.0, 208.0], 0.45);
        sheet.blob(w * 0.76, h * 0.64, w * 0.05, h * 0.06, [196.0, 210.0, 208.0], 0.4);
    }
    for _ in 0..18 {
        let (x, y, r) = (dice.between(0.0, w), dice.between(shore + 60.0, h), dice.between(2.0, 6.0));
        sheet.ring(x, y, r, 2.0, [220.0, 232.0, 228.0]);
    }
}

fn window(sheet: &mut Sheet, dice: &mut Dice) {
    sheet.wash([44.0, 52.0, 84.0], [60.0, 58.0, 86.0]);
    let (w, h) = (sheet.width, sheet.height);
    let (left, top, wide, tall) = (w * 0.3, h * 0.2, w * 0.4, h * 0.58);
    for glow in (1..8).rev() {
        let grown = glow as f32 * 13.0;
        sheet.block(left - grown, top - grown, wide + 2.0 * grown, tall + 2.0 * grown, [250.0, 196.0, 104.0], 0.05);
    }
    sheet.block(left, top, wide, tall, [252.0, 214.0, 132.0], 0.97);
    sheet.blob(w * dice.between(0.42, 0.6), top + tall * 0.8, wide * 0.2, tall * 0.26, [120.0, 82.0, 62.0], 0.7);
    sheet.blob(w * 0.5, top + tall * 0.25, wide * 0.12, tall * 0.08, [255.0, 240.0, 196.0], 0.8);
    let blown = dice.between(0.1, 0.3);
    for fold in 0..22 {
        let part = fold as f32 / 22.0;
        sheet.stroke(
            (left + wide * 0.26 * part, top),
            (left + wide * (0.1 + blown) * part, top + tall * 0.96),
            8.0,
            [226.0, 150.0, 118.0],
            0.32,
        );
    }
    for bar in [0.0, 0.5, 1.0] {
        sheet.block(left + wide * bar - 5.0, top - 5.0, 10.0, tall + 10.0, [92.0, 62.0, 54.0], 0.95);
        sheet.block(left - 5.0, top + tall * bar - 5.0, wide + 10.0, 10.0, [92.0, 62.0, 54.0], 0.95);
    }
    sheet.block(left - 22.0, top + tall + 4.0, wide + 44.0, 20.0, [124.0, 92.0, 78.0], 0.95);
}

fn lighter(colour: Colour, by: f32) -> Colour {
    colour.map(|c| c + (255.0 - c) * by)
}

fn darker(colour: Colour, by: f32) -> Colour {
    colour.map(|c| c * (1.0 - by))
}

/// A sheet of paper with its grain.
struct Sheet {
    width: f32,
    height: f32,
    paint: Vec<Colour>,
    seed: u64,
    /// For the unsteady hand.
    dice: Dice,
}

impl Sheet {
    fn new(width: usize, height: usize, seed: u64) -> Self {
        Self { width: width as f32, height: height as f32, paint: vec![PAPER; width * height], seed, dice: Dice::new(seed ^ 0x5EED) }
    }

    fn touch(&mut self, x: i32, y: i32, colour: Colour, strength: f32) {
        if x < 0 || y < 0 || x >= self.width as i32 || y >= self.height as i32 {
            return;
        }
        let under = &mut self.paint[y as usize * self.width as usize + x as usize];
        for (under, over) in under.iter_mut().zip(colour) {
            *under += (over - *under) * strength;
        }
    }

    /// A wash over the whole sheet, from above to below.
    fn wash(&mut self, above: Colour, below: Colour) {
        for y in 0..self.height as i32 {
            let down = y as f32 / self.height;
            let colour = [0, 1, 2].map(|c| above[c] + (below[c] - above[c]) * down);
            for x in 0..self.width as i32 {
                let pooled = 0.86 + 0.14 * self.noise(x as f32 / 90.0, y as f32 / 60.0);
                self.touch(x, y, colour, pooled);
            }
        }
    }

    /// A rounded shape with the darker rim of watercolour.
    fn blob(&mut self, x: f32, y: f32, wide: f32, tall: f32, colour: Colour, strength: f32) {
        let (one, two) = (self.dice.between(0.0, TAU), self.dice.between(0.0, TAU));
        for row in (y - tall * 1.1) as i32..=(y + tall * 1.1) as i32 {
            for column in (x - wide * 1.1) as i32..=(x + wide * 1.1) as i32 {
                let (dx, dy) = ((column as f32 - x) / wide.max(1.0), (row as f32 - y) / tall.max(1.0));
                let turn = dy.atan2(dx);
                let edge = 1.0 + 0.035 * (3.0 * turn + one).sin() + 0.02 * (5.0 * turn + two).sin();
                let out = (dx * dx + dy * dy).sqrt() / edge;
                if out < 1.0 {
                    let soft = ((1.0 - out) * wide.min(tall) / 2.5).min(1.0);
                    let rim = if out > 0.9 { 0.1 * (out - 0.9) * 10.0 } else { 0.0 };
                    self.touch(column, row, darker(colour, rim), strength * soft);
                }
            }
        }
    }

    fn block(&mut self, x: f32, y: f32, wide: f32, tall: f32, colour: Colour, strength: f32) {
        for row in y as i32..(y + tall) as i32 {
            for column in x as i32..(x + wide) as i32 {
                self.touch(column, row, colour, strength);
            }
        }
    }

    fn stroke(&mut self, from: (f32, f32), to: (f32, f32), thick: f32, colour: Colour, strength: f32) {
        let length = ((to.0 - from.0).powi(2) + (to.1 - from.1).powi(2)).sqrt().max(1.0);
        let half = thick / 2.0;
        for step in 0..=length as i32 {
            let part = step as f32 / length;
            let (x, y) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            for row in (y - half) as i32..=(y + half) as i32 {
                for column in (x - half) as i32..=(x + half) as i32 {
                    self.touch(column, row, colour, strength / (1.0 + half * 0.4));
                }
            }
        }
    }

    fn ring(&mut self, x: f32, y: f32, radius: f32, thick: f32, colour: Colour) {
        let steps = (radius * TAU) as i32;
        for step in 0..steps {
            let turn = step as f32 / steps as f32 * TAU;
            let at = (x + turn.cos() * radius, y + turn.sin() * radius);
            self.stroke(at, (at.0 + 0.5, at.1), thick, colour, 0.8);
        }
    }

    fn waves(&mut self, from: f32, near: Colour, deep: Colour, dice: &mut Dice) {
        for y in from as i32..self.height as i32 {
            let down = (y as f32 - from) / (self.height - from);
            let colour = [0, 1, 2].map(|c| near[c] + (deep[c] - near[c]) * down);
            for x in 0..self.width as i32 {
                let ripple = 0.8 + 0.2 * self.noise(x as f32 / 70.0, y as f32 / (6.0 + 14.0 * down));
                self.touch(x, y, colour, ripple);
            }
        }
        for _ in 0..90 {
            let (x, y) = (dice.between(0.0, self.width), dice.between(from + 6.0, self.height));
            let long = dice.between(20.0, 110.0);
            self.stroke((x, y), (x + long, y + dice.between(-2.0, 2.0)), 2.0, lighter(near, 0.5), 0.35);
        }
    }

    /// Smooth noise from 0 to 1.
    fn noise(&self, x: f32, y: f32) -> f32 {
        let corner = |cx: i32, cy: i32| {
            let mixed = (cx as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (cy as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F) ^ self.seed;
            (mixed.wrapping_mul(0x94D0_49BB_1331_11EB) >> 40) as f32 / (1u64 << 24) as f32
        };
        let (left, top) = (x.floor(), y.floor());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (across, down) = (ease(x - left), ease(y - top));
        let (cx, cy) = (left as i32, top as i32);
        let above = corner(cx, cy) + (corner(cx + 1, cy) - corner(cx, cy)) * across;
        let below = corner(cx, cy + 1) + (corner(cx + 1, cy + 1) - corner(cx, cy + 1)) * across;
        above + (below - above) * down
    }

    fn finish(self) -> Result<Bytes, Unavailable> {
        let (width, height) = (self.width as u32, self.height as u32);
        let picture = RgbImage::from_fn(width, height, |x, y| {
            let grain = (self.noise(x as f32 / 2.2, y as f32 / 2.2) - 0.5) * 13.0;
            let colour = self.paint[y as usize * width as usize + x as usize];
            Rgb(colour.map(|c| (c + grain).clamp(0.0, 255.0) as u8))
        });
        let mut file = Vec::new();
        picture.write_to(&mut Cursor::new(&mut file), ImageFormat::Png).map_err(|error| Unavailable(Box::new(error)))?;
        Ok(file.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_paints_the_same_picture_and_another_another() {
        let picture = paint(Motif::Cups, 7).expect("painted");
        assert_eq!(picture, paint(Motif::Cups, 7).expect("painted"));
        assert_ne!(picture, paint(Motif::Cups, 8).expect("painted"));
    }

    /// `PORCHLIGHT_SKETCHES=/tmp cargo nextest run every_motif` leaves them where they can be looked at.
    #[test]
    fn every_motif_can_be_painted() {
        use Motif::{Boats, Cat, Cups, Hills, Houses, Lanterns, Leaves, Sea, Window};
        let folder = std::env::var("PORCHLIGHT_SKETCHES").ok();
        let painted = [Boats, Cat, Cups, Hills, Houses, Lanterns, Leaves, Sea, Window]
            .map(|motif| (format!("{motif:?}"), paint(motif, 9).expect("painted")));
        let faces = (1..=3).map(|seed| {
            (
                format!("portrait{seed}"),
                portrait(Looks { skin: seed as usize, hair: seed as usize, long: seed == 2, glasses: seed == 3 }, seed).expect("painted"),
            )
        });
        for (name, file) in painted.into_iter().chain(faces) {
            assert_eq!(&file[1..4], b"PNG");
            if let Some(folder) = &folder {
                std::fs::write(format!("{folder}/{name}.png"), file).expect("written");
            }
        }
    }
}
