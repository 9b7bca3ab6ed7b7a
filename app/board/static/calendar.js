// Moving a post to another time: by dragging it to a day, or by its button. The server says what that costs.
"use strict";
import { SILENT, element, post, text } from "./asking.js";

const box = document.getElementById("said"), dialog = document.getElementById("move");
let dragged = null;

const move = async (it, wall) => {
  let answer;
  try {
    answer = await post("/calendar/move", { id: it.dataset.id, sha: it.dataset.sha, wall });
    document.querySelector(".days").replaceWith(element(await text(location.href), ".days"));
    if (answer.id) document.querySelector(`.post-it[data-id="${CSS.escape(answer.id)}"] a`)?.focus();
  } catch {
    answer = { said: SILENT };
  }
  box.textContent = answer.said;
};

const ask = (it, wall) => {
  const approved = it.dataset.approved === "1";
  document.getElementById("movewhat").textContent = `${it.dataset.title}. ${approved ? "Its approval is void when it moves: it waits for you again." : "It waits for you at its new time."}`;
  document.getElementById("wall").value = wall;
  dialog.onclose = () => { if (dialog.returnValue === "move") move(it, document.getElementById("wall").value); };
  dialog.returnValue = "";
  dialog.showModal();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-move]");
  if (button) ask(button.closest(".post-it"), button.closest(".post-it").dataset.wall);
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".post-it[draggable]") ?? null;
  if (dragged) event.dataTransfer.setData("text/plain", dragged.dataset.title);
});
document.addEventListener("dragover", (event) => {
  const day = event.target.closest?.(".day");
  for (const each of document.querySelectorAll(".day")) each.toggleAttribute("data-over", dragged !== null && each === day);
  if (dragged && day) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const day = event.target.closest?.(".day");
  for (const each of document.querySelectorAll(".day")) each.removeAttribute("data-over");
  if (!dragged || !day) return;
  event.preventDefault();
  const wall = `${day.dataset.day}T${dragged.dataset.wall.slice(11)}`;
  if (wall !== dragged.dataset.wall) {
    if (dragged.dataset.approved === "1") ask(dragged, wall); // an approval is not lost by a slip of the hand
    else move(dragged, wall);
  }
  dragged = null;
});
