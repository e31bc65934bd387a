//! What an evaluation ends in. There is no third answer: what cannot be decided is a deny with a reason.

/// The answer to a request.
///
/// ```
/// use rolec::vocab::Decision;
///
/// assert_eq!(Decision::allow_if(1 + 1 == 2), Decision::Allow);
/// assert_eq!(Decision::Deny.word(), "deny");
/// ```
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
///
/// ```
/// use rolec::table::Table;
/// use rolec::vocab::PrincipalKind;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let kinds: Vec<_> = table.principals().map(|principal| (principal.name(), principal.kind())).collect();
/// assert_eq!(kinds, [("ana@acme.example", PrincipalKind::Admin), ("bot", PrincipalKind::Service)]);
/// assert_eq!(PrincipalKind::Service.word(), "service");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrincipalKind {
    /// A person.
    #[default]
    Admin,
    /// A service account.
    Service,
}

impl PrincipalKind {
    /// The word for it in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Service => "service",
        }
    }
}
