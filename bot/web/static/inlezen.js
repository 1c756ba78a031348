// A long file is being read: what the page says about it stays up to date, without a jump.
"use strict";

(() => {
  const EVERY = 1000; // milliseconds

  async function refresh() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const far = page.getElementById("inlezen");
    if (!far) {
      location.replace(answer.url);
      return;
    }
    document.getElementById("inlezen").textContent = far.textContent;
    const bar = document.querySelector("progress");
    const now = page.querySelector("progress");
    for (const name of ["max", "value"]) {
      if (now.hasAttribute(name)) bar.setAttribute(name, now.getAttribute(name));
    }
    setTimeout(look, EVERY);
  }

  function look() {
    // Without a network it is tried again; the file is read on meanwhile.
    refresh().catch(() => setTimeout(look, EVERY));
  }

  setTimeout(look, EVERY);
})();
