//! What an address asks after its question mark.

use crate::address::decoded;

/// The query of an address.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Of the text after the question mark.
    pub fn of(text: &str) -> Self {
        Self(text.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (decoded(name), decoded(value))).collect())
    }
    /// All of it: names and values, in order.
    pub fn all(&self) -> &[(String, String)] {
        &self.0
    }
    /// The first value of a name; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_browsers_write_it() {
        let query = Query::of("next=%2Fposts%2F7%3Fx%3D1&greeting=two+words&empty");
        assert_eq!(
            (query.get("next"), query.get("greeting"), query.get("empty"), query.get("none")),
            ("/posts/7?x=1", "two words", "", "")
        );
    }
}
