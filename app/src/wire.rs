//! The client's end of the wire: JSON, fetched plainly.
//!
//! One way of reading JSON for answers and for what came with the page, since every further way is downloaded by everybody. The
//! typed stubs of the framework's server functions are not used in the client for the same reason.

#[cfg(not(feature = "ssr"))]
pub use in_the_browser::{get, send};
#[cfg(feature = "ssr")]
pub use on_the_server::{get, send};

#[cfg(not(feature = "ssr"))]
mod in_the_browser {
    use crate::fault::Trouble;
    use leptos::{prelude::window, web_sys};
    use serde::de::DeserializeOwned;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    /// Reads what a server function answers; `query` is its arguments, encoded.
    pub async fn get<T: DeserializeOwned>(address: &str, query: &str) -> Result<T, Trouble> {
        let text = fetch(&format!("{address}?{query}"), &web_sys::RequestInit::new()).await?;
        serde_json::from_slice(text.as_bytes()).map_err(|_| Trouble::told(""))
    }

    /// Sends a form. Where the answer says that one should go elsewhere, the page goes there.
    pub async fn send(address: &str, data: web_sys::FormData, multipart: bool) -> Result<String, Trouble> {
        let init = web_sys::RequestInit::new();
        init.set_method("POST");
        if multipart {
            init.set_body(&data);
        } else if let Ok(pairs) = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data) {
            init.set_body(&pairs);
        }
        fetch(address, &init).await
    }

    async fn fetch(address: &str, init: &web_sys::RequestInit) -> Result<String, Trouble> {
        let unreached = |_: JsValue| Trouble::unreached();
        let headers = web_sys::Headers::new().map_err(unreached)?;
        headers.set("Accept", "application/json").map_err(unreached)?;
        init.set_headers(&headers);
        let response = JsFuture::from(window().fetch_with_str_and_init(address, init)).await.map_err(unreached)?;
        let response: web_sys::Response = response.dyn_into().map_err(unreached)?;
        let text = JsFuture::from(response.text().map_err(unreached)?).await.map_err(unreached)?;
        let text = text.as_string().unwrap_or_default();
        if !response.ok() {
            return Err(Trouble::told(&text));
        }
        if let Ok(Some(location)) = response.headers().get("location") {
            crate::address::go(&location);
        }
        Ok(text)
    }
}

#[cfg(feature = "ssr")]
mod on_the_server {
    use crate::fault::Trouble;
    use leptos::web_sys;

    /// The server has what it asks for at hand.
    pub async fn get<T>(_: &str, _: &str) -> Result<T, Trouble> {
        Err(Trouble::unreached())
    }

    /// Forms are sent by the client alone.
    pub async fn send(_: &str, _: web_sys::FormData, _: bool) -> Result<String, Trouble> {
        Err(Trouble::unreached())
    }
}
