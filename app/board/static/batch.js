// Look-alikes: each is looked at once, those that were taken are approved one by one, by the hash that was shown.
"use strict";
import { SILENT, post } from "./asking.js";

const cards = [...document.querySelectorAll(".alike > li")], button = document.getElementById("all");
const box = (card) => card.querySelector("input");
const taken = () => cards.filter((card) => box(card).checked && !card.dataset.done);
const said = (words) => { document.getElementById("said").textContent = words; };
const counted = () => {
  document.getElementById("taken").textContent = String(taken().length);
  button.disabled = !taken().length;
};
const here = () => document.activeElement?.closest?.(".alike > li") ?? null;
const go = (card) => { card?.focus({ preventScroll: true }); card?.scrollIntoView({ block: "start" }); };

const approve = async () => {
  const chosen = taken();
  button.disabled = true;
  let done = 0;
  for (const card of chosen) {
    let answer;
    try {
      answer = await post("/board/decide", { id: card.dataset.id, sha: card.dataset.sha, verb: "approve" });
    } catch {
      said(`${done} approved. ${SILENT}`);
      break;
    }
    card.querySelector(".answer").textContent = answer.said;
    if (answer.done) { card.dataset.done = "1"; box(card).disabled = true; done += 1; }
    else box(card).checked = false;
    said(`${done} of ${chosen.length} approved.`);
  }
  counted();
};

document.addEventListener("change", counted);
button.addEventListener("click", approve);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = cards.indexOf(here());
  if (event.key === "j") go(cards[Math.min(at + 1, cards.length - 1)]);
  else if (event.key === "k") go(cards[Math.max(at - 1, 0)]);
  else if (event.key === " " && at >= 0 && !event.repeat && !event.target.closest("button, a, summary")) {
    event.preventDefault();
    if (!cards[at].dataset.done) box(cards[at]).checked = !box(cards[at]).checked;
    counted();
    if (box(cards[at]).checked) go(cards[at + 1] ?? cards[at]);
  } else if (event.key === "Enter" && !event.repeat && !event.target.closest("button, a")) { event.preventDefault(); if (taken().length) approve(); }
  else if (event.key === "Escape") location.assign(document.querySelector(".verbs a").href);
});
counted();
cards[0]?.focus({ preventScroll: true });
