"""Cases on their way out of the file and into it: the export, its schema, and the merge of another's export."""
