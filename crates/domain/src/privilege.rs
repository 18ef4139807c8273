//! Who may do what to which record: privilege × type × depth, the union of all roles (SE-01 … SE-06).

use crate::entity::{BadDefinition, Catalog, EntityDef, Label, Ownership, ends};
use crate::id::Guid;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// SE-04.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Read,
    Write,
    Delete,
    Append,
    AppendTo,
    Assign,
    Share,
}

impl Action {
    /// Its bit in a share's rights, as in Dataverse's `AccessRights`.
    pub fn bit(self) -> i64 {
        match self {
            Action::Read => 1,
            Action::Write => 2,
            Action::Append => 4,
            Action::AppendTo => 16,
            Action::Create => 32,
            Action::Delete => 65_536,
            Action::Share => 262_144,
            Action::Assign => 524_288,
        }
    }
}

/// How far from the user a privilege reaches. The order is part of the meaning (SE-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    User,
    Unit,
    /// The user's unit and all below it.
    Below,
    Organization,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantDef {
    /// Logical names, `*` for every type, or `@custom` for every type of a customer's own.
    types: Vec<String>,
    actions: Vec<Action>,
    depth: Depth,
}

/// A set of privileges with a name. Ready-made roles are data (`crates/domain/roles`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub name: String,
    pub label: Label,
    /// Whoever may read the record an activity is regarding reads the activity too (decision 10).
    #[serde(default)]
    pub reads_by_regarding: bool,
    /// May administer users, roles, types and mailboxes of others.
    #[serde(default)]
    pub administers: bool,
    #[serde(default, rename = "grant")]
    grants: Vec<GrantDef>,
}

impl Role {
    pub fn parse(toml: &str) -> Result<Role, BadDefinition> {
        toml::from_str(toml)
            .map_err(|it| BadDefinition { entity: "this role".into(), why: it.message().to_owned() })
    }

    /// The key of its row in `role`.
    pub fn id(&self) -> Guid {
        Role::id_of(&self.name)
    }

    /// The key of the role of this name, the same in every installation.
    pub fn id_of(name: &str) -> Guid {
        Guid::named("role", name)
    }

    /// The four that come with the product.
    pub fn standard() -> Result<Vec<Role>, BadDefinition> {
        [
            include_str!("../roles/administrator.toml"),
            include_str!("../roles/manager.toml"),
            include_str!("../roles/readonly.toml"),
            include_str!("../roles/salesperson.toml"),
        ]
        .into_iter()
        .map(Role::parse)
        .collect()
    }

    /// From now on the role may also do this with the records of one type. What is said of a type by its name takes the
    /// place of what is said of `@custom`, so that it can also be less.
    pub fn grant(&mut self, entity: &str, actions: &[Action], depth: Depth) {
        self.grants.push(GrantDef { types: vec![entity.to_owned()], actions: actions.to_vec(), depth });
    }

    fn depth(&self, entity: &EntityDef, action: Action) -> Option<Depth> {
        let by_name = self.grants.iter().any(|it| it.types.iter().any(|name| name == entity.privilege()));
        let means = |name: &str| match name {
            "*" => true,
            "@custom" => entity.custom && !by_name,
            name => name == entity.privilege(),
        };
        let grants = self.grants.iter().filter(|it| it.actions.contains(&action));
        grants.filter(|it| it.types.iter().any(|name| means(name))).map(|it| it.depth).max()
    }
}

/// Where a user stands in the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub user: Guid,
    pub unit: Guid,
    /// All units below the user's own.
    pub units_below: BTreeSet<Guid>,
    pub teams: BTreeSet<Guid>,
}

/// A user with everything that decides what the user may do.
#[derive(Debug, Clone)]
pub struct Actor {
    standing: Standing,
    roles: Vec<Role>,
    catalog: Catalog,
}

impl Actor {
    pub fn new(standing: Standing, roles: Vec<Role>, catalog: Catalog) -> Actor {
        Actor { standing, roles, catalog }
    }

    pub fn user(&self) -> Guid {
        self.standing.user
    }

    pub fn unit(&self) -> Guid {
        self.standing.unit
    }

    /// The user and the user's teams: whom a record can belong to or be shared with to reach this user.
    pub fn principals(&self) -> Vec<Guid> {
        std::iter::once(self.standing.user).chain(self.standing.teams.iter().copied()).collect()
    }

    pub fn administers(&self) -> bool {
        self.roles.iter().any(|it| it.administers)
    }

    /// Whether there is any record of this type the actor may do this to.
    pub fn may(&self, action: Action, entity: &str) -> bool {
        self.scope(action, entity).reach != Reach::Nothing
    }

    /// The only way to a [`Scope`]. A type that is not there gives one that reaches nothing. The scope of a part is that
    /// of what it is part of: who may read the whole reads its parts, and who may change the whole does all else to them.
    pub fn scope(&self, action: Action, entity: &str) -> Scope {
        let Some(def) = self.catalog.get(entity) else {
            return Scope { entity: entity.to_owned(), action, reach: Reach::Nothing };
        };
        let (def, action) = match (self.catalog.whole_of(def), action) {
            (Some(whole), Action::Read) => (whole, Action::Read),
            (Some(whole), _) => (whole, Action::Write),
            (None, action) => (def, action),
        };
        Scope { entity: def.name.clone(), action, reach: self.reach(action, def) }
    }

    /// One scope per type.
    pub fn scopes<'a>(&self, action: Action, entities: impl IntoIterator<Item = &'a str>) -> Scopes {
        Scopes(entities.into_iter().map(|it| (it.to_owned(), self.scope(action, it))).collect())
    }

    /// The same user under definitions that have changed meanwhile.
    pub fn under(&self, catalog: Catalog) -> Actor {
        Actor { catalog, ..self.clone() }
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn reach(&self, action: Action, def: &EntityDef) -> Reach {
        if def.intersect && def.custom && action == Action::Read && self.reads_both_ends(def) {
            return Reach::Everything;
        }
        let depth = self.roles.iter().filter_map(|it| it.depth(def, action)).max();
        let Some(depth) = depth else { return Reach::Nothing };
        match (def.ownership, depth) {
            (_, Depth::Organization) => Reach::Everything,
            (Ownership::Organization | Ownership::Child, _) => Reach::Nothing,
            (Ownership::User, depth) => Reach::Some(Branches {
                principals: self.principals(),
                units: match depth {
                    Depth::Below => {
                        self.standing.units_below.iter().copied().chain([self.standing.unit]).collect()
                    }
                    Depth::Unit => vec![self.standing.unit],
                    Depth::User | Depth::Organization => vec![],
                },
                regarding: self.regarding_scopes(action, def),
            }),
        }
    }

    /// A tie says no more than that there is one: what it ties has scopes of its own. Making one takes rights on its ends.
    fn reads_both_ends(&self, tie: &EntityDef) -> bool {
        ends(tie).is_some_and(|(one, two)| {
            one.targets.iter().chain(&two.targets).all(|it| self.may(Action::Read, it))
        })
    }

    fn regarding_scopes(&self, action: Action, def: &EntityDef) -> Vec<Scope> {
        let activities = def.privilege() == "activitypointer";
        if !activities || action != Action::Read || !self.roles.iter().any(|it| it.reads_by_regarding) {
            return vec![];
        }
        let names: Vec<String> = self.catalog.regardable().map(|it| it.name.clone()).collect();
        (names.iter().map(|name| self.scope(Action::Read, name)))
            .filter(|it| it.reach != Reach::Nothing)
            .collect()
    }
}

/// The records of one type to which an actor may do one thing. The store reads and writes nothing without one,
/// and only [`Actor::scope`] makes one: a forgotten check does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    entity: String,
    action: Action,
    reach: Reach,
}

/// A scope for each type that a question speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(BTreeMap<String, Scope>);

impl Scopes {
    /// `None` for a type that was not thought of when they were made: then nothing of it may be read.
    pub fn get(&self, entity: &str) -> Option<&Scope> {
        self.0.get(entity)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Nothing,
    Everything,
    /// Any of the branches suffices.
    Some(Branches),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branches {
    /// Records these own, or that are shared with them with the action's right.
    pub principals: Vec<Guid>,
    /// Records of these business units.
    pub units: Vec<Guid>,
    /// Activities regarding a record in one of these (decision 10).
    pub regarding: Vec<Scope>,
}

impl Scope {
    pub fn entity(&self) -> &str {
        &self.entity
    }

    pub fn action(&self) -> Action {
        self.action
    }

    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether a record that is not there yet, with this owner and unit, would be within reach.
    pub fn covers(&self, owner: Option<Guid>, unit: Option<Guid>) -> bool {
        match &self.reach {
            Reach::Nothing => false,
            Reach::Everything => true,
            Reach::Some(branches) => {
                owner.is_some_and(|it| branches.principals.contains(&it))
                    || unit.is_some_and(|it| branches.units.contains(&it))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guid(n: u8) -> Guid {
        Guid::v7(u64::from(n), [n; 10])
    }

    fn actor(roles: &[&str]) -> Actor {
        let standing = Standing {
            user: guid(1),
            unit: guid(10),
            units_below: BTreeSet::from([guid(11)]),
            teams: BTreeSet::from([guid(20)]),
        };
        let all = Role::standard().unwrap();
        let roles = all.into_iter().filter(|it| roles.contains(&it.name.as_str())).collect();
        Actor::new(standing, roles, Catalog::standard().unwrap())
    }

    #[track_caller]
    fn units(actor: &Actor, action: Action, entity: &str) -> Vec<Guid> {
        match actor.scope(action, entity).reach() {
            Reach::Some(branches) => branches.units.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_salesperson_reaches_own_records_and_those_of_the_teams() {
        let actor = actor(&["salesperson"]);
        assert_eq!(units(&actor, Action::Read, "account"), []);
        assert_eq!(actor.principals(), [guid(1), guid(20)]);
        assert!(!actor.may(Action::Read, "no such type"));
        assert!(!actor.administers());
    }

    #[test]
    fn roles_add_up_to_the_deepest() {
        assert_eq!(
            units(&actor(&["salesperson", "manager"]), Action::Read, "account"),
            units(&actor(&["manager"]), Action::Read, "account")
        );
    }

    #[test]
    fn mail_is_read_by_whoever_reads_what_it_is_regarding() {
        let scope = actor(&["salesperson"]).scope(Action::Read, "email");
        let Reach::Some(branches) = scope.reach() else { panic!("{scope:?}") };
        assert!(branches.regarding.iter().any(|it| it.entity() == "account"));
        let scope = actor(&["salesperson"]).scope(Action::Write, "email");
        let Reach::Some(branches) = scope.reach() else { panic!("{scope:?}") };
        assert!(branches.regarding.is_empty(), "reading is not writing");
    }

    #[test]
    fn parts_are_reached_through_what_they_are_part_of() {
        let salesperson = actor(&["salesperson"]);
        let parties = salesperson.scope(Action::Read, "activityparty");
        assert_eq!((parties.entity(), parties.action()), ("activitypointer", Action::Read));
        let Reach::Some(branches) = parties.reach() else { panic!("{parties:?}") };
        assert!(!branches.regarding.is_empty(), "parties of mail are read by way of what it is regarding");
        let files = salesperson.scope(Action::Delete, "salesliteratureitem");
        assert_eq!((files.entity(), files.action()), ("salesliterature", Action::Write));
        assert!(!actor(&["readonly"]).may(Action::Create, "activityparty"));
    }

    #[test]
    fn a_new_record_is_covered_by_its_owner_or_its_unit() {
        let scope = actor(&["salesperson"]).scope(Action::Create, "account");
        assert!(scope.covers(Some(guid(1)), None) && scope.covers(Some(guid(20)), Some(guid(99))));
        assert!(!scope.covers(Some(guid(2)), Some(guid(10))) && !scope.covers(None, None));
        let scope = actor(&["manager"]).scope(Action::Create, "account");
        assert!(scope.covers(Some(guid(2)), Some(guid(11))));
    }

    #[test]
    fn a_reader_changes_nothing() {
        let actor = actor(&["readonly"]);
        assert!(actor.may(Action::Read, "account"));
        for action in [Action::Create, Action::Write, Action::Delete, Action::AppendTo, Action::Share] {
            assert!(!actor.may(action, "account"), "{action:?}");
        }
    }

    #[test]
    fn an_administrator_reaches_everything() {
        assert_eq!(actor(&["administrator"]).scope(Action::Delete, "lead").reach(), &Reach::Everything);
    }

    #[test]
    fn nobody_without_a_role_reaches_anything() {
        assert!(!actor(&[]).may(Action::Read, "account"));
    }
}
