//! From the bytes of an upload to the two kept pictures. Everything of the original but its pixels is left behind: its name,
//! its place, its camera, what hid behind its end.

use domain::pictures::{LARGE_SIDE, LONGEST_UPLOAD_SIDE, MOST_PIXELS, PictureRefusal, SMALL_SIDE};
use fast_image_resize::{
    PixelType, Resizer,
    images::{Image, ImageRef},
};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use webp::{Encoder, PixelLayout, WebPConfig};

/// WebP quality out of 100: past 80, files grow faster than anybody sees.
const QUALITY: f32 = 80.0;
/// How hard the encoder tries, from 0 to 6. Usually that is 4, which takes up to four times as long, while many wait to see what hangs on
/// the wall; a photograph comes out as large, a drawing half as large again.
const EFFORT: i32 = 1;
/// Most bytes that decoding may take beside the file: [`MOST_PIXELS`] at four bytes each, and room to work.
const MOST_DECODING_BYTES: u64 = MOST_PIXELS * 4 + 16 * 1024 * 1024;

/// Two WebP files of one picture.
pub struct Shaped {
    /// At most [`LARGE_SIDE`] on its longest side.
    pub large: Vec<u8>,
    /// At most [`SMALL_SIDE`] on its longest side.
    pub small: Vec<u8>,
    /// Width of the large one.
    pub width: u32,
    /// Height of the large one.
    pub height: u32,
}

/// Decodes and encodes anew. The format is read from the bytes, whatever the file was called; of an animation the first
/// frame is kept. Slow: for a blocking thread.
pub fn shape(file: &[u8]) -> Result<Shaped, PictureRefusal> {
    let picture = Pixels::of(decode(file)?);
    let large = picture.within(LARGE_SIDE)?;
    let small = large.within(SMALL_SIDE)?;
    Ok(Shaped { large: large.encode()?, small: small.encode()?, width: large.width, height: large.height })
}

fn decode(file: &[u8]) -> Result<DynamicImage, PictureRefusal> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| PictureRefusal::Unreadable)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP)) {
        return Err(PictureRefusal::Unreadable);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_UPLOAD_SIDE);
    limits.max_image_height = Some(LONGEST_UPLOAD_SIDE);
    limits.max_alloc = Some(MOST_DECODING_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureRefusal::TooManyPixels);
    }
    let orientation = decoder.orientation().map_err(|error| refusal(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn refusal(error: &ImageError) -> PictureRefusal {
    match error {
        ImageError::Limits(_) => PictureRefusal::TooManyPixels,
        _ => PictureRefusal::Unreadable,
    }
}

/// Eight bits a channel, three channels or (where something shines through) four.
struct Pixels {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
    see_through: bool,
}

impl Pixels {
    fn of(picture: DynamicImage) -> Self {
        let (width, height, see_through) = (picture.width(), picture.height(), picture.color().has_alpha());
        let bytes = if see_through { picture.into_rgba8().into_raw() } else { picture.into_rgb8().into_raw() };
        Self { bytes, width, height, see_through }
    }

    /// The picture with its longest side at most `side`; never larger than it is.
    fn within(&self, side: u32) -> Result<Self, PictureRefusal> {
        let longest = self.width.max(self.height);
        if longest <= side {
            return Ok(Self { bytes: self.bytes.clone(), ..*self });
        }
        let scaled = |length: u32| ((u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest)).max(1) as u32;
        let kind = if self.see_through { PixelType::U8x4 } else { PixelType::U8x3 };
        let from = ImageRef::new(self.width, self.height, &self.bytes, kind).map_err(|_| PictureRefusal::Unreadable)?;
        let mut to = Image::new(scaled(self.width), scaled(self.height), kind);
        Resizer::new().resize(&from, &mut to, None).map_err(|_| PictureRefusal::Unreadable)?;
        Ok(Self { width: to.width(), height: to.height(), see_through: self.see_through, bytes: to.into_vec() })
    }

    fn encode(&self) -> Result<Vec<u8>, PictureRefusal> {
        let layout = if self.see_through { PixelLayout::Rgba } else { PixelLayout::Rgb };
        let mut config = WebPConfig::new().map_err(|()| PictureRefusal::Unreadable)?;
        (config.quality, config.method, config.alpha_compression) = (QUALITY, EFFORT, 1);
        let file = Encoder::new(&self.bytes, layout, self.width, self.height).encode_advanced(&config);
        Ok(file.map_err(|_| PictureRefusal::Unreadable)?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::png;
    use image::{Frame, Rgba, RgbaImage, codecs::gif::GifEncoder};

    fn size(file: &[u8]) -> Result<(u32, u32), PictureRefusal> {
        shape(file).map(|shaped| (shaped.width, shaped.height))
    }

    /// A chunk of a PNG: length, kind, content, checksum (PNG specification, 5.3).
    fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut checksum = u32::MAX;
        for byte in kind.iter().chain(content) {
            checksum ^= u32::from(*byte);
            for _ in 0..8 {
                checksum = if checksum & 1 == 1 { (checksum >> 1) ^ 0xEDB8_8320 } else { checksum >> 1 };
            }
        }
        [&(content.len() as u32).to_be_bytes(), kind.as_slice(), content, &(!checksum).to_be_bytes()].concat()
    }

    fn png_that_says(width: u32, height: u32) -> Vec<u8> {
        let header = [&width.to_be_bytes(), height.to_be_bytes().as_slice(), &[8, 2, 0, 0, 0]].concat();
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &[]), chunk(b"IEND", &[])].concat()
    }

    /// A JPEG of 60 by 20 that says "turn me by 90 degrees" and where it was taken.
    fn jpeg_with_place() -> Vec<u8> {
        let mut jpeg = Vec::new();
        let picture = image::RgbImage::from_pixel(60, 20, image::Rgb([200, 80, 40]));
        picture.write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg).expect("encoded");
        // TIFF, little-endian: one directory with ImageDescription, Orientation 6 and a pointer to the place (Exif 2.3, 4.6).
        let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
        tiff.extend(b"\x0e\x01\x02\0\x0c\0\0\0\x32\0\0\0"); // description: 12 letters at 50
        tiff.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"); // orientation: 6
        tiff.extend(b"\x25\x88\x04\0\x01\0\0\0\x3e\0\0\0"); // place: directory at 62
        tiff.extend(b"\0\0\0\0SECRET PLACE");
        tiff.extend(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0"); // north
        let body = [b"Exif\0\0".to_vec(), tiff].concat();
        let length = (body.len() as u16 + 2).to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, &body, &jpeg[2..]].concat()
    }

    #[test]
    fn a_photograph_is_turned_upright_and_forgets_where_it_was_taken() {
        let file = jpeg_with_place();
        assert!(file.windows(12).any(|w| w == b"SECRET PLACE"));
        let shaped = shape(&file).expect("a photograph");
        assert_eq!((shaped.width, shaped.height), (20, 60));
        for kept in [&shaped.large, &shaped.small] {
            assert_eq!(&kept[..4], b"RIFF");
            assert!(!kept.windows(4).any(|w| w == b"Exif" || w == b"EXIF" || w == b"SECR"));
        }
    }

    #[test]
    fn what_says_it_is_huge_is_refused_by_its_head() {
        assert_eq!(size(&png_that_says(50_000, 50_000)), Err(PictureRefusal::TooManyPixels));
        assert_eq!(size(&png_that_says(15_000, 15_000)), Err(PictureRefusal::TooManyPixels));
    }

    #[test]
    fn what_breaks_off_is_refused() {
        let whole = png(40, 40);
        for end in [1, 8, 20, 40, whole.len() - 20] {
            assert_eq!(size(&whole[..end]), Err(PictureRefusal::Unreadable), "after {end} bytes");
        }
    }

    #[test]
    fn a_drawing_in_markup_is_no_picture_whatever_it_is_called() {
        assert_eq!(size(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), Err(PictureRefusal::Unreadable));
        assert_eq!(size(b"<!doctype html><p>hello"), Err(PictureRefusal::Unreadable));
        assert_eq!(size(b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"), Err(PictureRefusal::Unreadable));
    }

    #[test]
    fn of_an_animation_the_first_frame_stays() {
        let mut gif = Vec::new();
        let frame = |colour| Frame::new(RgbaImage::from_pixel(30, 10, Rgba(colour)));
        GifEncoder::new(&mut gif).encode_frames([frame([255, 0, 0, 255]), frame([0, 0, 255, 255])]).expect("encoded");
        let shaped = shape(&gif).expect("a picture");
        let kept = image::load_from_memory(&shaped.large).expect("a picture").into_rgb8();
        let [red, _, blue] = kept.get_pixel(15, 5).0;
        assert!(red > 200 && blue < 60, "red {red}, blue {blue}");
    }

    #[test]
    fn a_single_pixel_stays_one() {
        assert_eq!(size(&png(1, 1)), Ok((1, 1)));
    }

    #[test]
    fn a_ribbon_keeps_at_least_one_pixel_of_height() {
        let shaped = shape(&png(9000, 1)).expect("a picture");
        assert_eq!((shaped.width, shaped.height), (2048, 1));
    }

    #[test]
    fn what_shines_through_still_does() {
        let mut file = Vec::new();
        RgbaImage::from_pixel(900, 30, Rgba([10, 20, 30, 0])).write_to(&mut Cursor::new(&mut file), ImageFormat::Png).expect("encoded");
        let shaped = shape(&file).expect("a picture");
        let small = image::load_from_memory(&shaped.small).expect("a picture").into_rgba8();
        assert_eq!((small.width(), small.get_pixel(5, 5).0[3]), (720, 0));
    }
}
