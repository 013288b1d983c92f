//! What changes while a page is open: one stream of hints from the server, to which the parts of the page listen.
//!
//! The browser's `EventSource` comes back by itself after a drop and says what it heard last, so nothing is missed. A hint says
//! only that something changed; the listener asks for it as any page does.

use domain::live::Hint;
use leptos::prelude::*;

type Listener = (u32, Callback<Hint>);

/// The stream, for the parts of the page.
#[derive(Clone, Copy)]
pub struct Live {
    listeners: StoredValue<Vec<Listener>>,
    next: StoredValue<u32>,
}

impl Live {
    /// Puts a stream into the page's context; a member's page opens it in the browser, from where the outbox was when the page was
    /// asked for, so that nothing falls between the two.
    pub fn provide(after: Option<i64>) {
        let live = Self { listeners: StoredValue::new(Vec::new()), next: StoredValue::new(0) };
        provide_context(live);
        if let Some(after) = after {
            // Effects run in the browser alone.
            Effect::new(move |_| open(live, after));
        }
    }

    #[cfg(not(feature = "ssr"))]
    fn tell(self, hint: &Hint) {
        if *hint == Hint::PlaceChanged {
            repaint();
            crate::address::begin_anew();
        }
        // Taken out first: a listener may add or remove listeners.
        for (_, listener) in self.listeners.get_value() {
            listener.run(hint.clone());
        }
    }
}

/// Calls `listener` for each hint as long as the caller's part of the page is there. A page that is being written hears none.
pub fn on_hint(listener: impl Fn(Hint) + Send + Sync + 'static) {
    if cfg!(feature = "ssr") {
        return;
    }
    let Some(live) = use_context::<Live>() else { return };
    let id = live.next.get_value();
    live.next.set_value(id + 1);
    live.listeners.update_value(|all| all.push((id, Callback::new(listener))));
    on_cleanup(move || {
        live.listeners.try_update_value(|all| all.retain(|(other, _)| *other != id));
    });
}

#[cfg(not(feature = "ssr"))]
fn open(live: Live, after: i64) {
    use wasm_bindgen::{JsCast, closure::Closure};
    let Ok(source) = web_sys::EventSource::new(&format!("/live?after={after}")) else { return };
    let heard = StoredValue::new(after);
    let hint = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        if let Ok(position) = event.last_event_id().parse() {
            heard.set_value(position);
        }
        if let Some(hint) = event.data().as_string().and_then(|data| serde_json::from_slice(data.as_bytes()).ok()) {
            live.tell(&hint);
        }
    });
    let hello = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        // While developing, a page of an older build makes way for the new one.
        let built = document().query_selector("meta[name=build]").ok().flatten().and_then(|meta| meta.get_attribute("content"));
        if cfg!(debug_assertions) && built.is_some() && built != event.data().as_string() {
            _ = window().location().reload();
        }
    });
    // So much was missed that it is simpler to begin anew; what was being written is kept as a draft.
    let stale = Closure::<dyn Fn()>::new(|| _ = window().location().reload());
    // A stream that was refused does not come back by itself, as when a proxy answers for a server that begins anew.
    let refused = source.clone();
    let error = Closure::<dyn Fn()>::new(move || {
        if refused.ready_state() == web_sys::EventSource::CLOSED {
            set_timeout(
                move || open(live, heard.get_value()),
                std::time::Duration::from_millis(1000 + (js_sys::Math::random() * 3000.0) as u64),
            );
        }
    });
    _ = source.add_event_listener_with_callback("error", error.as_ref().unchecked_ref());
    error.forget();
    _ = source.add_event_listener_with_callback("stale", stale.as_ref().unchecked_ref());
    stale.forget();
    _ = source.add_event_listener_with_callback("hint", hint.as_ref().unchecked_ref());
    _ = source.add_event_listener_with_callback("hello", hello.as_ref().unchecked_ref());
    // Both live as long as the page.
    hint.forget();
    hello.forget();
    // Closed with the page, so that going away does not look like a drop.
    on_cleanup_of_page(source);
}

/// Takes up new looks at once: the theme is asked for anew. Name, words and logo come with the next page, as a document of its own.
#[cfg(not(feature = "ssr"))]
fn repaint() {
    if let Ok(Some(theme)) = document().query_selector("link[href^='/theme.css']") {
        _ = theme.set_attribute("href", &format!("/theme.css?now={}", js_sys::Date::now()));
    }
}

#[cfg(not(feature = "ssr"))]
fn on_cleanup_of_page(source: web_sys::EventSource) {
    let handle = window_event_listener(leptos::ev::pagehide, move |_| source.close());
    std::mem::forget(handle);
}

#[cfg(feature = "ssr")]
fn open(_: Live, _: i64) {}
