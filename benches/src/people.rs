//! Swedish people by the million, with their employers and with the words that find them. Everything follows from a
//! number.

use crate::sheet::{Sheet, key, time};
use domain::id::Guid;
use domain::text;
use store::Cell;

const FIRST: [&str; 32] = [
    "Anna", "Bengt", "Cecilia", "David", "Elin", "Fredrik", "Gunnel", "Hans", "Ingrid", "Johan", "Karin",
    "Lars", "Maria", "Nils", "Olga", "Peter", "Quirin", "Rut", "Sara", "Tomas", "Ulla", "Vera", "Wilma",
    "Xerxes", "Ylva", "Zara", "Åke", "Ärla", "Östen", "Birgit", "Dagny", "Einar",
];
const LAST: [&str; 20] = [
    "Andersson",
    "Bergström",
    "Claesson",
    "Dahlberg",
    "Eriksson",
    "Forsberg",
    "Gustafsson",
    "Hansson",
    "Isaksson",
    "Jansson",
    "Karlsson",
    "Larsson",
    "Magnusson",
    "Nilsson",
    "Olsson",
    "Persson",
    "Rosén",
    "Svensson",
    "Åberg",
    "Öberg",
];
const TOWNS: [&str; 8] = ["Göteborg", "Malmö", "Uppsala", "Västerås", "Örebro", "Linköping", "Umeå", "Åmål"];

pub struct People {
    pub count: usize,
    /// So many have the same employer.
    pub per_account: usize,
    /// Who owns them, with their units, in turns.
    pub owners: Vec<(Guid, Guid)>,
}

/// A number in which each bit depends on each bit of the first (the last step of `SplitMix64`).
pub fn mixed(number: usize) -> usize {
    let mut it = (number as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from(it ^ (it >> 31)).unwrap_or_default()
}

/// One in 32 is called so.
pub fn first_name(at: usize) -> &'static str {
    FIRST[at % FIRST.len()]
}

/// One in 40 is called so; the other half have names of their own.
pub fn common_last_name(at: usize) -> &'static str {
    LAST[at % LAST.len()]
}

/// A word that finds this one alone.
pub fn rare_word(number: usize) -> String {
    format!("k{number:07}")
}

pub fn account(number: usize) -> Guid {
    key(2, number)
}

pub fn contact(number: usize) -> Guid {
    key(3, number)
}

fn first(number: usize) -> &'static str {
    first_name(mixed(number) % FIRST.len())
}

fn last(number: usize) -> String {
    let at = (mixed(number) >> 8) % (LAST.len() * 2);
    LAST.get(at).map_or_else(|| format!("Holm{number}"), |it| (*it).to_owned())
}

fn town(number: usize) -> &'static str {
    TOWNS[(mixed(number) >> 16) % TOWNS.len()]
}

/// As the product keeps it for sorting.
fn sortkey(text: &str) -> String {
    let swap = |it| match it {
        'å' => 'ä',
        'ä' => 'å',
        other => other,
    };
    text::folded(text).chars().map(swap).collect()
}

impl People {
    pub fn accounts(&self) -> usize {
        self.count.div_ceil(self.per_account)
    }

    pub fn sheets(&self) -> Vec<Sheet<'_>> {
        let entity = || Cell::from("contact");
        let words = (0..self.count).flat_map(move |it| {
            let words = self.words(it).into_iter();
            words.map(move |word| vec![word.into(), entity(), contact(it).into()])
        });
        let address = move |it| {
            vec![self.address(it).into(), entity(), contact(it).into(), Cell::from("emailaddress1")]
        };
        vec![
            Sheet::counted("account", ACCOUNT, self.accounts(), |it| self.account(it)),
            Sheet::counted("contact", CONTACT, self.count, |it| self.contact(it)),
            Sheet { table: "word", columns: "word, entity, recordid", rows: Box::new(words) },
            Sheet::counted("emailsearch", "address, entity, recordid, col", self.count, address),
        ]
    }

    fn address(&self, number: usize) -> String {
        format!("{}@bolaget{}.example", rare_word(number), number / self.per_account)
    }

    fn words(&self, number: usize) -> Vec<String> {
        text::words(&format!("{} {} {} {}", first(number), last(number), self.address(number), town(number)))
    }

    fn account(&self, number: usize) -> Vec<Cell> {
        let name = format!("Bolaget{number} AB");
        let mut row: Vec<Cell> =
            vec![account(number).into(), 1_i64.into(), sortkey(&name).into(), name.into()];
        row.extend([Cell::from(town(number)), 0_i64.into(), 1_i64.into()]);
        row.extend(self.owned(number));
        row
    }

    fn contact(&self, number: usize) -> Vec<Cell> {
        let (first, last) = (first(number), last(number));
        let sorted_by = sortkey(&format!("{last} {first}"));
        let mut row: Vec<Cell> = vec![contact(number).into(), 1_i64.into(), sorted_by.into()];
        row.extend([format!("{first} {last}").into(), first.into(), last.into(), Cell::from("Inköpare")]);
        row.extend([account(number / self.per_account).into(), Cell::from("account")]);
        row.extend([self.address(number).into(), "+46 31 123456".into(), Cell::from(town(number))]);
        row.extend([Cell::from(0_i64), 1_i64.into()]);
        row.extend(self.owned(number));
        row
    }

    /// `ownerid, owneridtype, owningbusinessunit, createdon, modifiedon`
    fn owned(&self, number: usize) -> [Cell; 5] {
        let (owner, unit) = self.owners[(mixed(number) >> 24) % self.owners.len()];
        [owner.into(), "systemuser".into(), unit.into(), time(number).into(), time(number).into()]
    }
}

const ACCOUNT: &str = "accountid, versionnumber, sortkey, name, address1_city, statecode, statuscode,
    ownerid, owneridtype, owningbusinessunit, createdon, modifiedon";
const CONTACT: &str =
    "contactid, versionnumber, sortkey, fullname, firstname, lastname, jobtitle, parentcustomerid,
    parentcustomeridtype, emailaddress1, telephone1, address1_city, statecode, statuscode,
    ownerid, owneridtype, owningbusinessunit, createdon, modifiedon";
