// The conversation: Web Chat on our own Direct Line, in the colours of Moi. How cards look is in kaarten.js.
"use strict";

(() => {
  const root = document.getElementById("chat");
  const progress = document.getElementById("progress");
  const always = document.getElementById("always");
  const { token, me, nonce, over, tap, name } = root.dataset;
  const line = `${location.origin}/directline`;
  const ONLINE = 2;
  const EXPIRED = 3;
  const FAILED = 4;

  // Which conversation this tab shows, until the tab closes, so that a reload shows it again.
  const kept = {
    read() {
      try {
        const found = JSON.parse(sessionStorage.getItem("moi") ?? "{}");
        return found.me === me ? found.conversation : undefined;
      } catch {
        return undefined;
      }
    },
    write(conversation) {
      try {
        sessionStorage.setItem("moi", JSON.stringify({ me, conversation }));
      } catch {
        // Without storage a reload begins a new conversation; the talk itself goes on.
      }
    },
  };

  function trouble(words) {
    document.getElementById("trouble-words").textContent = words;
    document.getElementById("trouble").hidden = !words;
  }

  async function stillThere(conversation) {
    if (!conversation) return undefined;
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${line}/conversations/${conversation}`, { headers });
    return answer.ok ? conversation : undefined;
  }

  // A tap is shown as what the person said, as it would be when typed.
  const cardActions = ({ dispatch }) => (next) => (action) => {
    const { type, title, value } = action.cardAction;
    if (type !== "postBack") return next(action);
    const activity = { type: "message", text: title, textFormat: "plain", value };
    dispatch({ type: "DIRECT_LINE/POST_ACTIVITY", meta: { method: "keyboard" }, payload: { activity } });
  };

  // When something was said matters less than what; that a message did not get through is always shown.
  const states = () => (next) => (about) => about.sendState === "sent" ? false : next(about);

  // Whoever comes from an inspiration package, or from an answer to change, has said so with that. Once: a reload finds
  // the address without it.
  let first = over ? { do: "about", package: over } : tap && JSON.parse(tap);

  function sayFirst(dispatch) {
    if (!first) return;
    const value = first;
    first = undefined;
    history.replaceState(null, "", location.pathname);
    const activity = { type: "message", text: name, textFormat: "plain", value };
    dispatch({ type: "DIRECT_LINE/POST_ACTIVITY", meta: { method: "keyboard" }, payload: { activity } });
  }

  const listening = ({ dispatch }) => (next) => (action) => {
    if (action.type === "DIRECT_LINE/CONNECT_FULFILLED") setTimeout(() => sayFirst(dispatch));
    if (action.type === "DIRECT_LINE/INCOMING_ACTIVITY") {
      const { from, type, channelData } = action.payload.activity;
      if (type === "message" && from.role === "bot") progress.textContent = channelData?.moi?.remaining ?? "";
    }
    return next(action);
  };

  // Web Chat says "u" and "bot".
  const words = {
    ACTIVITY_BOT_SAID_ALT: "Moi zei:",
    ACTIVITY_BOT_ATTACHED_ALT: "Moi:",
    ACTIVITY_YOU_SAID_ALT: "Jij zei:",
    ACTIVITY_INTERACTIVE_FOOTNOTE_ALT: "Druk op Enter om te kiezen.",
    ACTIVITY_INTERACTIVE_REASON_INTERACTIVE_CONTENT_ALT: "Hier staan knoppen of velden.",
    ACTIVITY_NUM_ATTACHMENTS_ONE_ALT: "Een kaart.",
    ACTIVITY_STATUS_SEND_FAILED_RETRY: "Niet verzonden. [Probeer opnieuw][RETRY].",
    TEXT_INPUT_ALT: "Je antwoord aan Moi",
    TEXT_INPUT_PLACEHOLDER: "Typ je antwoord, zonder namen van mensen",
    TRANSCRIPT_ARIA_LABEL_ALT: "Het gesprek. Ga met de pijltjes van bericht naar bericht, en met Enter een bericht in.",
    TRANSCRIPT_LIVE_REGION_INTERACTIVE_LABEL_ALT:
      "Je kunt kiezen met knoppen of je antwoord typen. De knoppen bereik je met Shift en Tab, en dan Enter.",
    TYPING_INDICATOR_ALT: "Moi is bezig",
    TYPING_INDICATOR_SINGLE_TEXT: "Moi is bezig.",
  };

  const fonts = "var(--fonts)";
  const look = {
    primaryFont: fonts,
    fontSizeSmall: "0.875rem",
    accent: "var(--accent)",
    subtle: "var(--quiet)",
    backgroundColor: "transparent",
    rootHeight: "100%",
    rootWidth: "100%",
    paddingRegular: 12,
    paddingWide: 16,
    transcriptActivityVisualKeyboardIndicatorColor: "var(--edge)",
    transcriptVisualKeyboardIndicatorColor: "var(--focus)",
    bubbleBackground: "var(--sunken)",
    bubbleTextColor: "var(--ink)",
    bubbleBorderColor: "var(--line)",
    bubbleBorderWidth: 1,
    bubbleBorderRadius: 12,
    bubbleMaxWidth: 660,
    bubbleAttachmentMaxWidth: 660,
    bubbleAttachmentMinWidth: 200,
    bubbleMinWidth: 0,
    bubbleFromUserBackground: "var(--mine)",
    bubbleFromUserTextColor: "var(--mine-ink)",
    bubbleFromUserBorderColor: "transparent",
    bubbleFromUserBorderWidth: 1,
    bubbleFromUserBorderRadius: 12,
    hideUploadButton: true,
    disableFileUpload: true,
    sendBoxBackground: "var(--surface)",
    sendBoxTextColor: "var(--ink)",
    sendBoxPlaceholderColor: "var(--quiet)",
    sendBoxButtonColor: "var(--accent)",
    sendBoxButtonColorOnHover: "var(--accent-strong)",
    sendBoxButtonShadeColorOnHover: "var(--accent-soft)",
    sendBoxButtonColorOnFocus: "var(--accent-strong)",
    sendBoxButtonColorOnActive: "var(--accent-strong)",
    sendBoxBorderTop: "1px solid var(--line)",
    sendBoxHeight: 56,
    sendBoxMaxHeight: 160,
    sendBoxTextWrap: true,
    // Of a card that is longer than the screen the beginning is shown, not the end.
    autoScrollSnapOnPage: true,
    autoScrollSnapOnPageOffset: -48,
    scrollToEndButtonBehavior: "unread",
    scrollToEndButtonFontSize: "0.875rem",
    typingAnimationDuration: 5000,
    connectivityTextSize: "0.875rem",
  };

  async function begin() {
    const directLine = WebChat.createDirectLine({
      domain: line,
      token,
      // Whoever comes with something to say wants to see the answer, and not the beginning of what was said before.
      conversationId: first ? undefined : await stillThere(kept.read()),
      webSocket: true,
    });
    directLine.connectionStatus$.subscribe((status) => {
      if (status === ONLINE) {
        kept.write(directLine.conversationId);
        trouble("");
      } else if (status === EXPIRED || status === FAILED) {
        trouble("De verbinding is weg. Wat je al antwoordde, is bewaard.");
      }
    });
    const store = WebChat.createStore({}, listening);
    document.getElementById("coming").remove();
    WebChat.renderWebChat(
      {
        directLine,
        store,
        nonce,
        userID: me,
        locale: "nl-NL",
        styleOptions: look,
        adaptiveCardsHostConfig: moiCards(fonts),
        activityStatusMiddleware: states,
        cardActionMiddleware: () => (next) => (action) => cardActions(store)(next)(action),
        overrideLocalizedStrings: words,
      },
      root,
    );
    always.hidden = false;
    always.addEventListener("click", ({ target }) => {
      const text = target.dataset.say;
      if (text) store.dispatch({ type: "WEB_CHAT/SEND_MESSAGE", payload: { method: "keyboard", text } });
    });
  }

  document.getElementById("again").addEventListener("click", () => location.reload());
  document.querySelector(".skip").addEventListener("click", (event) => {
    const box = root.querySelector(".webchat__send-box textarea, .webchat__send-box input");
    if (!box) return;
    event.preventDefault();
    box.focus();
  });
  begin().catch(() => trouble("Ik kan Moi niet bereiken. Kijk of je verbinding hebt en probeer het opnieuw."));
})();
