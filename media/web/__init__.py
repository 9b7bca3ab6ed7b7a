"""One public page by its address: fetched with care, asked for as robots.txt allows, and read as an article."""
