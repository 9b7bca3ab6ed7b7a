// The form for a brief. What is typed is kept in this browser until the brief is on its way.
"use strict";
import { SILENT, post } from "./asking.js";

const form = document.getElementById("brief"), KEY = "greenroom:brief";
const said = (words) => { const box = document.getElementById("said"); box.textContent = words; box.hidden = !words; };
const value = (name) => form.elements[name].value;
const kept = (() => { try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; } })();
for (const name of ["ask", "material"]) if (kept[name] && !value(name)) form.elements[name].value = kept[name];

form.addEventListener("input", () => {
  try { localStorage.setItem(KEY, JSON.stringify({ ask: value("ask"), material: value("material") })); } catch { /* full: it stays on the page */ }
});

document.getElementById("file").addEventListener("change", async (event) => {
  const file = event.target.files[0];
  if (!file) return;
  if (file.size > 400_000) return said(`${file.name} is larger than 400 kB. Import it (greenroom import), and start from the work.`);
  const words = await file.text();
  if (words.includes("\0") || words.includes("\uFFFD")) return said(`${file.name} is not plain text in UTF-8; nothing of it was taken.`);
  form.elements.material.value = words;
  said("");
});

const start = async () => {
  const asked = {
    ask: value("ask"), material: value("material"), source: value("source"), locales: value("locales"),
    variants: Number(value("variants")) || 1, angles: form.elements.angles.checked, private: form.elements.private.checked,
    channels: [...form.querySelectorAll('[name="channels"]:checked')].map((each) => each.value),
  };
  let answer;
  try { answer = await post("/board/brief", asked); } catch { return said(SILENT); }
  if (!answer.id) return said(answer.said);
  try { localStorage.removeItem(KEY); } catch { /* nothing was kept, then */ }
  return location.assign("/");
};

form.addEventListener("submit", (event) => { event.preventDefault(); start(); });
form.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); start(); } });
