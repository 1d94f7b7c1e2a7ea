"""The commands, by what they do to a database: parse, call, print. No decision about a database is made here."""
