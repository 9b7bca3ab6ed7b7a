// What this browser keeps for a person: half-typed words, which version they saw last, what they can take back.
"use strict";

const read = (store, key, otherwise) => {
  try { return JSON.parse(store.getItem(key)) ?? otherwise; } catch { return otherwise; }
};
const write = (store, key, value) => {
  try { store.setItem(key, JSON.stringify(value)); } catch { /* a full or closed store: the page works without it */ }
};
const MOST = 400;
const fewer = (map) => Object.fromEntries(Object.entries(map).slice(-MOST));

export const typed = (root) => read(localStorage, `greenroom:typed:${root}`, {});
export const keepTyped = (root, verb, what) => write(localStorage, `greenroom:typed:${root}`, { ...typed(root), [verb]: what });
export const dropTyped = (root, verb) => {
  const { [verb]: _gone, ...rest } = typed(root);
  if (Object.keys(rest).length) write(localStorage, `greenroom:typed:${root}`, rest);
  else try { localStorage.removeItem(`greenroom:typed:${root}`); } catch { /* as above */ }
};

// proposal id -> its first version's id, and that -> the version seen last
export const saw = (root, id) => {
  write(localStorage, "greenroom:roots", fewer({ ...read(localStorage, "greenroom:roots", {}), [id]: root }));
  const { [root]: _old, ...others } = read(localStorage, "greenroom:seen", {});
  write(localStorage, "greenroom:seen", fewer({ ...others, [root]: id }));
};
export const seenOf = (...ids) => {
  const roots = read(localStorage, "greenroom:roots", {}), seen = read(localStorage, "greenroom:seen", {});
  return ids.map((id) => seen[roots[id]]).find(Boolean) ?? "";
};

export const done = () => read(sessionStorage, "greenroom:done", []);
export const keepDone = (list) => write(sessionStorage, "greenroom:done", list.slice(-100));

export const singleKeys = () => read(localStorage, "greenroom:keys", true);
export const keepSingleKeys = (on) => write(localStorage, "greenroom:keys", on);
