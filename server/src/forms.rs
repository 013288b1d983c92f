//! Forms that are sent without script: a refusal brings the browser back to the page it came from, with what was typed.
//!
//! The framework would put the refusal into the page's address. Here it is kept, with what was typed (but no password), under a
//! code that stands in the address for half an hour; only the one who sent the form is shown it.

use crate::{front::Front, gate, plain::wants_page};
use app::{
    address::encoded,
    fault::Trouble,
    forms::KeptForm,
    request::{Request as Asked, typed},
};
use axum::{
    Extension,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE};
use domain::{ids::MemberId, viewer::Viewer};
use leptos::server_fn::codec::MultipartData;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a refused form is kept.
const KEPT_FOR: Duration = Duration::from_secs(30 * 60);
/// Most bytes of text kept of one form: the longest text that is taken anywhere, 20,000 characters of house rules.
const MOST_OF_ONE: usize = 64 * 1024;
/// Most bytes of text kept of all forms; past it the oldest go.
const MOST_OF_ALL: usize = 4 * 1024 * 1024;
/// What a form takes besides its text, so that forms without any are bounded too.
const BESIDES: usize = 1024;

/// Refused forms, by the code in the address of the page that shows them.
#[derive(Default)]
pub struct KeptForms(Mutex<VecDeque<Kept>>);

struct Kept {
    code: String,
    sender: Sender,
    until: Instant,
    bytes: usize,
    form: Arc<KeptForm>,
}

/// Who sent a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    member: Option<MemberId>,
    from: String,
}

impl Sender {
    /// The one who asks.
    pub fn of(asked: &Asked) -> Self {
        Self { member: asked.viewer.id(), from: asked.from.clone() }
    }

    /// Whether they are shown what `sender` sent. What somebody sent who was not signed in is theirs also when they are, but not from
    /// another network: else one could lead members to a page that is filled in for them.
    fn is_shown(&self, sender: &Self) -> bool {
        self.member == sender.member || (sender.member.is_none() && self.from == sender.from)
    }
}

impl KeptForms {
    /// Keeps a form for the one who sent it.
    fn keep(&self, code: String, sender: Sender, mut form: KeptForm) {
        let mut bytes = BESIDES + form.fault.len();
        form.fields.retain(|(name, text)| {
            let more = name.len() + text.len();
            let fits = bytes + more <= MOST_OF_ONE;
            bytes += if fits { more } else { 0 };
            fits
        });
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        all.retain(|kept| kept.until > now);
        all.push_back(Kept { code, sender, until: now + KEPT_FOR, bytes, form: Arc::new(form) });
        let mut kept: usize = all.iter().map(|kept| kept.bytes).sum();
        while kept > MOST_OF_ALL {
            kept -= all.pop_front().map_or(kept, |oldest| oldest.bytes);
        }
    }

    /// The form of a code, for the one who sent it.
    pub fn find(&self, uri: &Uri, asks: &Sender) -> Option<Arc<KeptForm>> {
        let code = form_urlencoded::parse(uri.query()?.as_bytes()).find(|(key, _)| key == "kept")?.1;
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .find(|kept| kept.code == code && asks.is_shown(&kept.sender) && kept.until > Instant::now())
            .map(|kept| kept.form.clone())
    }
}

/// Around the server functions: sees to it that a form without script ends on a page.
pub async fn without_script(State(front): State<Front>, Extension(asked): Extension<Asked>, request: Request, next: Next) -> Response {
    if !wants_page(request.headers()) || request.method() != Method::POST {
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
    } else if let (Viewer::Visitor, Ok(boundary)) = (&asked.viewer, multer::parse_boundary(kind)) {
        // They were signed in when they began it. The function will not read it, and what they wrote would be lost.
        fields = typed(MultipartData::Server(multer::Multipart::new(body.into_data_stream(), boundary))).await;
        Body::empty()
    } else {
        body
    };
    let part = part_of(&fields);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if response.headers().contains_key("serverfnerror") {
        if let Ok(typed) = asked.typed.lock() {
            fields.extend(typed.iter().cloned());
        }
        fields.retain(|(name, _)| !name.contains("password"));
        let code = asked.services.codes.new_code();
        let sign = if back.contains('?') { '&' } else { '?' };
        let mut address = format!("{back}{sign}kept={code}");
        let form = KeptForm { path, fields, fault: fault_of(&response).unwrap_or_default() };
        if Trouble::told(&form.fault).signed_out && asked.community.is_some() {
            // Through the sign-in, and from there back to what they wrote.
            address = format!("/sign-in?next={}&kept={code}", encoded(&address));
        } else if let Some(part) = part {
            address = format!("{address}#{part}");
        }
        front.kept.keep(code, Sender::of(&asked), form);
        return see(&address);
    }
    if let Some(location) = response.headers().get(header::LOCATION) {
        let stays = location.to_str().is_ok_and(|location| goes_back(location, front.origin.as_str(), &back));
        if let Some(part) = part.filter(|_| stays)
            && let Ok(address) = HeaderValue::from_str(&format!("{back}#{part}"))
        {
            response.headers_mut().insert(header::LOCATION, address);
        }
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

/// Whether a function sends the browser to where the form was; the framework ends an address without a query in a question mark.
fn goes_back(location: &str, origin: &str, back: &str) -> bool {
    location.strip_prefix(origin).is_some_and(|local| local.trim_end_matches('?') == back)
}

/// The part of its page that a form stands in, and where one goes on afterwards; a form says so where its page is long.
fn part_of(fields: &[(String, String)]) -> Option<String> {
    let (_, part) = fields.iter().find(|(name, _)| name == "back_to")?;
    let is_id = (1..=40).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    is_id.then(|| part.clone())
}

/// The page of ours that the form was on, without the code of an earlier refusal or the word of an earlier success.
fn came_from(headers: &HeaderMap, origin: &str) -> String {
    let referer = headers.get(header::REFERER).and_then(|v| v.to_str().ok());
    let Some(local) = referer.and_then(|referer| gate::local(referer, origin)) else { return "/".into() };
    let local = local.split('#').next().unwrap_or("/").to_owned();
    let Some((path, query)) = local.split_once('?') else { return local };
    let kept: Vec<&str> =
        query.split('&').filter(|part| !part.is_empty() && !["kept=", "done="].iter().any(|gone| part.starts_with(gone))).collect();
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

    fn sender(member: Option<i64>, from: &str) -> Sender {
        Sender { member: member.map(MemberId), from: from.into() }
    }

    fn from(referer: &str) -> String {
        let headers = [(header::REFERER, HeaderValue::from_str(referer).expect("a header"))].into_iter().collect();
        came_from(&headers, "https://porch.example")
    }

    #[test]
    fn a_form_goes_back_to_the_page_it_was_on_and_nowhere_else() {
        assert_eq!(from("https://porch.example/settings?done=profile&kept=abc"), "/settings");
        assert_eq!(from("https://porch.example/people?order=name&kept=abc"), "/people?order=name");
        assert_eq!(from("https://porch.example/?"), "/");
        assert_eq!(from("https://evil.example/"), "/");
    }

    #[test]
    fn a_function_that_sends_elsewhere_is_told_from_one_that_sends_back() {
        let back = |location: &str| goes_back(location, "https://porch.example", "/");
        assert!(back("https://porch.example/") && back("https://porch.example/?"));
        assert!(!back("/") && !back("https://porch.example/posts/7") && !back("https://porch.example/?before=7"));
    }

    #[test]
    fn a_form_goes_back_to_its_part_of_the_page() {
        let part = |part: &str| part_of(&[("slug".into(), "soup".into()), ("back_to".into(), part.into())]);
        assert_eq!(part("p12").as_deref(), Some("p12"));
        assert_eq!([part(""), part("/people"), part("p1\r\nSet-Cookie: a"), part(&"p".repeat(41))], [None, None, None, None]);
        assert_eq!(part_of(&[]), None);
    }

    #[test]
    fn a_kept_form_is_shown_to_its_sender_alone() {
        let kept = KeptForms::default();
        kept.keep("code".into(), sender(Some(1), "home"), KeptForm::default());
        let uri: Uri = "/settings?kept=code".parse().expect("an address");
        assert!(kept.find(&uri, &sender(Some(1), "elsewhere")).is_some());
        assert!(kept.find(&uri, &sender(Some(2), "home")).is_none());
        assert!(kept.find(&uri, &sender(None, "home")).is_none());
    }

    #[test]
    fn who_was_signed_out_meanwhile_finds_the_form_after_signing_in() {
        let kept = KeptForms::default();
        kept.keep("code".into(), sender(None, "home"), KeptForm::default());
        let uri: Uri = "/settings?kept=code".parse().expect("an address");
        assert!(kept.find(&uri, &sender(Some(1), "home")).is_some());
        assert!(kept.find(&uri, &sender(Some(1), "elsewhere")).is_none(), "nobody fills in a form for somebody else");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let kept = KeptForms::default();
        let long = KeptForm { fields: vec![("a".into(), "x".repeat(50_000)), ("b".into(), "x".repeat(50_000))], ..KeptForm::default() };
        for number in 0..100 {
            kept.keep(number.to_string(), sender(None, "home"), long.clone());
        }
        let find = |number: usize| kept.find(&format!("/?kept={number}").parse().expect("an address"), &sender(None, "home"));
        assert_eq!(find(99).map(|form| form.fields.len()), Some(1), "a field that does not fit is left out");
        assert!(find(0).is_none(), "the oldest went");
        let all: usize = kept.0.lock().expect("not poisoned").iter().map(|kept| kept.bytes).sum();
        assert!(all <= MOST_OF_ALL, "{all}");
    }
}
