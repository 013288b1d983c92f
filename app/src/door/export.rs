//! `/settings/export`: what I brought here, to take home as one file. The file itself is the server's (`server/src/export.rs`).

use super::{Asked, Page, settings};
use crate::here::here;
use leptos::prelude::*;

/// `/settings/export`.
pub(super) fn page(asked: &Asked) -> Page {
    let me = asked.me()?;
    let (posts, gatherings) = (here().words.posts.clone(), here().words.gatherings.clone());
    let kept = gatherings.clone();
    let hosts = me.role >= domain::people::Role::Host;
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {settings::head("/settings/export")}
            <p class="lede">"What you brought here is yours. Take all of it home in one file, as often as you like: nothing here changes by it, and nobody is told."</p>
            <section class="section" aria-labelledby="in">
                <h2 id="in">"What is in it"</h2>
                <div class="prose"><ul>
                    <li>"What you wrote: your "{posts}" and replies with their pictures, how they stood before you changed them, and your reactions."</li>
                    <li>"Who you are here: your page, what comes by mail and where to, the sentence that stands about you and the one that waits for your yes."</li>
                    <li>"Where you come: your answers and notes, what you bring, where you were, and on which days you were here."</li>
                    <li>"What you keep: the "{gatherings}" that you planned or keep with others, as they are, and what you hung on their walls."</li>
                    <li>"How you came to know people: introductions of yours, your welcome, whom you greeted and invited, and whom you blocked."</li>
                    {hosts.then(|| view! { <li>"What you do as a host: your weeks, your sparks and prompts, and the time you gave."</li> })}
                </ul></div>
            </section>
            <section class="section" aria-labelledby="not">
                <h2 id="not">"What is not"</h2>
                <div class="prose"><ul>
                    <li>"What others wrote, but for what stands about you and what belongs to "{kept}" that you keep. Of a thread that somebody else began, it has the address and your own words."</li>
                    <li>"What hosts note for each other."</li>
                    <li>"Whatever opens a door: passwords, sign-ins, secret addresses."</li>
                </ul></div>
            </section>
            <section class="section" aria-labelledby="take">
                <h2 id="take">"Take it home"</h2>
                <p>
                    "It is a ZIP file with three things in it: "<code>"readme.html"</code>", which you open by a double click and read; "
                    <code>"porchlight.json"</code>", which is the same for other programs; and a folder with your pictures."
                </p>
                <form method="get" action="/settings/export.zip">
                    <div class="actions"><button class="button" type="submit">"Download my file"</button></div>
                </form>
                <p class="field-hint">"With many pictures it takes a moment to begin. Keep it where only you look: what you wrote to a few is in it, and whom you blocked."</p>
            </section>
        </main>
    }
    .into_any())
}
