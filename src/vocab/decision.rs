//! What an evaluation ends in. There is no third answer: what cannot be decided is a deny with a reason.

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The policy gives it.
    Allow,
    /// The policy does not give it, or does not know what was asked.
    Deny,
}

impl Decision {
    /// Allow when `held`, deny otherwise.
    pub fn allow_if(held: bool) -> Self {
        if held { Self::Allow } else { Self::Deny }
    }

    /// `allow` or `deny`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// What kind of account a principal is. Both kinds share one namespace in their organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrincipalKind {
    /// A person.
    #[default]
    Admin,
    /// A service account.
    Service,
}
