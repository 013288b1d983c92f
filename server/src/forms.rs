//! Forms that are sent without script: a refusal brings the browser back to the page it came from, with what was typed.
//!
//! The framework would put the refusal into the page's address. Here it is kept, with what was typed (but no password), under a
//! code that stands in the address for half an hour; only the one who sent the form is shown it.

use crate::{front::Front, gate};
use app::{forms::KeptForm, request::Request as Asked};
use axum::{
    Extension,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE};
use domain::ids::MemberId;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a refused form is kept.
const KEPT_FOR: Duration = Duration::from_secs(30 * 60);
/// Most forms kept at once; each is bounded by the gate's limit for forms.
const MOST_KEPT: usize = 200;

/// Refused forms, by the code in the address of the page that shows them.
#[derive(Default)]
pub struct KeptForms(Mutex<VecDeque<Kept>>);

struct Kept {
    code: String,
    owner: Option<MemberId>,
    until: Instant,
    form: Arc<KeptForm>,
}

impl KeptForms {
    /// Keeps a form for the one who sent it.
    fn keep(&self, code: String, owner: Option<MemberId>, form: KeptForm) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        all.retain(|kept| kept.until > now);
        while all.len() >= MOST_KEPT {
            all.pop_front();
        }
        all.push_back(Kept { code, owner, until: now + KEPT_FOR, form: Arc::new(form) });
    }

    /// The form of a code, for the one who sent it.
    pub fn find(&self, uri: &Uri, owner: Option<MemberId>) -> Option<Arc<KeptForm>> {
        let code = form_urlencoded::parse(uri.query()?.as_bytes()).find(|(key, _)| key == "kept")?.1;
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|kept| kept.code == code && kept.owner == owner && kept.until > Instant::now()).map(|kept| kept.form.clone())
    }
}

/// Around the server functions: sees to it that a form without script ends on a page.
pub async fn without_script(State(front): State<Front>, Extension(asked): Extension<Asked>, request: Request, next: Next) -> Response {
    let html = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if !html || request.method() != Method::POST {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let back = came_from(&parts.headers, front.origin.as_str());
    // The framework goes by this header, and gives up the refusal where it is missing.
    if let Ok(referer) = HeaderValue::from_str(&format!("{}{back}", front.origin.as_str())) {
        parts.headers.insert(header::REFERER, referer);
    }
    let path = parts.uri.path().to_owned();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut fields: Vec<(String, String)> = Vec::new();
    let body = if kind.starts_with("application/x-www-form-urlencoded") {
        // The gate has read it whole and bounded it.
        let Ok(bytes) = axum::body::to_bytes(body, gate::MOST_FORM_BYTES).await else {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        };
        fields = form_urlencoded::parse(&bytes).into_owned().collect();
        Body::from(bytes)
    } else {
        body
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if response.headers().contains_key("serverfnerror") {
        if let Ok(typed) = asked.typed.lock() {
            fields.extend(typed.iter().cloned());
        }
        fields.retain(|(name, _)| !name.contains("password"));
        let code = asked.services.codes.new_code();
        let sign = if back.contains('?') { '&' } else { '?' };
        let address = format!("{back}{sign}kept={code}");
        let form = KeptForm { path, fields, fault: fault_of(&response).unwrap_or_default() };
        front.kept.keep(code, asked.viewer.id(), form);
        return see(&address);
    }
    if response.headers().contains_key(header::LOCATION) {
        *response.status_mut() = StatusCode::SEE_OTHER;
        // What the function returned is for scripts.
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    response
}

fn see(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The page of ours that the form was on, without the code of an earlier refusal or the word of an earlier success.
fn came_from(headers: &HeaderMap, origin: &str) -> String {
    let referer = headers.get(header::REFERER).and_then(|v| v.to_str().ok());
    let Some(local) = referer.and_then(|referer| gate::local(referer, origin)) else { return "/".into() };
    let local = local.split('#').next().unwrap_or("/").to_owned();
    let Some((path, query)) = local.split_once('?') else { return local };
    let kept: Vec<&str> = query.split('&').filter(|part| !["kept=", "done="].iter().any(|gone| part.starts_with(gone))).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// The fault that the framework put into the address.
fn fault_of(response: &Response) -> Option<String> {
    let location: Uri = response.headers().get(header::LOCATION)?.to_str().ok()?.parse().ok()?;
    let (_, fault) = form_urlencoded::parse(location.query()?.as_bytes()).find(|(key, _)| key == "__err")?;
    String::from_utf8(URL_SAFE.decode(fault.as_bytes()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(referer: &str) -> String {
        let headers = [(header::REFERER, HeaderValue::from_str(referer).expect("a header"))].into_iter().collect();
        came_from(&headers, "https://porch.example")
    }

    #[test]
    fn a_form_goes_back_to_the_page_it_was_on_and_nowhere_else() {
        assert_eq!(from("https://porch.example/settings?done=profile&kept=abc"), "/settings");
        assert_eq!(from("https://porch.example/people?order=name&kept=abc"), "/people?order=name");
        assert_eq!(from("https://evil.example/"), "/");
    }

    #[test]
    fn a_kept_form_is_shown_to_its_sender_alone() {
        let kept = KeptForms::default();
        kept.keep("code".into(), Some(MemberId(1)), KeptForm::default());
        let uri: Uri = "/settings?kept=code".parse().expect("an address");
        assert!(kept.find(&uri, Some(MemberId(1))).is_some());
        assert!(kept.find(&uri, Some(MemberId(2))).is_none());
        assert!(kept.find(&uri, None).is_none());
    }
}
