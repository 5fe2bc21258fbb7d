"""Tables that people have: workbooks and texts of any program, read in a process of its own, and handed back with what to change."""
