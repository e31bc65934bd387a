//! What is missing around members, by what is left: the leading word of a container or a `use`, the brace of a
//! container's last member.

use crate::syntax::cut::{Container, Cutter, Piece, Sort};
use crate::syntax::token::Kind;

impl Cutter<'_> {
    /// The container that a misspelt word at the top was to open.
    pub(super) fn misspelt_head(&self, at: usize) -> Option<Container> {
        if self.kind(at) != Some(Kind::Word) || !self.names(at + 1) {
            return None;
        }
        let words =
            [Container::Catalog, Container::Organization].map(|container| (container.noun(), container));
        let near = crate::diagnostic::nearest(self.shown(at), words.map(|(noun, _)| noun));
        let (_, container) = words.into_iter().find(|(noun, _)| near.first() == Some(noun))?;
        let end = (at..).find(|at| {
            matches!(self.kind(*at), None | Some(Kind::Open | Kind::Close)) || self.starts_item(*at)
        });
        (self.kind(end?) == Some(Kind::Open)).then_some(container)
    }

    /// The container of which the leading word is missing: an id, and behind the brace what begins a member.
    pub(super) fn wordless_head(&self, at: usize) -> Option<Container> {
        if !self.names(at) {
            return None;
        }
        let is_head = |at: &usize| {
            matches!(self.kind(*at), Some(Kind::String | Kind::Version | Kind::Direct | Kind::Managed))
        };
        let open = (at + 1..at + 6).find(|at| !is_head(at))?;
        let leads = |container: &Container| self.leads(open + 1, *container).is_some();
        let found = [Container::Organization, Container::Catalog].into_iter().find(leads);
        found.filter(|_| self.kind(open) == Some(Kind::Open) && self.is_statement(open + 1))
    }

    /// The end of what would be the file's only `use`, were its leading word not missing: a catalog with its version, or
    /// a catalog at the very start, and nothing else up to where something begins.
    pub(super) fn wordless_use(&self, at: usize) -> Option<usize> {
        let is_use = |piece: &Piece| matches!(piece, Piece::Member { sort: Sort::Use, .. });
        let has_version = self.kind(at + 1) == Some(Kind::String);
        let end = at + 1 + usize::from(has_version);
        let is_alone = self.begins_line(at)
            && (self.kind(end).is_none() || self.starts_item(end) || self.kind(end) == Some(Kind::Forbid));
        let is_one = self.names(at) && (has_version || at == 0) && is_alone;
        (is_one && !self.pieces.iter().any(is_use)).then_some(end)
    }

    /// Gives the last brace of a container that has none back to it, where it stands as far left as the container: its
    /// last member has taken it for want of its own.
    pub(super) fn give_back(&mut self) -> bool {
        let Some(Piece::Member { start, end, .. }) = self.pieces.last() else { return false };
        let (start, close) = (*start, end - 1);
        let is_ours = self.held.is_none()
            && self.kind(close) == Some(Kind::Close)
            && self.is_as_far_left(close)
            && self.indent(close) < self.indent(start);
        if is_ours {
            if let Some(Piece::Member { end, .. }) = self.pieces.last_mut() {
                *end = close;
            }
            self.pieces.push(Piece::End { close: Some(close) });
        }
        is_ours
    }

    /// Whether a token begins a line that is no further in than the head of the container.
    pub(super) fn is_as_far_left(&mut self, at: usize) -> bool {
        if !self.begins_line(at) {
            return false;
        }
        let margin = self.margin.unwrap_or_else(|| self.indent(self.head));
        // Measured once: the line of a head may be as long as a file.
        self.margin = Some(margin);
        self.indent(at) <= margin
    }
}
