//! Parts of a page with their types erased, at a third of the size.
//!
//! The framework's `into_any` brings along a second, asynchronous way of taking over every element, for views that wait for
//! something. The parts of our pages wait for nothing: the one thing that is waited for is the page ([`crate::home`]). So a
//! part is taken over at once, and the second way is not downloaded (it was a quarter of the client).

use leptos::{
    prelude::{AddAnyAttr, AnyView, IntoAny, Render, RenderHtml},
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{Position, PositionState},
    },
};

/// Erases the type of a part of a page.
pub trait IntoPart {
    /// The part.
    fn part(self) -> AnyView;
}

impl<V: RenderHtml> IntoPart for V {
    fn part(self) -> AnyView {
        Part(self).into_any()
    }
}

struct Part<V>(V);

impl<V: Render> Render for Part<V> {
    type State = V::State;
    fn build(self) -> Self::State {
        self.0.build()
    }
    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

impl<V: RenderHtml> AddAnyAttr for Part<V> {
    type Output<A: Attribute> = Part<V::Output<A>>;
    fn add_any_attr<A: Attribute>(self, attribute: A) -> Self::Output<A>
    where
        Self::Output<A>: RenderHtml,
    {
        Part(self.0.add_any_attr(attribute))
    }
}

impl<V: RenderHtml> RenderHtml for Part<V> {
    type AsyncOutput = V::AsyncOutput;
    type Owned = Part<V::Owned>;
    const MIN_LENGTH: usize = V::MIN_LENGTH;
    const EXISTS: bool = V::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }
    async fn resolve(self) -> Self::AsyncOutput {
        self.0.resolve().await
    }
    fn html_len(&self) -> usize {
        self.0.html_len()
    }
    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }
    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_async_with_buf::<OUT_OF_ORDER>(buf, position, escape, mark_branches, extra_attrs);
    }
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }
    fn into_owned(self) -> Self::Owned {
        Part(self.0.into_owned())
    }
}
