"""Writing a questionnaire: versions, the draft's sections and questions, what is left to mend."""
