//! Tables that a person reads: aligned, with the targets beside the figures.

/// A table.
pub struct Table {
    title: String,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// With these heads of columns; the first column holds words, the others figures.
    pub fn new(title: &str, heads: &[&str]) -> Self {
        Self { title: title.to_owned(), rows: vec![heads.iter().map(|head| (*head).to_owned()).collect()], notes: Vec::new() }
    }

    /// One more row.
    pub fn row<T: Into<String>>(&mut self, words: &str, figures: impl IntoIterator<Item = T>) {
        self.rows.push(std::iter::once(words.to_owned()).chain(figures.into_iter().map(Into::into)).collect());
    }

    /// A sentence below it.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    /// Prints it.
    pub fn print(&self) {
        println!("\n{}", self.title);
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = String::from("  ");
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                line.push_str(&if column == 0 { format!("{cell:<width$}") } else { format!("   {cell:>width$}") });
            }
            println!("{}", line.trim_end());
        }
        for note in &self.notes {
            println!("  {note}");
        }
    }
}

/// A number with commas between the thousands.
pub fn whole(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(["0", "999", "1,000", "1,234,567"], [0, 999, 1000, 1_234_567].map(whole).each_ref().map(String::as_str));
    }
}
