// The board: one key for each decision. Every word comes from the server; every decision names the hash that was shown.
"use strict";
import { SILENT, element, post, text } from "./asking.js";
import * as kept from "./kept.js";
import { leave, open, reopen, typing } from "./typing.js";

const main = document.getElementById("main");
const $ = (which) => document.querySelector(which);
const card = () => document.getElementById("card");
const list = () => document.getElementById("list");
const rows = () => [...document.querySelectorAll("#list .row")];
const rowOf = (id) => (id ? document.querySelector(`#list .row[data-id="${CSS.escape(id)}"]`) : null);
const narrow = () => getComputedStyle($("nav.list")).display === "none";

const ahead = new Map(); // id -> a card that was asked for before it is needed
const mine = new Set(); // what was decided here a moment ago: nobody needs to be told who did it
const onTheirWay = new Set();
let wanted = ""; // the card that is to be shown last

// what is said, in one place, calmly

let quiet;
const say = (words, undo) => {
  const box = $("#said");
  box.textContent = words;
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Take it back (u)";
    button.addEventListener("click", () => takeBack(undo));
    box.append(button);
  }
  clearTimeout(quiet);
  quiet = setTimeout(() => { box.textContent = ""; }, undo ? 12000 : 9000);
};

// the card in the middle

const where = (id) => {
  const seen = kept.seenOf(id, rowOf(id)?.dataset.supersedes);
  return `/board/card/${encodeURIComponent(id)}${seen && seen !== id ? `?seen=${encodeURIComponent(seen)}` : ""}`;
};

const fetched = (id) => {
  if (!ahead.has(id)) {
    ahead.set(id, text(where(id)));
    ahead.get(id).catch(() => ahead.delete(id));
  }
  return ahead.get(id);
};

const next = (from, step = 1, which = () => true) => {
  const all = rows(), at = all.findIndex((row) => row.dataset.id === from);
  for (let far = 1; far <= all.length; far += 1) {
    const row = all[(at + step * far + all.length * 2) % all.length];
    if (row.dataset.id !== from && which(row)) return row.dataset.id;
  }
  return "";
};
const waits = (row) => row.dataset.state === "waiting" && !("decided" in row.dataset) && !onTheirWay.has(row.dataset.id);

const mark = (id) => {
  for (const row of rows()) {
    const on = row.dataset.id === id;
    row.toggleAttribute("data-on", on);
    if (on) row.querySelector("a").setAttribute("aria-current", "true");
    else row.querySelector("a").removeAttribute("aria-current");
  }
};

const focusOn = (id) => {
  const to = narrow() ? document.getElementById("title") : rowOf(id)?.querySelector("a");
  to?.focus({ preventScroll: true });
  rowOf(id)?.scrollIntoView({ block: "nearest" });
};

const put = (fresh) => {
  const stage = card().querySelector(".stage"), same = card().dataset.id === fresh.dataset.id, top = stage?.scrollTop ?? 0;
  card().replaceWith(fresh);
  if (same) card().querySelector(".stage").scrollTop = top;
  if (fresh.dataset.root) kept.saw(fresh.dataset.root, fresh.dataset.id);
  reopen(fresh);
};

const show = async (id, { push = false, focus = true } = {}) => {
  if (!id) return;
  wanted = id;
  mark(id);
  const inside = focus && !typing();
  let fresh;
  try {
    fresh = element(await fetched(id), "#card");
  } catch (error) {
    return say(error instanceof TypeError ? SILENT : error.message || SILENT);
  }
  if (wanted !== id) return; // a later key was quicker
  wanted = "";
  put(fresh);
  ahead.delete(id);
  mark(fresh.dataset.id);
  main.dataset.shows = "card";
  const address = `/?by=${list().dataset.by}&p=${encodeURIComponent(fresh.dataset.id)}`;
  if (push) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  if (inside) focusOn(fresh.dataset.id);
  const after = next(fresh.dataset.id, 1, waits);
  if (after) fetched(after).catch(() => {});
};

const refresh = (id) => {
  ahead.delete(id);
  return show(id, { focus: false });
};

// decisions

const flights = new Set();

const decide = (verb, more = {}) => {
  const flight = decideNow(verb, more, performance.timeOrigin + performance.now());
  flights.add(flight);
  return flight.finally(() => flights.delete(flight));
};

const decideNow = async (verb, more, pressed) => {
  const { id, sha, title, open: undecided, root } = card().dataset;
  if (wanted && wanted !== id) return say("One moment: the next one is not on the page yet.");
  if (!id || undecided !== "1") return say("There is nothing to decide on this one.");
  if (onTheirWay.has(id)) return undefined;
  onTheirWay.add(id);
  mine.add(id);
  rowOf(id)?.setAttribute("data-busy", "");
  const after = verb === "edit" ? "" : next(id, 1, waits);
  const asked = post("/board/decide", { id, sha, verb, ...more });
  if (after) show(after);
  let answer;
  try {
    answer = await asked;
  } catch {
    answer = { done: false, said: SILENT };
  }
  onTheirWay.delete(id);
  if (!answer.done) {
    rowOf(id)?.removeAttribute("data-busy");
    mine.delete(id);
    say(`${title}: ${answer.said}`);
    ahead.delete(id);
    if (card().dataset.id === id || !after) await refresh(answer.touched ?? id);
    return undefined;
  }
  kept.dropTyped(root, verb);
  leave(root);
  rowOf(id)?.setAttribute("data-decided", ""); // until the row itself comes anew and says so
  if (answer.decision) { // answers may come in another order than the keys
    const all = [...kept.done(), { id, decision: answer.decision, title, pressed }];
    kept.keepDone(all.sort((one, other) => (one.pressed ?? 0) - (other.pressed ?? 0)));
  }
  say(`${title}: ${answer.said}`, answer.decision ? { id, decision: answer.decision, title } : null);
  if (after || (wanted && wanted !== id)) return undefined; // the news of this one may have been quicker than its answer
  if (verb !== "edit" && hidden(list())) await anew(); // those that wait behind the list come up
  const up = verb === "edit" ? "" : next(id, 1, waits); // they may have come up by themselves, while this was on its way
  return up ? show(up) : refresh(id);
};

const takeBack = async (what) => {
  let answer;
  try {
    answer = await post("/board/undo", { id: what.id, decision: what.decision });
  } catch {
    return say(SILENT);
  }
  kept.keepDone(kept.done().filter((each) => each.decision !== what.decision));
  mine.add(what.id);
  rowOf(what.id)?.removeAttribute("data-decided");
  say(`${what.title}: ${answer.said}`);
  ahead.delete(what.id);
  return show(answer.touched ?? what.id);
};

const undo = async () => {
  await Promise.allSettled([...flights]); // the last decision is meant, and it may still be on its way
  const { id, undo: decision, title } = card().dataset;
  const last = kept.done().at(-1);
  if (decision) return takeBack({ id, decision, title });
  if (last) return takeBack(last);
  return say("There is nothing of yours to take back.");
};

const act = (what) => {
  if (what === "approve" || what === "hold" || what === "reject") return decide(what);
  if (what === "edit" || what === "changes") return begin(what);
  if (what === "next") return show(next(card().dataset.id));
  if (what === "undo") return undo();
  if (what === "leave") { leave(card().dataset.root); return focusOn(card().dataset.id); }
  return undefined;
};

const begin = (verb) => {
  if (card().dataset.open !== "1") return say("There is nothing to decide on this one.");
  return open(card(), verb);
};

const send = (form) => {
  const verb = form.dataset.verb, words = form.querySelector("textarea").value;
  if (verb === "changes" && !words.trim()) return say("Say what should change; nothing was sent.");
  return decide(verb, verb === "edit" ? { body: words } : { note: words });
};

// what changes elsewhere

const hidden = (place) => Number(place.dataset.more); // how many wait that a long list leaves out

const counted = () => {
  const all = rows().filter((row) => row.dataset.state === "waiting").length + hidden(list());
  if ($("#waiting")) $("#waiting").textContent = String(all);
  if ($("#waits")) $("#waits").textContent = `${all === 1 ? "waits" : "wait"} for you`;
  document.title = `${all ? `${all} ${all === 1 ? "waits" : "wait"} for you` : "Nothing waits"} · Greenroom`;
  for (const group of document.querySelectorAll("#list .group")) {
    const here = group.querySelectorAll('.row[data-state="waiting"]').length + hidden(group);
    group.querySelector("h2 small").textContent = here ? `${here} ${here === 1 ? "waits" : "wait"}` : "";
  }
};

const anew = async () => {
  ahead.clear();
  const fresh = element(await text(`/board/list?by=${list().dataset.by}`), "#list");
  list().replaceWith(fresh);
  counted();
  const on = wanted || card().dataset.id; // what is looked at now, not when this was asked for
  if (rowOf(on)) { mark(on); if (!typing() && !wanted) await refresh(on); }
  else if (!on && rows().length) await show((rows().find(waits) ?? rows()[0]).dataset.id, { focus: false });
};

const place = (told) => {
  const fresh = element(`<ul>${told.html}</ul>`, "li"), old = rowOf(told.id) ?? rowOf(told.supersedes);
  if (told.supersedes) fresh.dataset.supersedes = told.supersedes;
  if (!old) {
    if (hidden(list())) return false; // it may be one of those that are left out
    const group = [...document.querySelectorAll("#list .group")].find((each) => each.dataset.key === (told[list().dataset.by] ?? ""));
    group?.querySelector("ul").append(fresh);
    return group !== undefined;
  }
  const focused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (focused) fresh.querySelector("a").focus({ preventScroll: true });
  return true;
};

const told = async ({ rows: changed, gone }) => {
  const on = card().dataset.id;
  let placed = true, again = "";
  for (const each of changed) {
    ahead.delete(each.id);
    placed = place(each) && placed;
    if (each.id === on || each.supersedes === on) again = each.id;
    const was = each.was === "waiting" || each.was === "held";
    if (was && each.said && !mine.has(each.id)) say(`${each.title}: ${each.said}.`);
    setTimeout(() => mine.delete(each.id), 3000);
  }
  for (const id of gone) {
    if (!rowOf(id) && hidden(list())) placed = false;
    rowOf(id)?.remove();
  }
  counted();
  mark(wanted || again || on);
  if (!placed) await anew();
  else if (again && !wanted) await refresh(again);
};

const listen = () => {
  const events = new EventSource(`/board/events?mark=${encodeURIComponent(list().dataset.mark)}`);
  events.addEventListener("rows", (event) => { told(JSON.parse(event.data)).catch(() => {}); });
  events.addEventListener("anew", () => { anew().catch(() => {}); });
  addEventListener("pagehide", () => events.close());
};

// briefs on their way

const jobs = async () => {
  if (!Number($("#jobs")?.dataset.running)) return;
  try { $("#jobs").replaceWith(element(await text("/board/jobs"), "#jobs")); } catch { /* asked again in a moment */ }
  setTimeout(jobs, 1000);
};

// keys and clicks

const KEYS = { a: "approve", e: "edit", c: "changes", r: "reject", h: "hold", u: "undo" };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || $("#help").open) return;
  const form = event.target.closest?.("form.typed");
  if (form) {
    if (event.key === "Escape") act("leave");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(form); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
  if (event.key === "?") { event.preventDefault(); return $("#help").showModal(); }
  if (!kept.singleKeys()) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step) { event.preventDefault(); return show(next(wanted || card().dataset.id, step)); }
  if (event.repeat) return; // a key that is held down decides once
  if (event.key === "b" && card().dataset.state === "waiting") return location.assign(`/alike/${card().dataset.id}`);
  if (event.key === "n") return location.assign("/brief");
  if (event.key === "R" || event.key === "H") { event.preventDefault(); return begin(event.key === "R" ? "reject" : "hold"); }
  if (KEYS[event.key]) { event.preventDefault(); act(KEYS[event.key]); }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-act]"), link = event.target.closest?.("#list .row a");
  const back = event.target.closest?.("a.back"), dismissed = event.target.closest?.("button[data-dismiss]");
  if (button) return act(button.dataset.act);
  if (dismissed) return post(`/board/jobs/${dismissed.dataset.dismiss}/dismiss`, {}).then(() => dismissed.closest("li").remove(), () => say(SILENT));
  if (event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
  if (back) { event.preventDefault(); main.dataset.shows = "list"; history.pushState(null, "", `/?by=${list().dataset.by}`); return focusOn(card().dataset.id); }
  if (link) { event.preventDefault(); return show(link.closest(".row").dataset.id, { push: narrow() || main.dataset.shows === "list" }); }
  return undefined;
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("form.typed")) { event.preventDefault(); send(event.target); }
});

addEventListener("popstate", () => {
  const id = new URLSearchParams(location.search).get("p");
  if (id) show(id);
  else main.dataset.shows = "list";
});

$("#single").checked = kept.singleKeys();
$("#single").addEventListener("change", (event) => kept.keepSingleKeys(event.target.checked));

if (card().dataset.id) {
  const { id, root } = card().dataset, seen = kept.seenOf(id, root);
  mark(id);
  if (seen && seen !== id) refresh(id);
  else { kept.saw(root, id); reopen(card()); }
  rowOf(id)?.scrollIntoView({ block: "nearest" });
  const after = next(id, 1, waits);
  if (after) fetched(after).catch(() => {});
}
listen();
jobs();
document.documentElement.dataset.ready = "1";
