"""People in tables of any layout: which column says what, what is wrong in which cell, and the table back with that marked."""
