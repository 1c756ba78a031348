"""The small words around a number that tell money from pieces, years and measures."""

from __future__ import annotations

# fmt: off
EURO = frozenset({"€", "eur", "euro", "euro's", "euros", "eurootjes", "euri", ",-", "keuro"})
AT_MOST = frozenset({"max", "maximaal", "maximum", "hooguit", "hoogstens", "onder", "minder", "hoogste", "<", "≤", "tot"})
AT_LEAST = frozenset({"min", "minimaal", "minimum", "minstens", "tenminste", "minste", "vanaf", "meer", "boven", "over", ">", "≥"})
ABOUT = frozenset({
    "zo'n", "ongeveer", "circa", "ca", "rond", "omstreeks", "om", "nabij", "bijna", "ruim", "naar", "schatting", "geschat", "ergens", "tussen", "totaal",
    "plusminus", "±", "~", "pakweg", "grofweg", "grosso", "modo", "zowat", "en", "iets", "dik", "krap", "slechts", "de", "het", "een", "van", "is", "wordt", "op",
})
COST = frozenset({
    "budget", "kosten", "kost", "gekost", "kostte", "begroot", "begroting", "begrote", "raming", "raam", "geraamd", "bedrag", "prijs", "waarde", "aanneemsom",
    "contractwaarde", "opdrachtwaarde", "uitgeven", "besteden", "beschikbaar", "krediet", "plafond", "totaalbedrag", "totaal", "betaal", "betalen", "schat",
    "schatting", "offerte", "opdrachtsom", "voor", "à",
})
JOINS = frozenset({"-", "–", "/", "tot", "à", "a", "of"})
FILLERS = frozenset({"de", "zo'n", "ongeveer", "circa", "ca", "max", "maximaal", "maximum", "wel", "misschien", "hooguit", "€", "eur"})
# After these an amount is over; any other word right behind a plain number makes it a number of that thing.
CLOSING = frozenset({
    "excl", "exclusief", "ex", "incl", "inclusief", "btw", "per", "voor", "of", "ongeveer", "en", "tot", "in", "totaal", "max", "maximaal", "min", "minimaal",
    "denk", "dacht", "schat", "ik", "geloof", "we", "wij", "het", "dat", "is", "ligt", "zou", "zal", "kan", "moet", "mag", "aan", "bij", "met", "over",
    "gedurende", "a", "à", "x", "keer", "p", "pp", "pj", "pm", "jaarlijks", "maandelijks", "alles", "samen", "bruto", "netto", "zijn", "wordt", "als", "want",
    "maar", "dus", "echt", "toch", "nog", "niet", "wel", "ofzo", "zo'n", "circa", "plus", "minus", "op", "om", "uit", "te", "van", "door", "budget",
    "beschikbaar", "begroot", "geraamd", "kosten", "kost", "krediet", "gereserveerd", "nodig", "vaag", "-", "–", "/", "+", "*", "×", "meer", "minder",
    "hooguit", "hoogstens", "minstens", "eenmalig", "structureel", "zoiets", "ja", "klopt", "graag",
})
SCREENS = frozenset({"scherm", "schermen", "monitor", "monitoren", "tv", "tv's", "beamer", "camera", "video", "beeldscherm", "display", "resolutie", "uhd"})
MEASURES = frozenset({
    "inch", "gram", "kg", "kilo", "m", "m1", "m2", "m3", "meter", "mtr", "cm", "mm", "km", "kilometer", "liter", "ltr", "l", "ml", "kw", "kwh", "mw", "mwh",
    "kwp", "watt", "w", "volt", "v", "gb", "tb", "mb", "gbit", "mbit", "ghz", "uur", "uren", "u", "dag", "dagen", "week", "weken", "maand", "maanden",
    "mnd", "mnden", "kwartaal", "kwartalen", "jaar", "jaren", "jr", "jarig", "jarige", "jarigen", "plusser", "plussers", "hectare", "ha", "are", "graden", "minuten", "min", "sec", "seconden", "ton", "tonnen", "%", "procent",
    "uurs", "daags", "persoons", "e", "de", "ste", "er",
})
TAXED = frozenset({"excl", "exclusief", "incl", "inclusief", "ex"})
# What is bought or taken away by the ton; a longer word that ends like this is one of them too: strooizout, betonpuin.
WEIGHED = (
    "zout", "zand", "grond", "grind", "split", "asfalt", "beton", "puin", "granulaat", "stenen", "klei", "slib", "bagger", "baggerspecie", "afval", "gft",
    "compost", "mest", "veegvuil", "maaisel", "snippers", "pellets", "hout", "papier", "karton", "glas", "plastic", "schroot", "staal", "ijzer", "voer",
)
TIMES = frozenset({"x", "×", "*", "keer", "maal", "stuks", "st"})
# fmt: on

MONTHS = {
    "week": 12 / 52,
    "weken": 12 / 52,
    "maand": 1.0,
    "maanden": 1.0,
    "mnd": 1.0,
    "mnden": 1.0,
    "kwartaal": 3.0,
    "kwartalen": 3.0,
    "jaar": 12.0,
    "jaren": 12.0,
    "jr": 12.0,
}
EVERY = {"jaarlijks": "jaar", "pj": "jaar", "maandelijks": "maand", "pm": "maand", "wekelijks": "week"}
WORKED = frozenset({"uur", "uren", "dag", "dagen", "dagdeel", "dagdelen"})
