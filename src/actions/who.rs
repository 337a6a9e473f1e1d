//! Who acts, and whether they may.

use newsroom::id::{StaffId, TokenId};
use newsroom::refusal::Refusal;
use newsroom::staff::Account;
use newsroom::staff::policy::{Asker, Permission, Reach, Scope};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    name: String,
    by: By,
}

/// By what somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum By {
    /// Whoever may start the program on the machine, and its settings: everything is theirs.
    Machine,
    /// An account.
    Account(Asker),
    /// A link to one draft: nothing else is theirs, and that is asked for by its secret.
    Link,
}

impl Who {
    /// The person at the command line: whoever may start the program on the machine.
    pub fn operator() -> Self {
        Self { name: "operator".to_owned(), by: By::Machine }
    }

    /// The watched folder, for what the machine's settings say of it.
    pub fn watched_folder() -> Self {
        Self { name: "watched folder".to_owned(), by: By::Machine }
    }

    /// The program itself, where a plan's time came in vain.
    pub fn planning() -> Self {
        Self { name: "planning".to_owned(), by: By::Machine }
    }

    /// The program itself, where it tells administrators of the machine.
    pub fn watching() -> Self {
        Self { name: "watching".to_owned(), by: By::Machine }
    }

    /// Somebody without an account who was sent a link to a draft, by the link's digest.
    pub fn of_link(digest: &str) -> Self {
        Self { name: format!("link {digest}"), by: By::Link }
    }

    /// A member of the staff, by a session or by a token.
    pub fn staff(asker: Asker, token: Option<TokenId>) -> Self {
        let by = token.map(|token| format!(" token {token}")).unwrap_or_default();
        Self { name: format!("staff {}{by}", asker.staff), by: By::Account(asker) }
    }

    /// A member of the staff who has signed in.
    pub fn of(account: &Account) -> Self {
        Self::staff(Asker { staff: account.id, role: account.role, scopes: None }, None)
    }

    /// The name in the log.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    fn asker(&self) -> Option<&Asker> {
        match &self.by {
            By::Account(asker) => Some(asker),
            By::Machine | By::Link => None,
        }
    }

    /// The member of the staff.
    pub fn member(&self) -> Option<StaffId> {
        self.asker().map(|asker| asker.staff)
    }

    /// The scopes of the token that asks; `None` for a person.
    pub fn scopes(&self) -> Option<&[Scope]> {
        self.asker()?.scopes.as_deref()
    }

    /// How far a permission goes.
    pub fn reach(&self, permission: Permission) -> Reach {
        match &self.by {
            By::Machine => Reach::All,
            By::Account(asker) => asker.reach(permission),
            By::Link => Reach::Nothing,
        }
    }

    /// Whether a permission reaches a thing of this owner.
    pub fn reaches(&self, permission: Permission, owner: Option<StaffId>) -> bool {
        match &self.by {
            By::Machine => true,
            By::Account(asker) => asker.reaches(permission, owner),
            By::Link => false,
        }
    }

    /// Whether they may do this to something of their own, at least.
    ///
    /// # Errors
    /// The refusal that says that they may not.
    pub fn may(&self, permission: Permission) -> Result<(), Refusal> {
        if self.reach(permission) > Reach::Nothing { Ok(()) } else { Err(self.may_not(permission)) }
    }

    /// Whether they may do this to a thing of this owner.
    ///
    /// # Errors
    /// The refusal that says that they may not.
    pub fn may_with(&self, permission: Permission, owner: Option<StaffId>) -> Result<(), Refusal> {
        if self.reaches(permission, owner) { Ok(()) } else { Err(self.may_not(permission)) }
    }

    fn may_not(&self, permission: Permission) -> Refusal {
        let Some(asker) = self.asker() else {
            return Refusal::new("not_allowed", "This is not allowed.");
        };
        let scope = Scope::of(permission);
        match &asker.scopes {
            Some(scopes) if !scopes.contains(&scope) => Refusal::new(
                "scope_missing",
                format!("This token may not {}: it lacks the scope \"{scope}\".", permission.told()),
            ),
            _ if asker.role.reach(permission) == Reach::Own => Refusal::new(
                "not_allowed",
                format!("A {} may {} of their own only.", asker.role, permission.told()),
            ),
            _ => Refusal::new(
                "not_allowed",
                format!("{} {} may not {}.", article(asker.role.as_str()), asker.role, permission.told()),
            ),
        }
    }
}

/// The member of the staff whom a name in the log means.
pub fn member_of(name: &str) -> Option<StaffId> {
    name.strip_prefix("staff ")?.split(' ').next()?.parse().ok()
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "An" } else { "A" }
}

#[cfg(test)]
mod tests {
    use newsroom::moment::Moment;
    use newsroom::staff::Role;

    use super::*;

    fn who(role: Role, scopes: Option<&[Scope]>) -> Who {
        let staff = StaffId::new(Moment::from_micros(0), [1; 10]);
        Who::staff(Asker { staff, role, scopes: scopes.map(<[Scope]>::to_vec) }, None)
    }

    fn said(who: &Who, permission: Permission) -> (&'static str, String) {
        let refusal = who.may_with(permission, None).unwrap_err();
        (refusal.code, refusal.sentence)
    }

    #[test]
    fn a_refusal_says_whether_the_role_or_the_token_falls_short() {
        assert_eq!(
            said(&who(Role::Editor, None), Permission::ManageStaff),
            ("not_allowed", "An editor may not manage the staff.".to_owned())
        );
        assert_eq!(
            said(&who(Role::Photographer, None), Permission::WriteStories),
            ("not_allowed", "A photographer may write stories of their own only.".to_owned())
        );
        assert_eq!(
            said(&who(Role::Editor, Some(&[Scope::Read])), Permission::Publish),
            (
                "scope_missing",
                "This token may not publish or withdraw: it lacks the scope \"publish\".".to_owned()
            )
        );
    }

    #[test]
    fn a_name_in_the_log_leads_to_the_member_of_the_staff() {
        let staff = StaffId::new(Moment::from_micros(0), [1; 10]);
        let by_token = TokenId::new(Moment::from_micros(0), [2; 10]);
        let asker = Asker { staff, role: Role::Editor, scopes: None };
        assert_eq!(member_of(Who::staff(asker.clone(), None).as_str()), Some(staff));
        assert_eq!(member_of(Who::staff(asker, Some(by_token)).as_str()), Some(staff));
        assert_eq!(member_of(Who::operator().as_str()), None);
    }

    #[test]
    fn whoever_may_start_the_program_may_do_all_of_it() {
        for permission in Permission::ALL {
            assert_eq!(Who::operator().may_with(permission, None), Ok(()), "{permission:?}");
            assert!(Who::of_link("0").may(permission).is_err(), "a link opens one draft: {permission:?}");
        }
    }
}
