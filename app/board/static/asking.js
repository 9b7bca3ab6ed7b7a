// Asking the server, and putting what it renders in its place. No page of ours writes HTML of its own.
"use strict";

export const SILENT = "Greenroom does not answer. Nothing was changed; what you typed is kept here.";

export const post = async (where, what) => {
  const answer = await fetch(where, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what) });
  const found = await answer.json().catch(() => ({}));
  if (answer.ok) return found;
  return { ...found, done: false, said: typeof found.said === "string" ? found.said : "That was not understood. Nothing was changed." };
};

export const text = async (where) => {
  const answer = await fetch(where);
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).said ?? "");
  return answer.text();
};

// scripts in a text that is parsed like this never run
export const element = (html, which) => document.adoptNode(new DOMParser().parseFromString(html, "text/html").querySelector(which));
