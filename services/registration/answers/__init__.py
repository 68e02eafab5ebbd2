"""What was answered and promised in the sessions, and their ledgers, as the qa service told it: kept for the public pages, and the mail to
whoever asked. `store` the documents, `reactions` what happens when it is told. What must not be here: rules of questions, pages."""
