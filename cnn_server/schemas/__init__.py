"""JSON to parameters: the only place that reads a request body.

    reading      the body of a request as JSON or as a file, and faults by the name of their field
    field_types  arrays, pairs and padding, each checked as a whole, with its JSON schema
    traces       the bodies of POST /api/trace/{operation}
    operations   those of each operation, made from the catalogue
    race         a race of optimizers
    maps         the bodies of POST /api/feature-maps, of one pixel of a map, and of a window of a picture

Nothing is accepted and ignored: a key that a call does not have is refused.
"""
