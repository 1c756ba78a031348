// Puts Moi on a page of the intranet, where this script stands:
//   <script src="https://moi.example.nl/insluiten.js" async></script>
// data-vorm="knop" makes it a button in the corner that opens Moi; data-hoogte="640" is the height in pixels.
"use strict";

(() => {
  const script = document.currentScript;
  const { vorm = "vlak", hoogte = "640" } = script.dataset;
  const height = `${Math.min(Math.max(Number.parseInt(hoogte, 10) || 640, 320), 1200)}px`;

  function frame() {
    const made = document.createElement("iframe");
    made.src = new URL("ingesloten", script.src).href;
    made.title = "Moi, de digitale assistent voor inkoop";
    made.allow = "clipboard-write; storage-access";
    made.referrerPolicy = "no-referrer";
    Object.assign(made.style, { border: "0", width: "100%", height, colorScheme: "normal" });
    return made;
  }

  if (vorm !== "knop") {
    script.after(frame());
    return;
  }

  const corner = document.createElement("div");
  Object.assign(corner.style, {
    position: "fixed", right: "16px", bottom: "16px", zIndex: "1000", maxWidth: "calc(100vw - 32px)", textAlign: "right",
  });
  const panel = document.createElement("div");
  panel.hidden = true;
  Object.assign(panel.style, {
    width: "420px", maxWidth: "100%", maxHeight: "calc(100vh - 96px)", marginBottom: "8px", overflow: "hidden",
    borderRadius: "8px", boxShadow: "0 8px 32px rgb(0 0 0 / 30%)", background: "#fff",
  });
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  Object.assign(button.style, {
    font: "bold 16px/24px system-ui, sans-serif", padding: "12px 20px", border: "2px solid #fff", borderRadius: "24px",
    background: "#1b5e20", color: "#fff", cursor: "pointer", boxShadow: "0 2px 8px rgb(0 0 0 / 30%)",
  });

  function turn(open) {
    // Loaded only when it is wanted, so that a page of the intranet stays quick.
    if (open && !panel.firstChild) {
      panel.append(frame());
      panel.firstChild.style.maxHeight = "calc(100vh - 96px)";
    }
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Sluit Moi" : "Iets kopen? Praat met Moi";
  }

  turn(false);
  button.addEventListener("click", () => turn(panel.hidden));
  corner.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || panel.hidden) return;
    turn(false);
    button.focus();
  });
  corner.append(panel, button);
  (document.body ?? document.documentElement).append(corner);
})();
