// The only script. Everything works without it; with it, fragments are replaced by id instead of loading a page.
//
// A link or form with `data-swap` is fetched with the header X-Fragment, and every element of the answer that stands
// at the top and has an id replaces the one of that id on the page. `data-push` makes it a step in the history.
"use strict";

const html = document.documentElement;
const all = (selector, within) => [...within.querySelectorAll(selector)];

// ---- Theme: the device decides until somebody presses the button. This part runs before anything is drawn.

const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
if (kept()) html.dataset.theme = kept();

function isDark() {
  return (html.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

function showTheme() {
  for (const button of all("[data-theme-toggle]", document)) button.setAttribute("aria-pressed", String(isDark()));
}

function toggleTheme() {
  html.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", html.dataset.theme); } catch { /* Then it lasts as long as the page. */ }
  showTheme();
}

// ---- Fragments

const newest = {};
let shown = location.pathname + location.search;

async function swap(url, target, { busy, ...options } = {}) {
  busy?.setAttribute("aria-busy", "true");
  const turn = newest[target] = (newest[target] || 0) + 1;
  try {
    const answer = await fetch(url, { ...options, headers: { "X-Fragment": target } });
    // Signed out meanwhile, or no page at all: the browser knows better than a script what to show.
    if (answer.status === 401 || !(answer.headers.get("Content-Type") || "").startsWith("text/html")) {
      location.reload();
      return null;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // An answer that was overtaken by a later question is not shown.
    if (turn !== newest[target]) return null;
    // An error instead of what was asked for: a form's is said in a toast, for all else the browser shows the page.
    const lacking = !answer.ok && !page.getElementById(target);
    if (lacking && !(options.method && document.getElementById("toasts"))) throw new Error(answer.statusText);
    if (page.title) document.title = page.title;
    replace(page);
    return answer;
  } finally {
    busy?.removeAttribute("aria-busy");
  }
}

function replace(page) {
  for (const fresh of [...page.body.children]) {
    const old = fresh.id && document.getElementById(fresh.id);
    if (!old || old.outerHTML === fresh.outerHTML) continue;
    const held = old.contains(document.activeElement);
    const scrolled = all("[data-keep-scroll]", old).map((it) => it.scrollTop);
    old.replaceWith(document.adoptNode(fresh));
    all("[data-keep-scroll]", fresh).forEach((it, at) => { it.scrollTop = scrolled[at] || 0; });
    arrive(fresh);
    // A keyboard or a screen reader stays where it was.
    if (held || fresh.querySelector("[autofocus]")) focusIn(fresh);
  }
}

function focusIn(fresh) {
  const here = fresh.querySelector("[autofocus]") || fresh.querySelector("[data-focus]") || fresh;
  if (!here.matches("a, button, input")) here.tabIndex = -1;
  here.focus({ preventScroll: here.tagName !== "INPUT" });
  // On a phone the field comes to the top: what it finds has the room below.
  if (here.matches("[data-results]") && matchMedia("(max-width: 960px)").matches) fresh.scrollIntoView();
}

function follow(link) {
  swap(link.href, link.dataset.swap, { busy: link }).then((answer) => {
    if (!answer || !("push" in link.dataset)) return;
    history.pushState({}, "", answer.redirected ? answer.url : link.href);
    shown = location.pathname + location.search;
    if (matchMedia("(max-width: 960px)").matches) scrollTo(0, 0);
  }, () => { location.href = link.href; });
}

function send(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  // What the page got of the message goes along: the click counts even while the mailbox is away.
  const shown = form.closest("#pane")?.dataset.shown;
  if (shown && form.method === "post") fields.set("shown", shown);
  const url = new URL(form.getAttribute("action"), location.href);
  refetches = 0;
  if (form.method === "get") {
    url.search = fields;
    swap(url, form.dataset.swap, { busy: button }).catch(() => form.submit());
  } else {
    swap(url, form.dataset.swap, { method: "POST", body: fields, busy: button }).catch(() => {
      // The second attempt is the browser's own, which also tells why it fails.
      delete form.dataset.swap;
      form.requestSubmit(button);
    });
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) return toggleTheme();
  const link = event.target.closest("a[data-swap]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  follow(link);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const list = form.querySelector("[data-options]");
  if (list && !answers(list)) {
    event.preventDefault();
    fieldOf(list).dispatchEvent(new Event("input"));
  }
  if (!form.matches("form[data-swap]") || event.defaultPrevented) return;
  event.preventDefault();
  if (!form.querySelector("[aria-busy]")) send(form, event.submitter);
});

addEventListener("popstate", () => { if (location.pathname + location.search !== shown) location.reload(); });

// ---- What is still under way looks again by itself: after two seconds, then ever slower, and never when hidden.

let refetches = 0;

function refetch(pane) {
  const wait = Math.min(2000 * 1.6 ** refetches++, 60000);
  setTimeout(async () => {
    if (!pane.isConnected) return;
    if (!document.hidden) await swap(pane.dataset.refetch, pane.id).catch(() => {});
    if (pane.isConnected) refetch(pane);
  }, wait);
}

// ---- Combobox: a field, its form that searches, and a list of buttons. Arrows choose, Enter presses, Esc closes.
//
// A list says in `data-for` which text it answers. While the field holds another text nothing of the list can be
// chosen: nobody links a message to a record that another word found.

const fieldOf = (list) => document.querySelector(`[data-results="${list.id}"]`);

function answers(list) {
  const field = fieldOf(list);
  return !field || list.dataset.for === field.value.trim();
}

function combobox(field) {
  const list = () => document.getElementById(field.dataset.results);
  let waiting;
  const ask = () => {
    clearTimeout(waiting);
    send(field.form, null);
  };
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", field.dataset.results);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "true");
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
    options(list());
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = answers(list()) ? all(".item", list()) : [];
    const at = items.findIndex((it) => it.getAttribute("aria-selected") === "true");
    if (step && items.length) choose(field, items, (at + step + items.length) % items.length);
    // Before the answer is there Enter only hurries it: one chooses from what one has seen.
    else if (event.key === "Enter" && !answers(list())) ask();
    else if (event.key === "Enter") items[at]?.click();
    else if (event.key === "Escape") document.querySelector("[data-close]")?.click();
    else return;
    event.preventDefault();
  });
  options(list());
}

function options(list) {
  const field = list && fieldOf(list);
  if (!field) return;
  list.setAttribute("role", "listbox");
  const items = all(".item", list);
  items.forEach((it, at) => {
    it.id = `${list.id}-${at}`;
    it.tabIndex = -1;
    it.setAttribute("role", "option");
    it.setAttribute("aria-selected", "false");
  });
  list.toggleAttribute("data-old", !answers(list));
  if (items.length && answers(list)) choose(field, items, 0);
  else field.removeAttribute("aria-activedescendant");
}

function choose(field, items, at) {
  items.forEach((it, number) => it.setAttribute("aria-selected", String(number === at)));
  field.setAttribute("aria-activedescendant", items[at].id);
  items[at].scrollIntoView({ block: "nearest" });
}

// ---- A lookup in a form: what it offers follows the typing.

function lookup(field) {
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    const url = field.dataset.choices + encodeURIComponent(field.value);
    waiting = setTimeout(() => swap(url, field.getAttribute("list")).catch(() => {}), 150);
  });
}

// ---- A message's own page is as high as its content. It runs no scripts, so its origin is harmless to share.

function fit(frame) {
  const measure = () => {
    const page = frame.contentDocument;
    if (!page?.body) return;
    frame.height = 1;
    frame.height = Math.min(page.documentElement.scrollHeight + 16, 20000);
  };
  frame.addEventListener("load", measure);
  addEventListener("resize", measure);
  measure();
}

// ---- Toasts leave after their seconds, but wait while somebody points at them.

function toast(box) {
  let left = Number(box.dataset.seconds);
  const clock = setInterval(() => {
    if (!box.isConnected) return clearInterval(clock);
    if (box.matches(":hover, :focus-within")) return;
    left -= 1;
    const words = box.querySelector(".left");
    if (words) words.textContent = `${left}\u00a0s`;
    if (left <= 0) box.remove();
  }, 1000);
}

// ---- The tick in a table's head ticks all rows of the page.

function tickAll(head) {
  head.hidden = false;
  head.addEventListener("change", () => {
    for (const it of all("tbody .tick input", head.closest("table"))) it.checked = head.checked;
  });
}

function arrive(part) {
  const within = (selector) => (part.matches?.(selector) ? [part] : []).concat(all(selector, part));
  within("[data-refetch]").forEach(refetch);
  within("[data-results]").forEach(combobox);
  within("[data-options]").forEach(options);
  within("[data-choices]").forEach(lookup);
  within("[data-tick-all]").forEach(tickAll);
  within("iframe[data-fit]").forEach(fit);
  within(".toast[data-seconds]").forEach(toast);
}

document.addEventListener("DOMContentLoaded", () => {
  showTheme();
  arrive(document);
});
