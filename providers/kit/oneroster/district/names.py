"""What people and subjects are called in made-up districts, quoted as CSV wants it where it must be."""

from __future__ import annotations

from typing import Final

GIVEN: Final = (
    "Ada", "Amina", "Anne-Marie", "Aoife", "Ben", "Chidi", "Chloé", "Dmitri", "D'Andre", "Elif", "Emil", "Fatou",
    "Finn", "Grace", "Hana", "Ivan", "Jamal", "Joao", "João", "José", "Kai", "Lena", "Liam", "Łukasz", "Maeve",
    "Mai Linh", "Mia", "Mohammed", "محمد", "Nia", "Noah", "Ólafur", "Olga", "Priya", "Quinn", "Rosa", "Samir",
    "Sean", "Siobhán", "Søren", "Tala", "Uma", "Vito", "Wei", "李", "Xenia", "Yusuf", "Zoë", "Øyvind",
    '"Robert ""Bud"""',
)  # fmt: skip
FAMILY: Final = (
    "Adeyemi", "Andersson", "Begum", "Brown", "Castillo", "Chen", "D'Angelo", "De la Cruz", "Díaz", "Eriksen",
    "Fischer", "García Márquez", "Goldberg", "Haddad", "Hernandez", "Ivanova", "Jones", "Kowalczyk", "Kim", "Li",
    "Lopez", "MacDonald", "McKay", "Müller", "Nakamura", "Nguyễn", "O'Brien", "Okafor", "Olsen", "Patel", "Petrov",
    "Quist", "Rossi", "Ruiz", "Schmidt", "Silva", "Singh", "Smith", "Tanaka", "Taylor", "Thompson-Reyes", "Ümit",
    "van den Berg", "Vu", "Wang", "Washington", "Williams", "Yılmaz", "Zhang", '"Young, Jr."',
)  # fmt: skip
SUBJECTS: Final = (
    ("Mathematics", "MAT"),
    ("English Language Arts", "ELA"),
    ("Science", "SCI"),
    ("History & Geography", "HIS"),
    ("Español", "SPA"),
    ("Art & Design", "ART"),
    ("Music", "MUS"),
    ("+Robotics", "ROB"),  # a spreadsheet would take this for a formula
)
PLACES: Final = ("North", "South", "East", "West", "Hill", "River", "Lake", "Oak", "Maple", "Saint-André")
PRONOUNS: Final = ("", "", "", "she/her", "he/him", "they/them")
