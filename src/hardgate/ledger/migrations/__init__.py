"""The ledger's tables, one numbered .sql file a step; a step that has been released is never edited."""
