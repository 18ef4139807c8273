//! What a seller does on the first day, at a desk, on a phone, and without script.

use crate::demo::Demo;
use crate::webdriver::{Browser, DOWN, ENTER, Look};

const MESSAGE: &str = "Signing, with Märta and the board";
const DEAL: &str = "240 city bikes, Malmö office";
const ACCOUNT: &str = "Contoso Sverige AB";

const STATE: &str = "//*[@id='pane']//h2[contains(@class, 'word')]";

fn button(text: &str) -> String {
    format!("//*[@id='pane']//*[self::a or self::button][contains(normalize-space(.), '{text}')]")
}

fn link(text: &str) -> String {
    format!("//main//a[contains(normalize-space(.), '{text}')]")
}

fn state(word: &str) -> String {
    format!("{STATE}[normalize-space(.) = '{word}']")
}

fn open_message(demo: &Demo, look: Look) -> Browser {
    let browser = Browser::open(look);
    browser.go(&demo.link);
    browser.go(&format!("{}/mail", demo.address));
    browser.click(&link(MESSAGE));
    browser.see(&state("Not tracked"));
    browser
}

/// The message stands on the account's timeline, or it does not.
#[track_caller]
fn check_timeline(browser: &Browser, demo: &Demo, stands: bool) {
    browser.go(&format!("{}/search?q=contoso", demo.address));
    browser.click(&link(ACCOUNT));
    browser.see(&format!("//h1[contains(., '{ACCOUNT}')]"));
    assert_eq!(browser.has(&format!("//main//*[contains(text(), '{MESSAGE}')]")), stands, "{MESSAGE}");
}

#[test]
fn a_message_is_set_regarding_a_deal_by_typing_and_let_go_again() {
    let demo = Demo::start();
    let browser = open_message(&demo, Look::DESK);
    browser.click(&button("Set Regarding…"));
    browser.type_into("//input[@id='find']", "240 ci");
    browser.see(&format!("//*[@id='found']//button[contains(., '{DEAL}')][@role='option']//mark"));
    browser.type_into("//input[@id='find']", DOWN);
    browser.picture("story-typing");
    browser.click(&format!("//*[@id='found']//button[contains(., '{DEAL}')]"));
    browser.see(&state("Tracked regarding"));
    browser.see(&button(DEAL));
    browser.see("//*[@id='toasts']//button[contains(., 'Undo')]");
    browser.picture("story-tracked");

    check_timeline(&browser, &demo, true);

    browser.go(&format!("{}/mail", demo.address));
    browser.click(&link(MESSAGE));
    browser.click("//*[@id='pane']//summary");
    browser.see(&button("Deletes the CRM copy"));
    browser.click(&button("Untrack"));
    browser.see(&state("Not tracked"));
    browser.click("//*[@id='toasts']//button[contains(., 'Undo')]");
    browser.see(&state("Tracked regarding"));
    browser.click("//*[@id='pane']//summary");
    browser.click(&button("Untrack"));
    browser.see(&state("Not tracked"));
    check_timeline(&browser, &demo, false);
}

#[test]
fn on_a_phone_the_pane_stands_below_and_enter_takes_the_first_record() {
    let demo = Demo::start();
    let browser = open_message(&demo, Look::PHONE);
    browser.click("//*[@id='jump']");
    browser.click(&button("Set Regarding…"));
    browser.type_into("//input[@id='find']", "240 ci");
    browser.see("//*[@id='found']//button[@aria-selected='true']//mark");
    let (field, rail) = (browser.top("//input[@id='find']"), browser.top("//nav[contains(@class, 'rail')]"));
    assert!(field < rail / 3.0, "The list has no room between the field at {field} and the bar at {rail}");
    browser.type_into("//input[@id='find']", ENTER);
    browser.see(&state("Tracked regarding"));
    browser.picture("story-phone");
    check_timeline(&browser, &demo, true);
}

#[test]
fn enter_chooses_only_what_the_typed_words_found() {
    let demo = Demo::start();
    let browser = open_message(&demo, Look::DESK);
    browser.click(&button("Set Regarding…"));
    browser.see("//*[@id='found']//button[@aria-selected='true']");
    // The suggestions still stand there when Enter comes.
    browser.type_into("//input[@id='find']", &format!("zzz{ENTER}"));
    browser.see("//*[@id='found'][@data-for='zzz'][not(.//button)]");
    browser.type_into("//input[@id='find']", ENTER);
    browser.click("//*[@data-close]");
    browser.see(&state("Not tracked"));

    browser.click(&button("Set Regarding…"));
    browser.type_into("//input[@id='find']", &format!("litw{ENTER}"));
    browser.see("//*[@id='found'][@data-for='litw']//button[@aria-selected='true']//mark");
    browser.type_into("//input[@id='find']", ENTER);
    browser.see(&state("Tracked regarding"));
    browser.see(&button("Litware"));
}

#[test]
fn without_script_the_same_forms_track_and_untrack() {
    let demo = Demo::start();
    let browser = open_message(&demo, Look { script: false, ..Look::DESK });
    browser.click(&button("Set Regarding…"));
    browser.type_into("//input[@id='find']", &format!("240 ci{ENTER}"));
    browser.click(&format!("//*[@id='found']//button[contains(., '{DEAL}')][not(@role)]"));
    browser.see("//main[contains(@class, 'reads')]");
    reload_until(&browser, &state("Tracked regarding"));
    browser.picture("story-without-script");
    check_timeline(&browser, &demo, true);
    browser.go(&format!("{}/mail", demo.address));
    browser.click(&link(MESSAGE));
    browser.click("//*[@id='pane']//summary");
    browser.click(&button("Untrack"));
    browser.see(&state("Not tracked"));
}

/// Without script a pending message does not look again by itself.
fn reload_until(browser: &Browser, xpath: &str) {
    for _ in 0..20 {
        if browser.has(xpath) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
        browser.go(&browser.url());
    }
    browser.see(xpath);
}
