"""Where models and data sets come from, and what has to be said of a person's own files."""

TEXTS = {
    # ---- models: what they are called, and what they learned from
    "run": "a run on {dataset}, step {step:,}",
    "bent": "{model}, {count:,} of its numbers changed",
    "bent_name": "{model} (bent)",
    "test_part": "The data set {dataset}; scored with its test part.",
    "drawn_digits": "Pen strokes and bent glyphs of fonts, drawn by a program. Scored with 2,500 real digits of MNIST's.",
    "digits": "Digits",
    "shapes-colour": "Shapes in colour",
    "orientations": "Edges by angle",
    "clothes": "Clothes",
    # ---- data sets
    "a_file": "a file",
    "pictures": "Pictures of your own, from {file}.",
    "files": "Files of your own, {images} and {labels}.",
    "on_their_side": "Nearly all pictures are wider than tall. EMNIST's files have their pictures column by column, so that they lie on their side: transposed=True sets them upright.",
    "folders_of_one_class": 'The folders {folders} are one class, "{name}".',
}
