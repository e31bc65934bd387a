//! The registry of findings: code, slug, severity. One line each; a page each in docs/diagnostics/.

use std::fmt;

/// How grave a finding is.
///
/// ```
/// use rolec::diagnostic::{Code, Severity};
///
/// assert_eq!(Code::EmptyGrant.severity(), Severity::Warning);
/// assert!(Severity::Error < Severity::Note, "the gravest first");
/// assert_eq!(Severity::Note.word(), "note");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The policy gives no table.
    Error,
    /// It gives one, and it is likely not what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Whether a finding is told unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Always,
    /// With `--pedantic` only.
    Pedantic,
}

macro_rules! codes {
    ($($name:ident = $code:literal $slug:literal $severity:ident $told:ident;)*) => {
        /// A sort of finding.
        ///
        /// ```
        /// use rolec::diagnostic::{Code, Severity};
        ///
        /// let code = Code::find("forbid-broken").unwrap();
        /// assert_eq!((code.code(), code.slug()), ("R0611", "forbid-broken"));
        /// assert_eq!((code.severity(), code.is_pedantic()), (Severity::Error, false));
        /// assert_eq!(Code::find("r0611"), Some(code));
        /// assert!(Code::ALL.contains(&code));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "the slug says it, and the page in docs/diagnostics/ explains it")]
        pub enum Code {$($name,)*}

        impl Code {
            /// All of them, by code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            fn entry(self) -> (&'static str, &'static str, Severity, Told) {
                match self {$(Self::$name => ($code, $slug, Severity::$severity, Told::$told),)*}
            }

            /// Its page: the wrong text, the right text, and why.
            #[cfg(any(feature = "cli", feature = "lsp"))]
            #[doc(hidden)] // what `check --explain` prints: of the command line alone
            pub fn page(self) -> &'static str {
                match self {$(Self::$name => include_str!(concat!("../../docs/diagnostics/", $code, ".md")),)*}
            }
        }
    };
}

codes! {
    // Text.
    InvalidUtf8 = "R0001" "invalid-utf8" Error Always;
    HiddenCharacter = "R0002" "hidden-character" Error Always;
    UnknownCharacter = "R0003" "unknown-character" Error Always;
    UnclosedString = "R0004" "unclosed-string" Error Always;
    BadEscape = "R0005" "bad-escape" Error Always;
    BadTime = "R0006" "bad-time" Error Always;
    BadNumber = "R0007" "bad-number" Error Always;
    FileTooLarge = "R0008" "file-too-large" Error Always;
    TooDeep = "R0009" "too-deep" Error Always;
    BadName = "R0010" "bad-name" Error Always;
    DocOfNothing = "R0011" "doc-of-nothing" Warning Always;
    // Syntax.
    UnexpectedText = "R0101" "unexpected-text" Error Always;
    UnclosedBlock = "R0102" "unclosed-block" Error Always;
    StrayBrace = "R0103" "stray-brace" Error Always;
    MisplacedMember = "R0104" "misplaced-member" Error Always;
    SaidTwice = "R0106" "said-twice" Error Always;
    // Names.
    UnknownCatalog = "R0201" "unknown-catalog" Error Always;
    UnknownRole = "R0202" "unknown-role" Error Always;
    UnknownCategory = "R0203" "unknown-category" Error Always;
    UnknownRow = "R0204" "unknown-row" Error Always;
    UnknownKind = "R0205" "unknown-kind" Error Always;
    DuplicateName = "R0206" "duplicate-name" Error Always;
    NoCatalog = "R0207" "no-catalog" Error Always;
    VersionMismatch = "R0208" "version-mismatch" Error Always;
    AlteredBuiltIn = "R0209" "altered-built-in" Error Always;
    OtherCatalog = "R0210" "other-catalog" Error Always;
    UnknownPrincipal = "R0211" "unknown-principal" Error Always;
    ConfusableName = "R0212" "confusable-name" Warning Always;
    MixedScript = "R0213" "mixed-script" Warning Always;
    ConfusableTitle = "R0214" "confusable-title" Warning Always;
    UnknownOrganization = "R0215" "unknown-organization" Error Always;
    // Catalogs.
    BadKind = "R0301" "bad-kind" Error Always;
    BadWithout = "R0302" "bad-without" Error Always;
    NothingOffered = "R0303" "nothing-offered" Error Always;
    BottomlessManaged = "R0304" "bottomless-managed" Error Always;
    TooManyActions = "R0305" "too-many-actions" Error Always;
    UnknownLimit = "R0306" "unknown-limit" Error Always;
    // Levels and grants.
    LevelNotOffered = "R0401" "level-not-offered" Error Always;
    DuplicateEntry = "R0402" "duplicate-entry" Error Always;
    UnknownSpread = "R0403" "unknown-spread" Error Always;
    BlindSpread = "R0404" "blind-spread" Warning Always;
    FlagsUnderSpread = "R0405" "flags-under-spread" Note Pedantic;
    LoweredBySpread = "R0406" "lowered-by-spread" Note Always;
    ManagedRow = "R0407" "managed-row" Warning Always;
    RepeatedLevel = "R0408" "repeated-level" Warning Always;
    EmptyGrant = "R0409" "empty-grant" Warning Always;
    IdleLevel = "R0410" "idle-level" Warning Always;
    // Roles.
    RoleCycle = "R0501" "role-cycle" Error Always;
    RepeatedBase = "R0502" "repeated-base" Warning Always;
    RoleLimit = "R0503" "role-limit" Error Always;
    RoleLimitNear = "R0504" "role-limit-near" Warning Always;
    TooManyRoles = "R0505" "too-many-roles" Error Always;
    // Organizations and principals.
    NeverValid = "R0601" "never-valid" Error Always;
    AmbiguousPrincipal = "R0602" "ambiguous-principal" Error Always;
    OverlappingAssignment = "R0603" "overlapping-assignment" Warning Always;
    // Forbids and tests.
    ForbidBroken = "R0611" "forbid-broken" Error Always;
    ForbidOfNothing = "R0612" "forbid-of-nothing" Error Always;
    RequirementUnmet = "R0613" "requirement-unmet" Error Always;
    RequirementOfNothing = "R0614" "requirement-of-nothing" Error Always;
    AssertionOfNothing = "R0621" "assertion-of-nothing" Error Always;
    PartlyHeld = "R0622" "partly-held" Warning Always;
    EmptyTest = "R0623" "empty-test" Warning Always;
    MixedSet = "R0624" "mixed-set" Error Always;
    WrongCells = "R0625" "wrong-cells" Error Always;
    // Assignments from a file of rows.
    BadRow = "R0631" "bad-row" Error Always;
    BadColumns = "R0632" "bad-columns" Error Always;
    MoreRows = "R0633" "more-rows" Error Always;
    // What the policy stands on.
    UnconfirmedCell = "R0701" "unconfirmed-cell" Note Pedantic;
    // Advice on lines of roles.
    RedundantEntry = "R0801" "redundant-entry" Note Always;
    FloorSpeltOut = "R0802" "floor-spelt-out" Note Always;
    OverriddenSpread = "R0803" "overridden-spread" Note Always;
    WriteWithoutView = "R0804" "write-without-view" Warning Always;
    DeleteWithoutUpdate = "R0805" "delete-without-update" Note Pedantic;
    FullWithoutFlags = "R0806" "full-without-flags" Note Always;
    EscalatingGrant = "R0807" "escalating-grant" Warning Always;
    RedundantBase = "R0808" "redundant-base" Note Always;
    OverriddenBases = "R0809" "overridden-bases" Note Always;
    // Advice on roles.
    UnassignedRole = "R0811" "unassigned-role" Note Always;
    CopiedRole = "R0812" "copied-role" Note Always;
    EmptyRole = "R0813" "empty-role" Note Always;
    DefaultRoleAgain = "R0814" "default-role-again" Note Pedantic;
    EqualRoles = "R0815" "equal-roles" Warning Always;
    NearDuplicateRoles = "R0816" "near-duplicate-roles" Note Always;
    SubsumedRole = "R0817" "subsumed-role" Note Pedantic;
    UnusedTemplate = "R0819" "unused-template" Note Always;
    SingleUseTemplate = "R0820" "single-use-template" Note Pedantic;
    // Advice on assignments.
    ExpiredAssignment = "R0821" "expired-assignment" Note Always;
    EndingAssignment = "R0822" "ending-assignment" Note Always;
    GapOfADay = "R0823" "gap-of-a-day" Warning Always;
    RedundantAssignment = "R0824" "redundant-assignment" Note Always;
    OnlySuperHolder = "R0825" "only-super-holder" Note Always;
    NoSuperHolder = "R0826" "no-super-holder" Note Pedantic;
    UnexplainedSuper = "R0827" "unexplained-super" Note Pedantic;
    SuperServiceAccount = "R0828" "super-service-account" Warning Always;
    EscalatingServiceAccount = "R0829" "escalating-service-account" Note Always;
    EscalatingTogether = "R0837" "escalating-together" Warning Always;
    // Advice on catalogs.
    EscalatingToItself = "R0838" "escalating-to-itself" Warning Always;
    // Advice on forbids and tests.
    UnassignedException = "R0831" "unassigned-exception" Note Always;
    NeedlessException = "R0832" "needless-exception" Note Always;
    ImpliedForbid = "R0833" "implied-forbid" Warning Always;
    ForbidOutOfReach = "R0834" "forbid-out-of-reach" Note Pedantic;
    RepeatedAssertion = "R0835" "repeated-assertion" Warning Always;
    UntestedOrganization = "R0836" "untested-organization" Note Pedantic;
    // Tables.
    NoTable = "R0901" "no-table" Error Always;
    TableVersion = "R0902" "table-version" Error Always;
    DamagedTable = "R0903" "damaged-table" Error Always;
    DecisionsAlone = "R0904" "decisions-alone" Error Always;
    UnsignedTable = "R0906" "unsigned-table" Error Always;
    BrokenSeal = "R0907" "broken-seal" Error Always;
    UntrustedTable = "R0908" "untrusted-table" Error Always;
    ExpiredTable = "R0909" "expired-table" Error Always;
    OlderTable = "R0910" "older-table" Error Always;
    // What is told, and how gravely.
    UnknownFinding = "R0911" "unknown-finding" Warning Always;
    AllowWithoutReason = "R0912" "allow-without-reason" Warning Always;
    AllowedError = "R0913" "allowed-error" Warning Always;
    IdleAllow = "R0914" "idle-allow" Warning Always;
    WrongSetting = "R0921" "wrong-setting" Error Always;
    DamagedSettings = "R0922" "damaged-settings" Error Always;
    // What a machine keeps.
    DamagedState = "R0931" "damaged-state" Error Always;
    // Ourselves.
    CompilerDefect = "R0999" "compiler-defect" Error Always;
}

impl Code {
    /// Its code, as in `R0101`.
    pub fn code(self) -> &'static str {
        self.entry().0
    }

    /// Its slug: a name for the pattern that it finds.
    pub fn slug(self) -> &'static str {
        self.entry().1
    }

    /// How grave it is.
    pub fn severity(self) -> Severity {
        self.entry().2
    }

    /// Whether it is told only to those who ask for everything.
    pub fn is_pedantic(self) -> bool {
        self.entry().3 == Told::Pedantic
    }

    /// The sort of a code or a slug.
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|known| known.code().eq_ignore_ascii_case(text) || known.slug() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
