"""XLSForm, the spreadsheets of KoboToolbox and ODK: in, out, and in again unchanged."""
