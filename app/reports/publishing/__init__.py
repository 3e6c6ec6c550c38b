"""What is published beside a report: open data, claims to check, feeds, letters to subscribers.

The open data of a version are frozen when it is published and kept as a file of it. They hold all
that :mod:`app.reports.claims` asks: whoever has a copy can prove every sentence again.

``tables``      what each CSV file holds, described in :mod:`dictionary <app.reports.publishing>`
``freezing``    from the tables of the database to files, in the transaction of the publication
``reading``     from files to the dataset again, for strangers' files too
``verifying``   everything in a copy proved again, without a database
``served``      the files as they may be shown now: words withdrawn since are gone
"""
