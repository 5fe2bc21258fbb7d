"""The test of the access table: every address, every role, every kind of credential."""
