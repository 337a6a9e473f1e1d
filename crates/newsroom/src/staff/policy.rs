//! Who may do what: the one place that says so. A role reaches nothing, what is its own, or all; a token reaches no
//! further than its scopes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Role;
use crate::id::StaffId;

/// What may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See drafts, what was published, and where a story was used.
    ReadStories,
    /// Begin and change drafts.
    WriteStories,
    /// Show a story to readers, take it or a photo away from them, and undo that; clear a restriction (R12).
    Publish,
    /// See photos with all that is known of them.
    ReadPhotos,
    /// Send photos.
    SendPhotos,
    /// Fetch the file of a photo as it came.
    ReadOriginals,
    /// See the notices (R34).
    ReadNotices,
    /// Make and remove notices.
    WriteNotices,
    /// See who did what.
    ReadAudit,
    /// See jobs and processes.
    ReadMachinery,
    /// See how the machine is: its disks, its backups, its certificate.
    ReadSystem,
    /// Have a failed job tried again.
    RetryJobs,
    /// See, invite and change colleagues.
    ManageStaff,
    /// See and change what the site is called, and how it is.
    ManageSite,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::ReadStories,
        Self::WriteStories,
        Self::Publish,
        Self::ReadPhotos,
        Self::SendPhotos,
        Self::ReadOriginals,
        Self::ReadNotices,
        Self::WriteNotices,
        Self::ReadAudit,
        Self::ReadMachinery,
        Self::ReadSystem,
        Self::RetryJobs,
        Self::ManageStaff,
        Self::ManageSite,
    ];

    /// What it lets a person do, for a sentence that says that they may not: `may not ...`.
    pub fn told(self) -> &'static str {
        match self {
            Self::ReadStories => "see stories",
            Self::WriteStories => "write stories",
            Self::Publish => "publish or withdraw",
            Self::ReadPhotos => "see photos",
            Self::SendPhotos => "send photos",
            Self::ReadOriginals => "fetch originals",
            Self::ReadNotices => "see notices",
            Self::WriteNotices => "change notices",
            Self::ReadAudit => "see the audit log",
            Self::ReadMachinery => "see jobs and processes",
            Self::ReadSystem => "see how the machine is",
            Self::RetryJobs => "have jobs tried again",
            Self::ManageStaff => "manage the staff",
            Self::ManageSite => "change the site",
        }
    }
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// To what belongs to the person.
    Own,
    /// To everything.
    All,
}

impl Role {
    /// How far a role's permission goes.
    pub fn reach(self, permission: Permission) -> Reach {
        use Permission as P;
        match self {
            Self::Administrator => Reach::All,
            Self::Editor => match permission {
                P::ReadSystem | P::RetryJobs | P::ManageStaff | P::ManageSite => Reach::Nothing,
                _ => Reach::All,
            },
            Self::Moderator => match permission {
                P::ReadStories | P::ReadPhotos | P::ReadNotices => Reach::All,
                _ => Reach::Nothing,
            },
            Self::Photographer => match permission {
                P::ReadStories | P::WriteStories | P::ReadPhotos | P::SendPhotos | P::ReadOriginals => {
                    Reach::Own
                }
                P::ReadNotices => Reach::All,
                _ => Reach::Nothing,
            },
        }
    }
}

/// What a token is for. It never reaches further than the role of the person who made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// See stories, photos, notices, jobs and processes.
    Read,
    /// Send photos.
    Photos,
    /// Write stories.
    Stories,
    /// Publish and withdraw.
    Publish,
    /// Fetch originals.
    Originals,
    /// Change notices.
    Notices,
    /// See the audit log and how the machine is, manage the staff and the site, have jobs tried again.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Read, Self::Photos, Self::Stories, Self::Publish, Self::Originals, Self::Notices, Self::Admin];

    /// As it is kept and told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Photos => "photos",
            Self::Stories => "stories",
            Self::Publish => "publish",
            Self::Originals => "originals",
            Self::Notices => "notices",
            Self::Admin => "admin",
        }
    }

    /// The scope of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }

    /// The scope that a permission belongs to.
    pub fn of(permission: Permission) -> Self {
        use Permission as P;
        match permission {
            P::ReadStories | P::ReadPhotos | P::ReadNotices | P::ReadMachinery => Self::Read,
            P::WriteStories => Self::Stories,
            P::Publish => Self::Publish,
            P::SendPhotos => Self::Photos,
            P::ReadOriginals => Self::Originals,
            P::WriteNotices => Self::Notices,
            P::ReadAudit | P::ReadSystem | P::RetryJobs | P::ManageStaff | P::ManageSite => Self::Admin,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A person who asks, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// Who.
    pub staff: StaffId,
    /// What they are.
    pub role: Role,
    /// The scopes of the token that they ask with; `None` for a person who has signed in.
    pub scopes: Option<Vec<Scope>>,
}

impl Asker {
    /// How far this permission goes for who asks.
    pub fn reach(&self, permission: Permission) -> Reach {
        let in_scope = self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&Scope::of(permission)));
        if in_scope { self.role.reach(permission) } else { Reach::Nothing }
    }

    /// Whether it reaches a thing of this owner; `None` is what belongs to nobody.
    pub fn reaches(&self, permission: Permission, owner: Option<StaffId>) -> bool {
        match self.reach(permission) {
            Reach::All => true,
            Reach::Own => owner == Some(self.staff),
            Reach::Nothing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;

    fn staff(number: u8) -> StaffId {
        StaffId::new(Moment::from_micros(0), [number; 10])
    }

    #[test]
    fn a_photographer_reaches_what_is_their_own_and_publishes_nothing() {
        let ana = Asker { staff: staff(1), role: Role::Photographer, scopes: None };
        assert!(ana.reaches(Permission::WriteStories, Some(staff(1))));
        assert!(!ana.reaches(Permission::WriteStories, Some(staff(2))));
        assert!(!ana.reaches(Permission::ReadPhotos, None));
        assert!(!ana.reaches(Permission::Publish, Some(staff(1))));
    }

    #[test]
    fn nobody_but_an_administrator_reaches_the_staff_and_the_site() {
        for role in Role::ALL {
            let expected = if role == Role::Administrator { Reach::All } else { Reach::Nothing };
            assert_eq!(role.reach(Permission::ManageStaff), expected, "{role}");
            assert_eq!(role.reach(Permission::ManageSite), expected, "{role}");
        }
    }

    #[test]
    fn a_token_reaches_no_further_than_its_scopes_and_never_further_than_its_role() {
        let token = |role, scopes: &[Scope]| Asker { staff: staff(1), role, scopes: Some(scopes.to_vec()) };
        let reader = token(Role::Administrator, &[Scope::Read]);
        assert_eq!(reader.reach(Permission::ReadStories), Reach::All);
        assert_eq!(reader.reach(Permission::Publish), Reach::Nothing);
        assert_eq!(token(Role::Photographer, &Scope::ALL).reach(Permission::Publish), Reach::Nothing);
        for permission in Permission::ALL {
            assert_eq!(token(Role::Administrator, &[]).reach(permission), Reach::Nothing, "{permission:?}");
            let alone = token(Role::Administrator, &[Scope::of(permission)]);
            assert_eq!(alone.reach(permission), Reach::All, "{permission:?}");
        }
    }

    #[test]
    fn a_scope_is_read_by_the_name_it_is_told_by() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
    }
}
