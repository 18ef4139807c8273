//! Who and what there is in a made-up organization, as rows. Everything follows from a number, so that any part can be
//! named without looking it up: eva has 50 rows of her own and 10,000 that are shared with her, in each world alike.

use crate::sheet::{Sheet, key, time};
use domain::id::{Guid, MessageKey};
use store::Cell;

/// What eva may read because it was shared with her.
const SHARED_ACCOUNTS: usize = 1000;
const SHARED_CONTACTS: usize = 5000;
const SHARED_EMAILS: usize = 4000;
const OWN_ACCOUNTS: usize = 10;
const OWN_CONTACTS: usize = 15;
const OWN_EMAILS: usize = 15;
const COLLEAGUES: usize = 200;
/// In eva's mailbox. Half of them are stored: 15 are her own copies, 60 are shared with her, 25 she may not read.
pub const MESSAGES: usize = 200;
const STORED: usize = 100;
const READABLE: usize = 75;

pub struct Cast {
    /// As many contacts and as many activities.
    pub size: usize,
    pub eva: Guid,
    pub unit: Guid,
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn int(number: i64) -> Cell {
    Cell::Int(number)
}

fn first_name(number: usize) -> &'static str {
    const NAMES: [&str; 16] = [
        "Anna", "Bengt", "Cecilia", "David", "Elin", "Fredrik", "Gunnel", "Hans", "Ingrid", "Johan", "Karin",
        "Lars", "Maria", "Nils", "Olga", "Peter",
    ];
    NAMES[number % NAMES.len()]
}

impl Cast {
    fn accounts(&self) -> usize {
        self.size / 5
    }

    /// Between two contacts, two e-mails or two accounts that are shared with eva.
    fn step(&self) -> usize {
        self.size / SHARED_CONTACTS
    }

    fn own_account(&self, number: usize) -> usize {
        number * (self.accounts() / OWN_ACCOUNTS) + 1
    }

    fn own_contact(&self, number: usize) -> usize {
        self.own_account(number % OWN_ACCOUNTS) * 5 + number / OWN_ACCOUNTS
    }

    fn shared_account(&self, number: usize) -> usize {
        number % SHARED_ACCOUNTS * self.step()
    }

    /// Every fifth of them belongs to a shared account.
    fn shared_contact(&self, number: usize) -> usize {
        number % SHARED_CONTACTS * self.step() + 1
    }

    /// The e-mail that a message of the mailbox is stored as.
    fn stored(&self, message: usize) -> usize {
        message * (self.size / STORED)
    }

    fn message_of(&self, email: usize) -> Option<usize> {
        let apart = self.size / STORED;
        (email.is_multiple_of(apart) && email / apart < STORED).then_some(email / apart)
    }

    fn shared_email(&self, number: usize) -> usize {
        let email = number * self.step();
        match self.message_of(email) {
            Some(message) if !(OWN_EMAILS..READABLE).contains(&message) => email + 1,
            _ => email,
        }
    }

    fn owner_of_account(&self, account: usize) -> Guid {
        let own = (0..OWN_ACCOUNTS).any(|it| self.own_account(it) == account);
        if own { self.eva } else { key(1, account % COLLEAGUES) }
    }

    fn owner_of_contact(&self, contact: usize) -> Guid {
        let own = (0..OWN_CONTACTS).any(|it| self.own_contact(it) == contact);
        if own { self.eva } else { key(1, contact % COLLEAGUES) }
    }

    fn owner_of_email(&self, email: usize) -> Guid {
        match self.message_of(email) {
            Some(message) if message < OWN_EMAILS => self.eva,
            _ => key(1, email % COLLEAGUES),
        }
    }

    fn regarding(&self, email: usize) -> Option<usize> {
        match self.message_of(email) {
            Some(message) if message % 3 == 0 => Some(self.shared_account(message * 7)),
            Some(message) if message % 3 == 1 => Some(self.own_account(message % OWN_ACCOUNTS)),
            Some(_) => None,
            None => email.is_multiple_of(2).then_some(email % self.accounts()),
        }
    }

    /// The contacts on a message: who wrote it, and two more.
    pub fn people(&self, message: usize) -> [String; 3] {
        let sender = match message % 4 {
            0 => address(self.own_contact(message / 4 % OWN_CONTACTS)),
            1 => address(self.shared_contact(message * 85)),
            2 => address(self.step() * message + 2),
            _ => format!("stranger{message}@nowhere.example"),
        };
        [sender, address(self.shared_contact(message * 35 + 5)), address(self.size - 1 - message)]
    }

    pub fn message_id(&self, message: usize) -> String {
        if message < STORED { id_of(self.stored(message)) } else { format!("new{message}@world.example") }
    }

    /// Everything but eva and her unit, parents before children.
    pub fn sheets(&self) -> Vec<Sheet<'_>> {
        let sheet = |table, columns, count, row: fn(&Cast, usize) -> Vec<Cell>| {
            Sheet::counted(table, columns, count, move |number| row(self, number))
        };
        vec![
            sheet("systemuser", USER, COLLEAGUES, Cast::user),
            sheet("account", ACCOUNT, self.accounts(), Cast::account),
            sheet("contact", CONTACT, self.size, Cast::contact),
            sheet("emailsearch", "address, entity, recordid, col", self.size, Cast::address_row),
            sheet("word", "word, entity, recordid", self.size * 3, Cast::word),
            sheet("opportunity", OPPORTUNITY, self.accounts() / 4, Cast::opportunity),
            sheet("email", EMAIL, self.size, Cast::email),
            sheet("activitypointer", POINTER, self.size, Cast::pointer),
            sheet("activityparty", PARTY, self.size, Cast::party),
            sheet("tracking", "emailid, userid, trackedon, because", self.size, Cast::tracking),
            sheet("share", SHARE, SHARED_ACCOUNTS + SHARED_CONTACTS + SHARED_EMAILS, Cast::share),
        ]
    }

    fn user(&self, number: usize) -> Vec<Cell> {
        let name = format!("{} Kollega {number}", first_name(number));
        let address = format!("colleague{number}@adventure.example");
        let mut row =
            vec![key(1, number).into(), int(1), text(name.to_lowercase()), text(name), text(address)];
        row.extend([self.unit.into(), false.into(), time(number).into()]);
        row
    }

    fn account(&self, number: usize) -> Vec<Cell> {
        let name = format!("Bolaget {number} AB");
        let mut row = vec![key(2, number).into(), int(1), text(name.to_lowercase()), text(name)];
        row.extend([text("Göteborg"), int(0), int(1)]);
        row.extend(self.owned(self.owner_of_account(number), number));
        row
    }

    fn contact(&self, number: usize) -> Vec<Cell> {
        let (first, last) = (first_name(number), format!("Person{number}"));
        let name = format!("{first} {last}");
        let mut row = vec![key(3, number).into(), int(1), text(name.to_lowercase()), text(name)];
        row.extend([text(first), text(last), text("Inköpare"), key(2, number / 5).into(), text("account")]);
        row.extend([text(address(number)), text("+46 31 123456"), text("Göteborg"), int(0), int(1)]);
        row.extend(self.owned(self.owner_of_contact(number), number));
        row
    }

    #[expect(clippy::unused_self, reason = "All rows are made alike.")]
    fn address_row(&self, number: usize) -> Vec<Cell> {
        vec![text(address(number)), text("contact"), key(3, number).into(), text("emailaddress1")]
    }

    /// First name, last name, address.
    #[expect(clippy::unused_self, reason = "All rows are made alike.")]
    fn word(&self, number: usize) -> Vec<Cell> {
        let contact = number / 3;
        let word = match number % 3 {
            0 => first_name(contact).to_lowercase(),
            1 => format!("person{contact}"),
            _ => address(contact),
        };
        vec![text(word), text("contact"), key(3, contact).into()]
    }

    /// Open, at every fourth account; eva's accounts are among those.
    fn opportunity(&self, number: usize) -> Vec<Cell> {
        let account = number * 4 + 1;
        let name = format!("Affären {number}");
        let mut row = vec![key(4, number).into(), int(1), text(name.to_lowercase()), text(name)];
        row.extend([key(2, account).into(), text("account"), text("Propose"), int(21_600_000_000)]);
        row.extend([int(0), int(1)]);
        row.extend(self.owned(self.owner_of_account(account), number));
        row
    }

    fn email(&self, number: usize) -> Vec<Cell> {
        let subject = format!("Angående leverans {number}");
        let regarding = self.regarding(number);
        let mut row = vec![key(5, number).into(), int(1), text(subject.to_lowercase()), text(subject)];
        row.extend([regarding.map(|it| key(2, it)).into(), regarding.map(|_| "account").into()]);
        row.extend([false.into(), time(number).into(), text("Anna Person"), text("Eva Ek")]);
        row.extend([text(id_of(number)), MessageKey::of_id(&id_of(number)).into()]);
        row.extend([int(1), int(0), int(0), int(1), int(1), int(4)]);
        row.extend(self.owned(self.owner_of_email(number), number));
        row
    }

    fn pointer(&self, number: usize) -> Vec<Cell> {
        let subject = format!("Angående leverans {number}");
        let regarding = self.regarding(number);
        let mut row = vec![key(5, number).into(), int(1), text(subject.to_lowercase()), text("email")];
        row.extend([
            text(subject),
            regarding.map(|it| key(2, it)).into(),
            regarding.map(|_| "account").into(),
        ]);
        row.extend([time(number).into(), int(1), int(2)]);
        row.extend(self.owned(self.owner_of_email(number), number));
        row
    }

    fn party(&self, number: usize) -> Vec<Cell> {
        let contact = number * 7919 % self.size;
        let mut row = vec![key(6, number).into(), int(1), key(5, number).into(), int(1)];
        row.extend([
            key(3, contact).into(),
            text("contact"),
            text(address(contact)),
            text("Anna Person"),
            int(0),
        ]);
        row
    }

    fn tracking(&self, number: usize) -> Vec<Cell> {
        let owner = self.owner_of_email(number);
        vec![key(5, number).into(), owner.into(), time(number).into(), text("\"asked\"")]
    }

    fn share(&self, number: usize) -> Vec<Cell> {
        let (entity, kind, of) = if number < SHARED_ACCOUNTS {
            ("account", 2, self.shared_account(number))
        } else if number < SHARED_ACCOUNTS + SHARED_CONTACTS {
            ("contact", 3, self.shared_contact(number - SHARED_ACCOUNTS))
        } else {
            ("email", 5, self.shared_email(number - SHARED_ACCOUNTS - SHARED_CONTACTS))
        };
        let sortkey = text(format!("{entity} {of}"));
        vec![self.eva.into(), key(kind, of).into(), text(entity), int(1), time(of).into(), sortkey]
    }

    /// `OWNER`.
    fn owned(&self, owner: Guid, number: usize) -> [Cell; 5] {
        [owner.into(), text("systemuser"), self.unit.into(), time(number).into(), time(number).into()]
    }
}

fn address(contact: usize) -> String {
    format!("person{contact}@bolaget{}.example", contact / 5)
}

fn id_of(email: usize) -> String {
    format!("{email}@world.example")
}

const USER: &str =
    "systemuserid, versionnumber, sortkey, fullname, internalemailaddress, businessunitid, isdisabled,
    createdon";
const ACCOUNT: &str = "accountid, versionnumber, sortkey, name, address1_city, statecode, statuscode,
    ownerid, owneridtype, owningbusinessunit, createdon, modifiedon";
const CONTACT: &str =
    "contactid, versionnumber, sortkey, fullname, firstname, lastname, jobtitle, parentcustomerid,
    parentcustomeridtype, emailaddress1, telephone1, address1_city, statecode, statuscode,
    ownerid, owneridtype, owningbusinessunit, createdon, modifiedon";
const OPPORTUNITY: &str = "opportunityid, versionnumber, sortkey, name, customerid, customeridtype, stepname,
    estimatedvalue, statecode, statuscode, ownerid, owneridtype, owningbusinessunit, createdon, modifiedon";
const EMAIL: &str = "activityid, versionnumber, sortkey, subject, regardingobjectid, regardingobjectidtype,
    directioncode, senton, sender, torecipients, messageid, messagekey, correlationmethod, attachmentcount,
    notifications, contentstate, statecode, statuscode, ownerid, owneridtype, owningbusinessunit, createdon,
    modifiedon";
const POINTER: &str = "activityid, versionnumber, sortkey, activitytypecode, subject, regardingobjectid,
    regardingobjectidtype, sortdate, statecode, statuscode, ownerid, owneridtype, owningbusinessunit, createdon,
    modifiedon";
const PARTY: &str = "activitypartyid, versionnumber, activityid, participationtypemask, partyid, partyidtype,
    addressused, partyname, position";
const SHARE: &str = "principalid, recordid, entity, rights, createdon, sortkey";
