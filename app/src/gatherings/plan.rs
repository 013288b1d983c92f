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
        let same = |choice: &Self| choice.repeat().is_some_and(|r| r.how == repeat.how && (r.how == How::Once || r.every == repeat.every));
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
    let form = on_the_server::gathering(&read_upload(&request, &me, form).await?);
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
    answer(request.services.gatherings.change(&me, &slug, &on_the_server::gathering(&read)).await.map_err(of_form))?;
    leptos_axum::redirect(&format!("/gatherings/{}", crate::address::encoded(&slug)));
    Ok(())
}

#[cfg(feature = "ssr")]
mod on_the_server {
    use super::Often;
    use crate::request::ReadForm;
    use domain::{
        gatherings::{
            GatheringForm,
            rule::{How, RepeatForm},
        },
        timeline::Audience,
    };

    /// The form, from its fields.
    pub(super) fn gathering(read: &ReadForm) -> GatheringForm {
        let often = Often::from_word(&read.text("often")).unwrap_or_default();
        let how = match read.text("unit").as_str() {
            "days" => How::Daily,
            "months-weekday" => How::MonthlyByWeekday,
            "months-date" => How::MonthlyByDate,
            "years" => How::Yearly,
            _ => How::Weekly,
        };
        let repeat = often.repeat().unwrap_or_else(|| RepeatForm { how, every: read.text("every"), ..RepeatForm::default() });
        let at = read.text("at");
        let without_picture = read.ticked("without_picture");
        let waiting = read.text("picture").parse().ok();
        GatheringForm {
            title: read.text("title"),
            markdown: read.text("markdown"),
            date: read.text("date"),
            time: read.text("time"),
            minutes: read.text("minutes"),
            time_zone: read.text("time_zone"),
            repeat: RepeatForm { days: read.texts("day"), until: read.text("until"), ..repeat },
            place: if at == "online" { String::new() } else { read.text("place") },
            link: if at == "place" { String::new() } else { read.text("link") },
            audience: if read.ticked("public").is_some() { Audience::Public } else { Audience::Community },
            // A picture that was taken in with an earlier, refused try comes back by its id.
            picture: read.uploaded.first().map(|picture| picture.id).or_else(|| waiting.filter(|_| without_picture.is_none())),
            alt: read.text("alt"),
            without_picture,
            announce: read.ticked("announce"),
        }
    }
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
}
