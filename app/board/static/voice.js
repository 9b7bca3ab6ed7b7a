// A person's word on what their edits taught.
"use strict";
import { SILENT, element, post, text } from "./asking.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-word]"), box = document.getElementById("said");
  if (!button) return;
  let answer;
  try {
    answer = await post("/voice/say", { id: button.closest("li").dataset.id, word: button.dataset.word });
    if (answer.done) document.querySelector(".rules").replaceWith(element(await text("/voice"), ".rules"));
  } catch {
    answer = { said: SILENT };
  }
  box.textContent = answer.said;
});
