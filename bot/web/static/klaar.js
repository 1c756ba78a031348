// Signing in from a frame is done; the window closes itself where the browser lets it.
"use strict";

window.close();
