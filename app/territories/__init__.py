"""The Kingdom's territories: 12 regions, 75 provinces and prefectures, 1,503 communes."""
