//! The address bar: going from page to page without loading a new document.
//!
//! There is one kind of route here, "the page at this address", which the server knows (see [`crate::home`]); so this is all the
//! routing that the client needs, and a router's tenth of a megabyte need not be downloaded. Links are plain links: a click on one
//! that leads to a page of ours is taken over, everything else is the browser's.

use leptos::prelude::*;

/// The address that is shown: path and query.
#[derive(Clone, Copy)]
pub struct Address(RwSignal<String>);

impl Address {
    /// Puts the address of the first page into context, and begins to follow clicks and the back button.
    pub fn provide(first: String) -> Self {
        let address = Self(RwSignal::new(first));
        provide_context(address);
        // Effects run in the browser alone.
        Effect::new(move |_| follow(address));
        address
    }
    /// Path and query.
    pub fn get(self) -> String {
        self.0.get()
    }
    /// Whether this is what is shown now.
    pub fn is(self, address: &str) -> bool {
        self.0.try_with_untracked(|shown| shown == address).unwrap_or(false)
    }
    /// The path.
    pub fn path(self) -> Signal<String> {
        Signal::derive(move || self.0.with(|address| address.split('?').next().unwrap_or("/").to_owned()))
    }
}

/// The value of a parameter in an address's query, decoded.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let query = address.split_once('?')?.1.split('#').next()?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| decoded(value))
        .filter(|value| !value.is_empty())
}

/// Text from an address's query, decoded.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |b: u8| char::from(b).to_digit(16).map(|digit| digit as u8);
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match (rest.next().and_then(hex), rest.next().and_then(hex)) {
                (Some(high), Some(low)) => bytes.push(high * 16 + low),
                _ => bytes.push(b'?'),
            },
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Text as a parameter's value.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/') {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(not(feature = "ssr"))]
use in_the_browser::follow;
#[cfg(not(feature = "ssr"))]
pub use in_the_browser::{arrived, begin_anew, go};

#[cfg(feature = "ssr")]
fn follow(_: Address) {}
/// Goes to an address of ours.
#[cfg(feature = "ssr")]
pub fn go(_: &str) {}
/// The page at the address is shown: the view moves to where it belongs.
#[cfg(feature = "ssr")]
pub fn arrived() {}

#[cfg(not(feature = "ssr"))]
mod in_the_browser {
    use super::Address;
    use leptos::{ev, prelude::*, web_sys};
    use std::cell::{Cell, RefCell};
    use wasm_bindgen::{JsCast, JsValue};

    /// Where the view moves when the page that was asked for is shown.
    enum Then {
        /// To the top, or to what the address's fragment names; the page takes the focus.
        Begin,
        /// Where it was when the page was left, in pixels.
        Back(f64),
    }

    thread_local! {
        static SHOWN: RefCell<Option<Address>> = const { RefCell::new(None) };
        static THEN: RefCell<Option<Then>> = const { RefCell::new(None) };
        static OUTDATED: Cell<bool> = const { Cell::new(false) };
    }

    /// What every page shows has changed: the next page is a new document.
    pub fn begin_anew() {
        OUTDATED.set(true);
    }

    pub(super) fn follow(address: Address) {
        SHOWN.set(Some(address));
        if let Ok(history) = window().history() {
            _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Manual);
        }
        window_event_listener(ev::click, move |event| {
            if let Some(to) = taken_over(&event) {
                event.prevent_default();
                go(&to);
            }
        })
        .pipe_forget();
        window_event_listener(ev::popstate, move |event| {
            let y = event.state().as_f64().unwrap_or_default();
            let now = here();
            if OUTDATED.get() {
                _ = window().location().reload();
            } else if address.0.with_untracked(|shown| *shown == now) {
                window().scroll_to_with_x_and_y(0.0, y);
            } else {
                THEN.set(Some(Then::Back(y)));
                address.0.set(now);
            }
        })
        .pipe_forget();
    }

    trait Forget {
        fn pipe_forget(self);
    }
    impl Forget for WindowListenerHandle {
        /// The listener stays as long as the document: dropping the handle does not remove it.
        fn pipe_forget(self) {}
    }

    /// Goes to an address of ours; to any other the browser goes with a new document.
    pub fn go(to: &str) {
        let path = to.split(['?', '#']).next().unwrap_or("/");
        let (Some(address), Ok(history)) = (SHOWN.with_borrow(|shown| *shown), window().history()) else { return };
        if OUTDATED.get() || !crate::home::has(path) {
            _ = window().location().assign(to);
            return;
        }
        // Where one was stands in the entry that is left, for coming back.
        let left = JsValue::from_f64(window().scroll_y().unwrap_or_default());
        _ = history.replace_state_with_url(&left, "", None);
        _ = history.push_state_with_url(&JsValue::NULL, "", Some(to));
        THEN.set(Some(Then::Begin));
        let now = here();
        if address.0.with_untracked(|shown| *shown == now) {
            arrived();
            address.0.notify();
        } else {
            address.0.set(now);
        }
    }

    /// The page at the address is shown: the view moves to where it belongs.
    pub fn arrived() {
        let Some(then) = THEN.take() else { return };
        request_animation_frame(move || match then {
            Then::Back(y) => window().scroll_to_with_x_and_y(0.0, y),
            Then::Begin => {
                let fragment = window().location().hash().unwrap_or_default();
                let named = fragment.strip_prefix('#').filter(|id| !id.is_empty()).and_then(|id| document().get_element_by_id(id));
                match named {
                    Some(element) => element.scroll_into_view(),
                    None => window().scroll_to_with_x_and_y(0.0, 0.0),
                }
                let page = document().get_element_by_id("page").and_then(|page| page.dyn_into::<web_sys::HtmlElement>().ok());
                if let Some(page) = page {
                    let quietly = web_sys::FocusOptions::new();
                    quietly.set_prevent_scroll(true);
                    _ = page.focus_with_options(&quietly);
                }
            }
        });
    }

    fn here() -> String {
        let location = window().location();
        format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
    }

    /// The address that a click leads to, if it leads to a page of ours and nothing says that it should not be taken over.
    fn taken_over(event: &web_sys::MouseEvent) -> Option<String> {
        if event.default_prevented() || event.button() != 0 || event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key()
        {
            return None;
        }
        let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        let link = target.closest("a[href]").ok()??.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
        let location = window().location();
        let elsewhere = !link.target().is_empty() || link.has_attribute("download") || link.rel().split(' ').any(|word| word == "external");
        if elsewhere || Some(link.origin()) != location.origin().ok() || !crate::home::has(&link.pathname()) {
            return None;
        }
        let same_page = location.pathname().ok() == Some(link.pathname()) && location.search().ok() == Some(link.search());
        // Within the page the browser moves by itself.
        if same_page && !link.hash().is_empty() {
            return None;
        }
        Some(format!("{}{}{}", link.pathname(), link.search(), link.hash()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_survives_the_way_there_and_back() {
        for text in ["soup", "žluťoučký kůň", "a&b=c#d%", "50 %"] {
            assert_eq!(parameter(&format!("/?tag={}&x=1", encoded(text)), "tag").as_deref(), Some(text));
        }
        assert_eq!(parameter("/?before=", "before"), None);
    }
}
