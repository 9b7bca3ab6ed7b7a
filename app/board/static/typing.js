// The one form of a card: an edit, a wish, a reason. What is typed is kept with every letter, so a reload loses none.
"use strict";
import * as kept from "./kept.js";

const FORMS = {
  edit: { label: "Your version", go: "Save as a new version", rows: 12 },
  changes: { label: "What should change?", go: "Ask for it", rows: 3 },
  reject: { label: "Why is it rejected? The reason is kept with the decision.", go: "Reject", rows: 3 },
  hold: { label: "What does it wait for?", go: "Hold", rows: 3 },
};

const formOf = (card) => card.querySelector("form.typed");
export const typing = () => Boolean(document.activeElement?.closest?.("form.typed"));

const lay = (card, verb, words, sha, at) => {
  const form = formOf(card), box = form.querySelector("textarea"), { label, go, rows } = FORMS[verb];
  form.dataset.verb = verb;
  form.querySelector("label").textContent = label;
  form.querySelector("button.go").textContent = `${go} (Ctrl Enter)`;
  form.querySelector(".earlier").hidden = sha === card.dataset.sha;
  box.rows = rows;
  box.value = words;
  box.dir = verb === "edit" ? card.dataset.dir : "auto";
  box.lang = verb === "edit" ? card.dataset.locale : "";
  form.hidden = false;
  card.querySelector(".shown").hidden = verb === "edit"; // an edit takes the place of what it changes
  for (const other of card.querySelectorAll(".verbs [data-act]")) other.hidden = true;
  box.oninput = () => kept.keepTyped(card.dataset.root, verb, { words: box.value, sha, open: true });
  box.focus();
  box.setSelectionRange(at ?? words.length, at ?? words.length);
  form.scrollIntoView({ block: "nearest" });
};

export const open = (card, verb) => {
  const before = kept.typed(card.dataset.root)[verb];
  if (before) {
    kept.keepTyped(card.dataset.root, verb, { ...before, open: true });
    return lay(card, verb, before.words, before.sha);
  }
  // it came with the card: were it fetched now, the first letters that somebody types would be taken for keys
  const words = verb === "edit" ? card.querySelector("#document").value : "";
  return lay(card, verb, words, card.dataset.sha, verb === "edit" ? 0 : undefined);
};

// a card that was put on the page anew: go on where its form was left open
export const reopen = (card) => {
  if (card.dataset.open !== "1") return;
  const [verb, what] = Object.entries(kept.typed(card.dataset.root)).find(([, each]) => each.open) ?? [];
  if (verb && FORMS[verb]) lay(card, verb, what.words, what.sha);
};

export const leave = (root) => {
  for (const [verb, what] of Object.entries(kept.typed(root))) kept.keepTyped(root, verb, { ...what, open: false });
  const card = document.getElementById("card");
  if (card.dataset.root !== root || !formOf(card)) return;
  formOf(card).hidden = true;
  card.querySelector(".shown").hidden = false;
  for (const other of card.querySelectorAll(".verbs [data-act]")) other.hidden = false;
};
