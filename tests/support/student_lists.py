"""Lists of students of any length, and rows with each fault that a row can have."""

from __future__ import annotations

HEAD = "Given name,Family name,Username,Grade,Student number,Password,Class"
_GIVEN = (
    "Ana",
    "Bo",
    "Cy",
    "Dee",
    "Eli",
    "Fay",
    "Gus",
    "Hana",
    "Ivo",
    "Joy",
    "Kai",
    "Lea",
    "Mio",
    "Nia",
    "Otto",
    "Pia",
)

# By fault: a row with `{}` for a number, which has it whenever TWIN rows stand before it.
FAULTY = {
    "row.needed": ",Needed{},needed{},,,,",
    "row.too_wide": "Wide,Row{},wide{},,,,,more",
    "row.unreadable": "B\0d,Read{},read{},,,,",
    "row.text_too_long": "x" * 101 + ",Long{},long{},,,,",
    "row.username_spaces": "Space,Row{},space {},,,,",
    "row.username_short": "Short,Row{},x,,,,",
    "row.username_taken": "Taken,Row{},ann,,,,",
    "row.number_shortened": "Num,Row{},num{},,1.23E+11,,",
    "row.password_short": "Pass,Row{},pass{},,,short,",
    "row.password_weak": "Weak,Row{},weak{},,,aaaaaaaaaa,",
    "row.class_unknown": "Class,Row{},class{},,,,Latin",
    "row.class_ambiguous": "Twin,Row{},twin{},,,,Twins",
    "row.twice_different": "Other,Row{},twin,,,,",
    "row.twice_case": "Twin,Berg,TWIN,,,,",
    "row.number_twice": "Numb,Row{},numb{},,000777,,",
    "row.quotes": '"Open,Row{},open{},,,,',
    "row.too_long": "y" * 140_000 + ",Row{},toolong{},,,,",
}
TWIN = "Twin,Berg,twin,,0777,,"


def good_rows(number: int, class_name: str = "") -> list[str]:
    """Return rows of students who are all different; every third brings a password."""
    return [
        f"{_GIVEN[at % len(_GIVEN)]},Family{at},s{at}@elm.example,{at % 12 + 1},{at:06},"
        f"{'three quiet rivers' if at % 3 == 0 else ''},{class_name}"
        for at in range(number)
    ]


def bad_rows(number: int) -> list[str]:
    """Return so many rows that can't be taken, with every fault among them."""
    kinds = list(FAULTY.values())
    return [kinds[at % len(kinds)].replace("{}", str(at)) for at in range(number)]


def a_list(rows: list[str]) -> bytes:
    """Return a file with these rows."""
    return "\r\n".join([HEAD, TWIN, *rows, ""]).encode()
