"""How people and classes that launches made meet the records of a roster, by proof or by a person's word."""
