//! Planning a gathering and changing one. The pages with the form are in [`crate::door`].

use crate::{fault::Fault, uploads::UploadRefusal};
use domain::gatherings::{
    PlanRefusal,
    rule::{How, RepeatForm},
};
use leptos::{
    prelude::*,
    server_fn::codec::{MultipartData, MultipartFormData},
};
use serde::{Deserialize, Serialize};

/// How often, as one choice of the form: what people usually mean has a choice of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Often {
    /// Once.
    #[default]
    Once,
    /// Every week.
    Week,
    /// Every second week.
    SecondWeek,
    /// Every month on the same weekday, such as the last Thursday.
    MonthWeekday,
    /// Every month on the same date.
    MonthDate,
    /// Every year.
    Year,
    /// In another rhythm, said by further fields.
    Own,
}

impl Often {
    /// All choices, with their words.
    pub const ALL: [(Self, &'static str, &'static str); 7] = [
        (Self::Once, "once", "Once"),
        (Self::Week, "week", "Every week"),
        (Self::SecondWeek, "second-week", "Every second week"),
        (Self::MonthWeekday, "month-weekday", "Every month, on the same weekday"),
        (Self::MonthDate, "month-date", "Every month, on the same date"),
        (Self::Year, "year", "Every year"),
        (Self::Own, "own", "In another rhythm"),
    ];

    /// The word for it in the form.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(often, ..)| *often == self).map_or("once", |(_, word, _)| word)
    }

    /// The choice of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, w, _)| *w == word).map(|(often, ..)| often)
    }

    /// What it means; `None` where further fields say it.
    pub fn repeat(self) -> Option<RepeatForm> {
        let (how, every) = match self {
            Self::Once => (How::Once, ""),
            Self::Week => (How::Weekly, "1"),
            Self::SecondWeek => (How::Weekly, "2"),
            Self::MonthWeekday => (How::MonthlyByWeekday, "1"),
            Self::MonthDate => (How::MonthlyByDate, "1"),
            Self::Year => (How::Yearly, "1"),
            Self::Own => return None,
        };
        Some(RepeatForm { how, every: every.to_owned(), ..RepeatForm::default() })
    }

    /// The choice that says it.
    pub fn of(repeat: &RepeatForm) -> Self {
        let simple = repeat.counted_days.is_empty();
        let same = |choice: &Self| {
            simple && choice.repeat().is_some_and(|r| r.how == repeat.how && (r.how == How::Once || r.every == repeat.every))
        };
        Self::ALL.into_iter().map(|(often, ..)| often).find(same).unwrap_or(Self::Own)
    }
}

/// Plans a gathering, and shows it.
#[server(prefix = "/api", endpoint = "gatherings/plan", input = MultipartFormData)]
pub async fn plan_gathering(form: MultipartData) -> Result<(), Fault<UploadRefusal<PlanRefusal>>> {
    use crate::{
        request::{answer, request},
        uploads::{of_form, read_upload},
    };
    let request = request()?;
    let me = request.me()?;
    let community = request.community()?;
    let form = with_picture(&read_upload(&request, &me, form).await?);
    let slug = answer(request.services.gatherings.plan(&me, &form, &community.zone).await.map_err(of_form))?;
    leptos_axum::redirect(&format!("/gatherings/{}", crate::address::encoded(&slug)));
    Ok(())
}

/// Changes a gathering, and shows it.
#[server(prefix = "/api", endpoint = "gatherings/change", input = MultipartFormData)]
pub async fn change_gathering(form: MultipartData) -> Result<(), Fault<UploadRefusal<PlanRefusal>>> {
    use crate::{
        request::{answer, request},
        uploads::{of_form, read_upload},
    };
    let request = request()?;
    let me = request.me()?;
    let read = read_upload(&request, &me, form).await?;
    let slug = read.text("slug");
    answer(request.services.gatherings.change(&me, &slug, &with_picture(&read)).await.map_err(of_form))?;
    leptos_axum::redirect(&format!("/gatherings/{}", crate::address::encoded(&slug)));
    Ok(())
}

/// Shows which sessions a form would give: without script, the form is shown again with them. It is never done, only looked at.
#[server(prefix = "/api", endpoint = "gatherings/preview", input = MultipartFormData)]
pub async fn preview_gathering(form: MultipartData) -> Result<(), Fault<UploadRefusal<PlanRefusal>>> {
    use crate::{request::request, uploads::read_upload};
    let request = request()?;
    let me = request.me()?;
    read_upload(&request, &me, form).await?;
    crate::request::status(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    Err(Fault::Refused(UploadRefusal::Form(PlanRefusal::OnlyLooked)))
}

#[cfg(feature = "ssr")]
pub(crate) use on_the_server::gathering;

#[cfg(feature = "ssr")]
mod on_the_server {
    use super::Often;
    use domain::{
        gatherings::{
            GatheringForm,
            clock::{RoomForm, RoomKind},
            coming::TermsForm,
            rule::{How, RepeatForm},
        },
        timeline::Audience,
    };

    /// The form, from its fields.
    pub(crate) fn gathering(fields: &[(String, String)]) -> GatheringForm {
        let ticked = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone());
        let text = |name: &str| ticked(name).unwrap_or_default();
        let texts = |name: &str| fields.iter().filter(|(field, _)| field == name).map(|(_, text)| text.clone()).collect::<Vec<_>>();
        let often = Often::from_word(&text("often")).unwrap_or_default();
        let how = match text("unit").as_str() {
            "days" => How::Daily,
            "months-weekday" => How::MonthlyByWeekday,
            "months-date" => How::MonthlyByDate,
            "years" => How::Yearly,
            "rule" => How::Rule,
            _ => How::Weekly,
        };
        let repeat =
            often.repeat().unwrap_or_else(|| RepeatForm { how, every: text("every"), rule: text("rule"), ..RepeatForm::default() });
        let counted = texts("nth").into_iter().zip(texts("nth_day")).filter(|(nth, _)| !nth.is_empty());
        let counted_days = counted.map(|(nth, day)| nth + &day).collect();
        let at = text("at");
        GatheringForm {
            title: text("title"),
            markdown: text("markdown"),
            date: text("date"),
            time: text("time"),
            minutes: text("minutes"),
            time_zone: text("time_zone"),
            repeat: RepeatForm { days: texts("day"), counted_days, until: text("until"), count: text("count"), ..repeat },
            without: texts("without"),
            place: if at == "online" { String::new() } else { text("place") },
            link: if at == "place" { String::new() } else { text("link") },
            audience: Audience::from_word(&text("audience")).unwrap_or_default(),
            named: text("named"),
            cohosts: text("cohosts"),
            terms: TermsForm {
                door: text("door"),
                link_opens: text("link_opens"),
                capacity: text("capacity"),
                guests: text("guests"),
                answer_by: text("answer_by"),
            },
            room: RoomForm {
                kind: RoomKind::from_word(&text("room_kind")).unwrap_or_default(),
                opening: text("room_opening"),
                rounds: text("room_rounds"),
                minutes: text("room_minutes"),
                rest: text("room_rest"),
                prompts: text("room_prompts"),
                silence: text("room_silence"),
            },
            picture: None,
            alt: text("alt"),
            without_picture: ticked("without_picture"),
            announce: ticked("announce"),
            from: text("from"),
            seen: text("seen").parse().unwrap_or_default(),
        }
    }
}

/// The form, with the picture that came along or waited from an earlier, refused try.
#[cfg(feature = "ssr")]
fn with_picture(read: &crate::request::ReadForm) -> domain::gatherings::GatheringForm {
    let form = gathering(&read.fields);
    let waiting = read.text("picture").parse().ok();
    let picture = read.uploaded.first().map(|picture| picture.id).or_else(|| waiting.filter(|_| form.without_picture.is_none()));
    domain::gatherings::GatheringForm { picture, ..form }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_found_again_in_what_it_means() {
        for (often, word, _) in Often::ALL {
            assert_eq!(Often::from_word(word), Some(often));
            assert!(often.repeat().is_none_or(|repeat| Often::of(&repeat) == often));
        }
        let third = RepeatForm { how: How::Weekly, every: "3".into(), ..RepeatForm::default() };
        assert_eq!(Often::of(&third), Often::Own);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_form_that_says_every_week_gives_the_rule_that_was_kept_of_it() {
        let fields = [
            ("often", "week"),
            ("date", "2026-12-03"),
            ("time", "19:30"),
            ("nth", ""),
            ("nth_day", "mo"),
            ("every", "1"),
            ("until", ""),
            ("count", ""),
        ];
        let fields: Vec<(String, String)> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let schedule = gathering(&fields).schedule(&domain::time::Zone::utc()).expect("a schedule");
        assert_eq!(schedule.rule, "FREQ=WEEKLY;BYDAY=TH".parse().ok());
    }
}
