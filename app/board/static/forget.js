// A person's word that a work is to be forgotten; what goes was named on the page before.
"use strict";
import { SILENT, post } from "./asking.js";

const find = (id) => document.getElementById(id), box = find("answer"), id = find("main").dataset.id;

find("all")?.addEventListener("change", (event) => {
  location.replace(`/works/${encodeURIComponent(id)}/forget${event.target.checked ? "?all=true" : ""}`);
});
find("forget").addEventListener("click", async (event) => {
  event.target.disabled = true;
  let answer;
  try {
    answer = await post("/works/forget", { id, also_decided: find("all")?.checked ?? false });
  } catch {
    answer = { done: false, said: SILENT };
  }
  box.textContent = answer.said;
  box.dataset.colour = answer.done ? "green" : "red";
  box.hidden = false;
  event.target.disabled = false;
  find("foreseen").hidden = answer.done;
  find("after").hidden = !answer.done;
});
