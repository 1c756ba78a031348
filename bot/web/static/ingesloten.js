// In a frame of the intranet: signing in opens a window, and the frame goes on once it may know about that.
"use strict";

(() => {
  const button = document.getElementById("sign-in");
  if (!button) return;
  const waiting = document.getElementById("waiting");
  const EVERY = 1500;
  const AT_MOST = 10 * 60 * 1000; // As long as the provider may take.
  let looking;

  async function known() {
    const answer = await fetch("/ingesloten/sessie", { headers: { Accept: "application/json" } });
    return answer.ok && (await answer.json()).aangemeld;
  }

  function show(...ids) {
    for (const id of ids) document.getElementById(id).hidden = false;
  }

  function look(until) {
    clearTimeout(looking);
    looking = setTimeout(async () => {
      try {
        if (await known()) return location.reload();
      } catch {
        // Not reachable for a moment; the next look may be.
      }
      // Back at the page and still nothing known: this browser keeps the two apart. (Whether the window is closed
      // cannot be asked: sign-in pages cut themselves loose from whoever opened them.)
      if (document.hasFocus()) stuck();
      if (Date.now() < until) look(until);
    }, EVERY);
  }

  function stuck() {
    show("own");
    if (document.requestStorageAccess) show("ask");
  }

  button.addEventListener("click", () => {
    window.open("/aanmelden?terug=/ingesloten/klaar", "moi-aanmelden", "popup,width=520,height=680");
    waiting.textContent = "Meld je aan in het andere venster. Daarna gaat het hier vanzelf verder.";
    look(Date.now() + AT_MOST);
  });

  document.getElementById("allow").addEventListener("click", async () => {
    try {
      await document.requestStorageAccess();
      if (await known()) return location.reload();
    } catch {
      // Refused, by the browser or by the person.
    }
    waiting.textContent = "Deze browser laat dat hier niet toe. Open Moi in een eigen venster.";
  });
})();
