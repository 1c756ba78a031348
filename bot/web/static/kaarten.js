// How the library for cards draws a card on our own pages.
"use strict";

function moiCards(fonts) {
  const colour = (main) => ({ default: main, subtle: "var(--quiet)" });
  const colours = {
    default: colour("var(--ink)"),
    dark: colour("var(--ink)"),
    light: colour("var(--surface)"),
    accent: colour("var(--accent)"),
    good: colour("var(--accent)"),
    warning: colour("var(--warn)"),
    attention: colour("var(--alarm)"),
  };
  return {
    supportsInteractivity: true,
    textBlock: { headingLevel: 2 },
    fontFamily: fonts,
    fontSizes: { small: 14, default: 16, medium: 18, large: 20, extraLarge: 24 },
    fontWeights: { lighter: 400, default: 400, bolder: 700 },
    lineHeights: { small: 20, default: 24, medium: 25, large: 28, extraLarge: 30 },
    spacing: { small: 6, default: 12, medium: 16, large: 20, extraLarge: 28, padding: 16 },
    separator: { lineThickness: 1, lineColor: "var(--line)" },
    containerStyles: {
      default: { backgroundColor: "transparent", foregroundColors: colours },
      emphasis: { backgroundColor: "var(--surface)", foregroundColors: colours },
    },
    actions: {
      maxActions: 6,
      spacing: "default",
      buttonSpacing: 8,
      actionsOrientation: "horizontal",
      actionAlignment: "left",
      showCard: { actionMode: "inline", inlineTopMargin: 8 },
    },
    inputs: {
      label: {
        inputSpacing: "small",
        requiredInputs: { color: "default", size: "default", suffix: " *", suffixColor: "attention", weight: "bolder" },
        optionalInputs: { color: "default", size: "default", weight: "bolder" },
      },
      errorMessage: { color: "attention", size: "small", weight: "bolder", spacing: "small" },
    },
  };
}
